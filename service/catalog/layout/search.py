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

    A state is four times its crossing and the direction of the flow there. A flow bends onto tracks of channels and
    onto the lines of ports that it may reach; over the other lines it runs straight.
    """

    def __init__(self, lattice: Lattice) -> None:
        lines = lattice.xs, lattice.ys
        self._places = tuple((at[0].nominal, *(line.nominal for line in at), at[-1].nominal) for at in lines)
        self._tracks = tuple({i for i, line in enumerate(at, start=1) if line.channel is not None} for at in lines)
        self._height = len(self._places[1])
        self._steps = tuple(x * self._height + y for x, y in STEP)
        self._marks = [_BLOCKED] * (len(self._places[0]) * self._height)
        for x in range(len(lattice.xs)):
            for y in range(len(lattice.ys)):
                if lattice.free(x, y):
                    self._marks[self._get_crossing_number(x, y)] = 0

    def _get_crossing_number(self, x: int, y: int) -> int:
        return (x + 1) * self._height + y + 1

    def occupy(self, x: int, y: int, mark: int) -> None:
        """Keep in mind that a flow runs through a crossing or bends there."""
        self._marks[self._get_crossing_number(x, y)] |= mark

    def release(self, x: int, y: int, mark: int) -> None:
        """Forget it."""
        self._marks[self._get_crossing_number(x, y)] &= ~mark

    def search(self, starts: Mapping[Place, Port], ends: Mapping[Place, Port]) -> FlowPath | None:
        """Return the cheapest way from one of ``starts`` to one of ``ends``, None when there is none."""
        marks, height = self._marks, self._height
        goals = {4 * self._get_crossing_number(x, y) + way: port.cost for (x, y, way), port in ends.items()}
        turning = (
            self._tracks[0] | {x + 1 for x, _, way in ends if way % 2},
            self._tracks[1] | {y + 1 for _, y, way in ends if not way % 2},
        )
        estimates = self._estimate(ends)
        best: dict[int, float] = {}
        came: dict[int, int] = {}
        queue: list[tuple[float, float, int]] = []

        def reach(state: int, cost: float, before: int) -> None:
            if cost < best.get(state, cost + 1):
                best[state], came[state] = cost, before
                column, row = divmod(state >> 2, height)
                across, down = estimates[state & 1]
                heappush(queue, (cost + across[column] + down[row], -cost, state))

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
            if not marks[crossing] and came[state] >> 2 != crossing:
                for turned in (state ^ 1, state ^ 3):
                    reach(turned, cost + BEND, state)
            places, bends, closed = self._places[way & 1], turning[way & 1], _OWN[way] | CORNER
            origin = line = divmod(crossing, height)[way & 1]
            step, forward = self._steps[way], 1 if way < 2 else -1
            while not (mark := marks[crossing := crossing + step]) & closed:
                line += forward
                if mark:
                    cost += CROSSING
                if line in bends:
                    reach(4 * crossing + way, cost + abs(places[line] - places[origin]), state)
                    break
        return None

    def _estimate(self, ends: Iterable[Place]) -> tuple[tuple[list[float], list[float]], ...]:
        """Return what is left at least from every column and from every row, for a flow that runs across and for one that runs down.

        That is the distance to the box around ``ends``, and a bend where it is not ahead.
        """
        distances = []
        for places, lines in zip(self._places, zip(*((x + 1, y + 1) for x, y, _ in ends), strict=True), strict=True):
            first, last = places[min(lines)], places[max(lines)]
            distances.append([first - at if at < first else at - last if at > last else 0 for at in places])
        (across, down), (aside, below) = distances, ([far and far + BEND for far in line] for line in distances)
        return (across, below), (aside, down)

    def _trace_path(self, came: Mapping[int, int], last: int, cost: float) -> FlowPath:
        states = [last]
        while (before := came[states[-1]]) >= 0:
            states.append(before)
        states.reverse()
        crossings = [states[0] >> 2]
        for state in states[1:]:
            if state >> 2 != crossings[-1]:
                step = self._steps[state & 3]
                crossings.extend(range(crossings[-1] + step, (state >> 2) + step, step))
        points = tuple((column - 1, row - 1) for column, row in (divmod(at, self._height) for at in crossings))
        return FlowPath(points, (*points[0], states[0] & 3), (*points[-1], last & 3), cost)


def marks_of(points: Iterable[tuple[int, int]], leaving: int, arriving: int) -> list[tuple[int, int, int]]:
    """Return what a way occupies: straight passages and corners at every crossing it touches."""
    points = list(points)
    directions = [leaving, *(STEP.index((b[0] - a[0], b[1] - a[1])) for a, b in pairwise(points)), arriving]
    marks = []
    for (x, y), before, after in zip(points, directions, directions[1:], strict=False):
        straight = HORIZONTAL if after % 2 == 0 else VERTICAL
        marks.append((x, y, straight if before == after else CORNER))
    return marks
