"""The cheapest way of one flow over the lattice: A* over (crossing, direction), the hot part of the layout.

Crossings are numbers, so that one look into a list answers what a lookup of a pair would: a frame of
blocked crossings around the lattice saves every test for its border.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from service.catalog.layout.lattice import Lattice
from service.catalog.layout.ports import STEP, Port

BEND = 45
CROSSING = 150
HORIZONTAL, VERTICAL, CORNER = 1, 2, 4
_BLOCKED = HORIZONTAL | VERTICAL | CORNER
_BENT, _CROSSED = 2 * BEND, 2 * CROSSING
_OWN = (HORIZONTAL, VERTICAL, HORIZONTAL, VERTICAL)
_TURNS = ((1, 3), (2, 0), (3, 1), (0, 2))
_COST = 24
"""How many bits a cost takes in an entry of the queue."""
_FAR = 1 << _COST

Place = tuple[int, int, int]
"""A crossing and the direction of a flow there: (x, y, direction)."""


@dataclass(frozen=True, slots=True)
class FlowPath:
    """A way that was found: its crossings, where it starts and ends, and its cost with that of both ports."""

    points: tuple[tuple[int, int], ...]
    start: Place
    end: Place
    cost: float


class Crossings:
    """What runs through every crossing of a lattice, and what each step over it costs (in half pixels).

    A state is a crossing and a direction in one number; the crossings of the frame follow from one column to the next.
    """

    def __init__(self, lattice: Lattice) -> None:
        xs, ys = ([round(2 * line.nominal) for line in lines] for lines in (lattice.xs, lattice.ys))
        self._column = len(ys) + 2
        self._size = (len(xs) + 2) * self._column
        self._at = [(x, y) for x in (xs[0], *xs, xs[-1]) for y in (ys[0], *ys, ys[-1])]
        self._marks = [_BLOCKED] * self._size
        self._ahead = tuple(4 * step for step in (self._column, 1, -self._column, -1))
        alone = tuple(((ahead, 0),) for ahead in self._ahead)
        bends = [[(to - way + self._ahead[to], _BENT) for to in _TURNS[way]] for way in range(4)]
        self._moves = alone, tuple((*alone[way], *bends[way]) for way in range(4))
        self._enter = [_FAR] * (4 * self._size)
        bits = (8 * self._size).bit_length()
        self._wide, self._states = bits + _COST, (1 << bits) - 1
        self._both = (1 << self._wide) + (1 << bits)
        self._known: dict[tuple[tuple[int, int], ...], list[int]] = {}
        self._rows = (ys[0], *ys, ys[-1])
        self._free(lattice, xs, ys)
        offset = 4 * self._size
        self._beyond = [(y << self._wide) + offset for y in self._rows]
        self._short_of = [(-y << self._wide) + offset for y in self._rows]

    def _free(self, lattice: Lattice, xs: Sequence[int], ys: Sequence[int]) -> None:
        """Open every crossing outside the nodes' cells: a column at once, and then the cells in it closed again."""
        down = [0, *(b - a for a, b in pairwise(ys))]
        up = [*down[1:], 0]
        for x, at in enumerate(xs):
            first, last = self._number(x, 0), self._number(x, len(ys))
            right, left = at - xs[max(x - 1, 0)], xs[min(x + 1, len(xs) - 1)] - at
            for direction, costs in enumerate(([right] * len(ys), down, [left] * len(ys), up)):
                self._enter[4 * first + direction : 4 * last + direction : 4] = costs
            self._marks[first:last] = [0] * len(ys)
            if lattice.xs[x].cell is not None:
                for y in (y for y in range(len(ys)) if not lattice.free(x, y)):
                    crossing = first + y
                    self._marks[crossing] = _BLOCKED
                    self._enter[4 * crossing : 4 * crossing + 4] = [_FAR] * 4

    def _number(self, x: int, y: int) -> int:
        return (x + 1) * self._column + y + 1

    def _set(self, crossing: int, mark: int) -> None:
        """Keep in mind what runs through a crossing, and what entering it from each direction costs now."""
        self._marks[crossing] = mark
        (x, y), crossed = self._at[crossing], _CROSSED if mark else 0
        for direction, own in enumerate(_OWN):
            left, top = self._at[crossing - self._ahead[direction] // 4]
            cost = _FAR if mark & (own | CORNER) else abs(x - left) + abs(y - top) + crossed
            self._enter[crossing << 2 | direction] = cost

    def occupy(self, x: int, y: int, mark: int) -> None:
        """Keep in mind that a flow runs through a crossing or bends there."""
        crossing = self._number(x, y)
        self._set(crossing, self._marks[crossing] | mark)

    def release(self, x: int, y: int, mark: int) -> None:
        """Forget it."""
        crossing = self._number(x, y)
        self._set(crossing, self._marks[crossing] & ~mark)

    def search(self, starts: Mapping[Place, Port], ends: Mapping[Place, Port]) -> FlowPath | None:
        """Return the cheapest way from one of ``starts`` to one of ``ends``, None when there is none.

        An entry of the queue is one number, the least of which comes next: what the way will cost at least, what it
        costs so far, and the state; to have arrived is numbered below every state.

        A crossing that was reached across the present direction, for less than the bend, is not left again this
        way: straight on and back across were offered from there. What remains is to go back over the crossings it
        was reached by, and no best way does, unless one of them is a goal from the other side (``apart`` is over).
        """
        marks, enter, both, states, offset = self._marks, self._enter, self._both, self._states, len(self._enter)
        (alone, bending), (aims, aim) = self._moves, self._aims(ends)
        goals = {self._state(place): port.cost for place, port in ends.items()}
        ending = {state >> 2 for state in goals}
        apart, done, best, before = True, bytearray(offset), [_FAR] * offset, [0] * offset
        queue = self._begun(starts, best, aim)
        while queue:
            entry = heappop(queue)
            state = (entry & states) - offset
            if state < 0:
                return self._path(before, self._arrival(state), entry >> self._wide)
            if done[state]:
                continue
            done[state] = 1
            cost, here = best[state], state >> 2
            if here in ending:
                apart = False
                if state in goals:
                    heappush(queue, (cost + 2 * goals[state]) * both + self._arrival(state) + offset)
                for turn in () if marks[here] else _TURNS[state & 3]:
                    turned = state & ~3 | turn
                    if turned in goals and cost + _BENT < best[turned]:
                        best[turned] = bent = cost + _BENT
                        before[turned] = state
                        heappush(queue, bent * both + aims[here] + turned)
            moves = alone if marks[here] else bending
            less = cost - _BENT
            if apart and moves is bending and (best[state ^ 1] <= less or best[state ^ 3] <= less):
                continue
            for ahead, more in moves[state & 3]:
                reached = state + ahead
                further = cost + more + enter[reached]
                if further < best[reached]:
                    to, less = reached >> 2, further - _BENT
                    across = apart and (best[reached ^ 1] <= less or best[reached ^ 3] <= less)
                    if across and not marks[to] and to not in ending:
                        continue
                    best[reached] = further
                    before[reached] = state
                    heappush(queue, further * both + (aims[to] or aim(to)) + reached)
        return None

    def _begun(self, starts: Mapping[Place, Port], best: list[int], aim: Callable[[int], int]) -> list[int]:
        """Return the queue that a search begins with, and note in ``best`` what its entries cost so far."""
        queue: list[int] = []
        for place, port in starts.items():
            state = self._state(place)
            mark = self._marks[state >> 2]
            if not mark & (_OWN[state & 3] | CORNER):
                best[state] = cost = 2 * port.cost + (_CROSSED if mark else 0)
                heappush(queue, cost * self._both + aim(state >> 2) + state)
        return queue

    def _state(self, place: Place) -> int:
        x, y, direction = place
        return self._number(x, y) << 2 | direction

    def _arrival(self, state: int) -> int:
        """Return the number of having arrived in a state: below zero, from the right to the left; and back."""
        column, rest = divmod(state, 4 * self._column)
        return -4 * self._column * (column + 1) + rest

    def _aims(self, ends: Iterable[Place]) -> tuple[list[int], Callable[[int], int]]:
        """Return the least distance to ``ends`` by crossing, as an entry of the queue holds it, and what finds it.

        It is found for a column when first asked for (0 until then) and kept for the next search that leads there.
        """
        goals = tuple(self._at[self._number(x, y)] for x, y, _ in ends)
        known = self._known.setdefault(goals, [0] * self._size)
        below = sorted({down: bisect_left(self._rows, down) for _, down in goals}.items())
        wide, height, at = self._wide, self._column, self._at

        def aim(crossing: int) -> int:
            """Find the distances of a whole column: between two goals one comes from above or from below."""
            start = crossing - crossing % height
            x = at[crossing][0]
            across = [(min([abs(x - a) for a, b in goals if b == down]), down, row) for down, row in below]
            far = min([far + down for far, down, _ in across])
            column = [rest + (far << wide) for rest in self._short_of[: below[0][1]]]
            near = across[0][0] - across[0][1]
            for index, (far, down, row) in enumerate(across):
                near = min(near, far - down)
                below_it = across[index + 1 :]
                end = below_it[0][2] if below_it else height
                back = min([far + down for far, down, _ in below_it]) if below_it else _FAR
                turn = bisect_left(self._rows, (back - near) / 2, row, end)
                column += [rest + (near << wide) for rest in self._beyond[row:turn]]
                column += [rest + (back << wide) for rest in self._short_of[turn:end]]
            known[start : start + height] = column
            return column[crossing - start]

        return known, aim

    def _path(self, before: Sequence[int], last: int, cost: int) -> FlowPath:
        states = [last]
        while state := before[states[-1]]:
            states.append(state)
        places = [(*divmod(state >> 2, self._column), state & 3) for state in reversed(states)]
        points = tuple(dict.fromkeys((x - 1, y - 1) for x, y, _ in places))
        return FlowPath(points, (*points[0], places[0][2]), (*points[-1], places[-1][2]), cost / 2)


def marks_of(points: Iterable[tuple[int, int]], leaving: int, arriving: int) -> list[tuple[int, int, int]]:
    """Return what a way occupies: straight passages and corners at every crossing it touches."""
    points = list(points)
    directions = [leaving, *(STEP.index((b[0] - a[0], b[1] - a[1])) for a, b in pairwise(points)), arriving]
    marks = []
    for (x, y), before, after in zip(points, directions, directions[1:], strict=False):
        straight = HORIZONTAL if after % 2 == 0 else VERTICAL
        marks.append((x, y, straight if before == after else CORNER))
    return marks
