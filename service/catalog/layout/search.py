"""The cheapest way of one flow over the lattice: A* over crossings and directions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

from service.catalog.layout.lattice import STEP, Lattice, Port

BEND, CROSSING = 45, 150
HORIZONTAL, VERTICAL, CORNER = 1, 2, 4
_BLOCKED = HORIZONTAL | VERTICAL | CORNER
_OWN = (HORIZONTAL, VERTICAL, HORIZONTAL, VERTICAL)

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
    """What runs through every crossing of a lattice: a crossing is a number, and a frame of blocked ones lies around them.

    A state is four times its crossing and the direction of the flow there.
    """

    def __init__(self, lattice: Lattice) -> None:
        xs, ys = ([line.nominal for line in lines] for lines in (lattice.xs, lattice.ys))
        self._xs, self._ys = (xs[0], *xs, xs[-1]), (ys[0], *ys, ys[-1])
        self._column = len(self._ys)
        self._marks = [_BLOCKED] * (len(self._xs) * self._column)
        self._steps = tuple(x * self._column + y for x, y in STEP)
        for x in range(len(xs)):
            for y in range(len(ys)):
                if lattice.free(x, y):
                    self._marks[self._get_crossing_number(x, y)] = 0

    def _get_crossing_number(self, x: int, y: int) -> int:
        return (x + 1) * self._column + y + 1

    def _get_position(self, crossing: int) -> tuple[float, float]:
        column, row = divmod(crossing, self._column)
        return self._xs[column], self._ys[row]

    def occupy(self, x: int, y: int, mark: int) -> None:
        """Keep in mind that a flow runs through a crossing or bends there."""
        self._marks[self._get_crossing_number(x, y)] |= mark

    def release(self, x: int, y: int, mark: int) -> None:
        """Forget it."""
        self._marks[self._get_crossing_number(x, y)] &= ~mark

    def search(self, starts: Mapping[Place, Port], ends: Mapping[Place, Port]) -> FlowPath | None:
        """Return the cheapest way from one of ``starts`` to one of ``ends``, None when there is none."""
        marks, steps, at = self._marks, self._steps, self._get_position
        goals = {4 * self._get_crossing_number(x, y) + way: port.cost for (x, y, way), port in ends.items()}
        near = [at(state >> 2) for state in goals]
        estimates: dict[int, float] = {}
        best: dict[int, float] = {}
        came: dict[int, int] = {}
        queue: list[tuple[float, float, int]] = []

        def reach(state: int, cost: float, before: int) -> None:
            if cost < best.get(state, cost + 1):
                crossing = state >> 2
                if crossing not in estimates:
                    x, y = at(crossing)
                    estimates[crossing] = min([abs(x - a) + abs(y - b) for a, b in near])
                best[state], came[state] = cost, before
                heappush(queue, (cost + estimates[crossing], -cost, state))

        for (x, y, way), port in starts.items():
            crossing = self._get_crossing_number(x, y)
            if not marks[crossing] & (_OWN[way] | CORNER):
                reach(4 * crossing + way, port.cost + (CROSSING if marks[crossing] else 0), -1)
        while queue:
            foreseen, less, state = heappop(queue)
            if state < 0:
                return self._trace_path(came, ~state, foreseen)
            cost = -less
            if cost > best[state]:
                continue
            if state in goals:
                heappush(queue, (cost + goals[state], -cost - goals[state], ~state))
            crossing, way = state >> 2, state & 3
            onward = crossing + steps[way]
            mark = marks[onward]
            if not mark & (_OWN[way] | CORNER):
                origin, there = at(crossing), at(onward)
                length = abs(origin[0] - there[0]) + abs(origin[1] - there[1])
                reach(4 * onward + way, cost + length + (CROSSING if mark else 0), state)
            if not marks[crossing]:
                for turned in (state ^ 1, state ^ 3):
                    reach(turned, cost + BEND, state)
        return None

    def _trace_path(self, came: Mapping[int, int], last: int, cost: float) -> FlowPath:
        states = [last]
        while (before := came[states[-1]]) >= 0:
            states.append(before)
        places = [(*divmod(state >> 2, self._column), state & 3) for state in reversed(states)]
        points = tuple(dict.fromkeys((x - 1, y - 1) for x, y, _ in places))
        return FlowPath(points, (*points[0], places[0][2]), (*points[-1], places[-1][2]), cost)


def marks_of(points: Iterable[tuple[int, int]], leaving: int, arriving: int) -> list[tuple[int, int, int]]:
    """Return what a way occupies: straight passages and corners at every crossing it touches."""
    points = list(points)
    directions = [leaving, *(STEP.index((b[0] - a[0], b[1] - a[1])) for a, b in pairwise(points)), arriving]
    marks = []
    for (x, y), before, after in zip(points, directions, directions[1:], strict=False):
        straight = HORIZONTAL if after % 2 == 0 else VERTICAL
        marks.append((x, y, straight if before == after else CORNER))
    return marks
