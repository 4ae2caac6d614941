"""The cheapest way of one flow over the lattice: A* over (crossing, direction), the hot part of the layout.

Crossings are numbers, so that one look into a list answers what a lookup of a pair would: a frame of
blocked crossings around the lattice saves every test for its border.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import heappop, heappush
from itertools import pairwise

from service.catalog.layout.lattice import Lattice
from service.catalog.layout.ports import STEP, Port

BEND = 45


@cache
def bends_left(arriving: frozenset[int], wide: bool, high: bool) -> tuple[int, ...]:
    """Return what the bends cost that are left at least, by the zone of a crossing around the goals and the direction.

    A zone is before the goals, among them or behind them, and the same down; ``wide`` and ``high`` tell that among
    them a goal may be on either side.
    """
    across, down = ((((1,), (-1, 0, 1) if some else (0,), (-1,))) for some in (wide, high))
    return tuple(
        2 * BEND * min(_bends(x, y, way, end) for end in arriving for x in xs for y in ys)
        for xs in across
        for ys in down
        for way in range(4)
    )


def _bends(x: int, y: int, way: int, end: int) -> int:
    """Return how often a way in direction ``way`` bends at least until it arrives in direction ``end``, x and y from here."""
    ahead, aside = (x * across + y * down for across, down in (STEP[way], STEP[(way + 1) % 4]))
    if way % 2 == end % 2:
        return 2 if aside else 4 if way != end or ahead < 0 else 0
    return 1 if ahead >= 0 and x * STEP[end][0] + y * STEP[end][1] >= 0 else 3


CROSSING = 150
HORIZONTAL, VERTICAL, CORNER = 1, 2, 4
_BLOCKED = HORIZONTAL | VERTICAL | CORNER
_BENT, _CROSSED = 2 * BEND, 2 * CROSSING
_OWN = (HORIZONTAL, VERTICAL, HORIZONTAL, VERTICAL)
_TURNS = ((1, 3), (2, 0), (3, 1), (0, 2))
_FAR = 1 << 24

Place = tuple[int, int, int]
"""A crossing and the direction of a flow there: (x, y, direction)."""

Foresight = tuple[list[int], Callable[[int], int], list[int], tuple[int, ...]]
"""What a way costs at least from a crossing: the distance, what finds it, the zone, and what bends cost by zone."""


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
        self._marks = [_BLOCKED] * self._size
        self._ahead = tuple(4 * step for step in (self._column, 1, -self._column, -1))
        self._bends = tuple(tuple((to - way + self._ahead[to], to) for to in _TURNS[way]) for way in range(4))
        self._enter = [_FAR] * (4 * self._size)
        self._bits = (4 * self._size).bit_length()
        self._states = (1 << self._bits) - 1
        self._known: dict[tuple[tuple[int, int], ...], list[int]] = {}
        self._zoned: dict[tuple[int, int, int, int], list[int]] = {}
        self._columns, self._rows = (xs[0], *xs, xs[-1]), (ys[0], *ys, ys[-1])
        self._free(lattice, xs, ys)
        self._alone = list(self._enter)

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

    def _at(self, crossing: int) -> tuple[int, int]:
        column, row = divmod(crossing, self._column)
        return self._columns[column], self._rows[row]

    def _set(self, crossing: int, mark: int) -> None:
        """Keep in mind what runs through a crossing, and what entering it from each direction costs now."""
        self._marks[crossing] = mark
        state, crossed = crossing << 2, _CROSSED if mark else 0
        across = _FAR if mark & (HORIZONTAL | CORNER) else crossed
        along = _FAR if mark & (VERTICAL | CORNER) else crossed
        right, down, left, up = self._alone[state : state + 4]
        self._enter[state : state + 4] = right + across, down + along, left + across, up + along

    def occupy(self, x: int, y: int, mark: int) -> None:
        """Keep in mind that a flow runs through a crossing or bends there."""
        crossing = self._number(x, y)
        self._set(crossing, self._marks[crossing] | mark)

    def release(self, x: int, y: int, mark: int) -> None:
        """Forget it."""
        crossing = self._number(x, y)
        self._set(crossing, self._marks[crossing] & ~mark)

    def search(
        self, starts: Mapping[Place, Port], ends: Mapping[Place, Port], around: Iterable[Port]
    ) -> FlowPath | None:
        """Return the cheapest way from one of ``starts`` to one of ``ends``, None when there is none.

        ``around`` are all ports of the node that it leads to, those of ``ends`` among them: the distance to the nearest
        of them is found once for all flows that lead there.

        Of ways that cost the same, `_path` chooses.
        """
        goals = {self._state(place): 2 * port.cost for place, port in ends.items()}
        best = [_FAR] * len(self._enter)
        begun = self._begun(starts, best)
        cost = self._spread(list(begun), best, goals, (*self._aims(around), *self._zones(ends)))
        return None if cost is None else self._path(begun, best, goals, cost)

    def _spread(
        self, begun: Iterable[int], best: list[int], goals: Mapping[int, int], foresight: Foresight
    ) -> int | None:
        """Note in ``best`` what all states cost that a cheapest way may run through, and return what it costs.

        An entry of the queue is one number, the least of which comes next: what the way will cost at least (by its
        distance and the bends that are left) and the state. From there it runs straight on for as long as that costs
        no more than foreseen, and offers the bends at every crossing.

        A crossing that was reached across the present direction, for less than the bend, is not left again this
        way: straight on and back across were offered from there. What remains is to go back over the crossings it
        was reached by, and no best way does, unless one of them is a goal from the other side (``apart`` is over).
        """
        marks, enter, bits, states = self._marks, self._enter, self._bits, self._states
        (aims, aim, zones, left), ending = foresight, {state >> 2 for state in goals}
        short, bound, apart = 1 - min(goals.values()), _FAR, True
        queue = sorted(best[state] << bits | state for state in begun)
        while queue and (entry := heappop(queue)) >> bits <= bound:
            foreseen, state = entry >> bits, entry & states
            cost, straight = best[state], state & 3
            ahead, bends = self._ahead[straight], self._bends[straight]
            while True:
                if state >> 2 in ending:
                    apart = False
                    bound = min(bound, self._arrived(state, goals, best, queue) + short)
                if not marks[state >> 2]:
                    bent, less = cost + _BENT, cost - _BENT
                    if apart and (best[state ^ 1] <= less or best[state ^ 3] <= less):
                        break
                    for move, turn in bends:
                        reached = state + move
                        further = bent + enter[reached]
                        if further < best[reached]:
                            to, across = reached >> 2, further - _BENT
                            if marks[to] or not apart or best[reached ^ 1] > across < best[reached ^ 3] or to in ending:
                                best[reached] = further
                                toward = further + (aims[to] or aim(to)) + left[zones[to] + turn]
                                if toward <= bound:
                                    heappush(queue, toward << bits | reached)
                state += ahead
                cost += enter[state]
                if cost >= best[state]:
                    break
                best[state], to = cost, state >> 2
                toward = cost + (aims[to] or aim(to)) + left[zones[to] + straight]
                if toward > foreseen:
                    if toward <= bound:
                        heappush(queue, toward << bits | state)
                    break
        return None if bound == _FAR else bound - short

    def _arrived(self, state: int, goals: Mapping[int, int], best: list[int], queue: list[int]) -> int:
        """Return what a way costs that ends in ``state`` (beyond all for no goal), and offer the bends into goals at its crossing."""
        cost = best[state]
        for turned in () if self._marks[state >> 2] else (state ^ 1, state ^ 3):
            if turned in goals and cost + _BENT < best[turned]:
                best[turned] = cost + _BENT
                heappush(queue, cost + _BENT << self._bits | turned)
        return cost + goals[state] if state in goals else 2 * _FAR

    def _begun(self, starts: Mapping[Place, Port], best: list[int]) -> dict[int, int]:
        """Return the states that a search begins with and what they cost, which ``best`` holds then."""
        begun: dict[int, int] = {}
        for place, port in starts.items():
            state = self._state(place)
            mark = self._marks[state >> 2]
            if not mark & (_OWN[state & 3] | CORNER):
                begun[state] = best[state] = 2 * port.cost + (_CROSSED if mark else 0)
        return begun

    def _state(self, place: Place) -> int:
        x, y, direction = place
        return self._number(x, y) << 2 | direction

    def _aims(self, ports: Iterable[Port]) -> tuple[list[int], Callable[[int], int]]:
        """Return the least distance to ``ports`` by crossing, one too long so that it is never 0, and what finds it.

        It is found for a column when first asked for (0 until then) and kept for the next search that leads there.
        """
        goals = tuple(self._at(self._number(port.x, port.y)) for port in ports)
        known = self._known.setdefault(goals, [0] * self._size)
        below = sorted({down: bisect_left(self._rows, down) for _, down in goals}.items())
        height = self._column

        def aim(crossing: int) -> int:
            """Find the distances of a whole column: between two goals one comes from above or from below."""
            start = crossing - crossing % height
            x = self._columns[crossing // height]
            across = [(min([abs(x - a) for a, b in goals if b == down]), down, row) for down, row in below]
            far = min([far + down for far, down, _ in across]) + 1
            column = [far - y for y in self._rows[: below[0][1]]]
            near = across[0][0] - across[0][1]
            for index, (far, down, row) in enumerate(across):
                near = min(near, far - down)
                below_it = across[index + 1 :]
                end = below_it[0][2] if below_it else height
                back = min([far + down for far, down, _ in below_it]) if below_it else _FAR
                turn = bisect_left(self._rows, (back - near) / 2, row, end)
                column += [y + near + 1 for y in self._rows[row:turn]]
                column += [back + 1 - y for y in self._rows[turn:end]]
            known[start : start + height] = column
            return column[crossing - start]

        return known, aim

    def _zones(self, ends: Iterable[Place]) -> tuple[list[int], tuple[int, ...]]:
        """Return the zone of each crossing (before, among or behind the goals, both ways), and what its bends cost.

        What is left to bend from a zone stands at its number and the direction.
        """
        places = [(x + 1, y + 1) for x, y, _ in ends]
        columns, rows = zip(*places, strict=True)
        left, right, top, bottom = min(columns), max(columns), min(rows), max(rows)
        box = left, top, right, bottom
        if box not in self._zoned:
            below = [0] * top + [4] * (bottom - top + 1) + [8] * (self._column - bottom - 1)
            inside, behind = [zone + 12 for zone in below], [zone + 24 for zone in below]
            rest = self._size // self._column - right - 1
            self._zoned[box] = below * left + inside * (right - left + 1) + behind * rest
        arriving = frozenset(direction for _, _, direction in ends)
        return self._zoned[box], bends_left(arriving, left < right, top < bottom)

    def _path(self, begun: Mapping[int, int], best: Sequence[int], goals: Mapping[int, int], cost: int) -> FlowPath:
        """Return the way back from a goal: of those that cost the same, what looks cheapest soonest is taken."""
        cheapest = [state for state, port in goals.items() if best[state] + port == cost]
        sooner = [state for state in cheapest if goals[state]]
        last = min(sooner, key=self._from_right) if sooner else min(cheapest)
        to = [self._at(state >> 2) for state in goals]
        states = [last]
        while (state := states[-1]) not in begun or begun[state] != best[state]:
            came = self._before(state, best, state in goals)
            if len(came) > 1:
                came.sort(key=lambda one: (best[one] + self._distance(one >> 2, to), best[one], one))
            states.append(came[0])
        places = [(*divmod(state >> 2, self._column), state & 3) for state in reversed(states)]
        points = tuple(dict.fromkeys((x - 1, y - 1) for x, y, _ in places))
        return FlowPath(points, (*points[0], places[0][2]), (*points[-1], places[-1][2]), cost / 2)

    def _before(self, state: int, best: Sequence[int], goal: bool) -> list[int]:
        """Return the states from which a best way comes to ``state``: straight on, bent before it, or bent into a goal."""
        straight = state - self._ahead[state & 3]
        cost = best[state] - self._enter[state]
        found = [straight] if best[straight] == cost else []
        if not self._marks[straight >> 2]:
            found += [one for one in (straight ^ 1, straight ^ 3) if best[one] == cost - _BENT]
        if goal and not self._marks[state >> 2]:
            found += [one for one in (state ^ 1, state ^ 3) if best[one] == best[state] - _BENT]
        return found

    def _distance(self, crossing: int, to: Iterable[tuple[int, int]]) -> int:
        x, y = self._at(crossing)
        return min([abs(x - a) + abs(y - b) for a, b in to])

    def _from_right(self, state: int) -> tuple[int, int]:
        column, rest = divmod(state, 4 * self._column)
        return -column, rest


def marks_of(points: Iterable[tuple[int, int]], leaving: int, arriving: int) -> list[tuple[int, int, int]]:
    """Return what a way occupies: straight passages and corners at every crossing it touches."""
    points = list(points)
    directions = [leaving, *(STEP.index((b[0] - a[0], b[1] - a[1])) for a, b in pairwise(points)), arriving]
    marks = []
    for (x, y), before, after in zip(points, directions, directions[1:], strict=False):
        straight = HORIZONTAL if after % 2 == 0 else VERTICAL
        marks.append((x, y, straight if before == after else CORNER))
    return marks
