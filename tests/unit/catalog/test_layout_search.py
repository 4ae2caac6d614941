"""The search of a flow's way finds what a plain one finds that leaves nothing out."""

from __future__ import annotations

import heapq
from random import Random

import pytest

from service.catalog.layout.bends import BEND
from service.catalog.layout.lattice import Lattice, LatticeLine
from service.catalog.layout.ports import STEP, Port
from service.catalog.layout.search import CORNER, CROSSING, HORIZONTAL, VERTICAL, Crossings, Place

WIDE, HIGH = 9, 7
Marks = dict[tuple[int, int], int]


def _lattice(random: Random) -> Lattice:
    """Return a lattice of which every line is a cell of its own, and every ninth crossing lies under a node."""
    xs = tuple(LatticeLine(x, None, 0, 20.0 * x + random.choice((0, 0.5, 7))) for x in range(WIDE))
    ys = tuple(LatticeLine(y, None, 0, 20.0 * y + random.choice((0, 0.5, 7))) for y in range(HIGH))
    under = {(y, x) for x in range(WIDE) for y in range(HIGH) if random.random() < 1 / 9}
    return Lattice(xs, ys, frozenset(under), {}, {}, {}, {})


def _marks(random: Random, crossings: Crossings, lattice: Lattice) -> Marks:
    kinds = [0] * 5 + [HORIZONTAL, VERTICAL, CORNER]
    marks = {(x, y): random.choice(kinds) for x in range(WIDE) for y in range(HIGH) if (y, x) not in lattice.occupied}
    for (x, y), mark in marks.items():
        crossings.occupy(x, y, CORNER)
        crossings.release(x, y, CORNER)
        crossings.occupy(x, y, mark)
    return marks


def _ports(random: Random, number: int, marks: Marks) -> dict[Place, Port]:
    """Return ports whose first crossing can be run through, with a node behind each start."""
    places = [(x, y, random.randrange(4)) for x, y in random.sample(sorted(marks), number)]
    return {(x, y, side): Port(("node", side, 0), side, x, y, random.choice((0, 8, 50))) for x, y, side in places}


def _plain(lattice: Lattice, marks: Marks, starts: dict[Place, Port], ends: dict[Place, Port]) -> float | None:
    """Return the least cost: a search without any estimate, in which a state is a crossing and a direction."""

    def enter(x: int, y: int, way: int) -> float | None:
        mark = marks.get((x, y), CORNER)
        stopped = mark & (CORNER | (VERTICAL if way % 2 else HORIZONTAL))
        return None if stopped else CROSSING if mark else 0

    queue = [(port.cost + extra, place) for place, port in starts.items() if (extra := enter(*place)) is not None]
    heapq.heapify(queue)
    done, least = set[Place](), []
    while queue:
        cost, (x, y, way) = heapq.heappop(queue)
        if (x, y, way) in done:
            continue
        done.add((x, y, way))
        if (x, y, way) in ends:
            least.append(cost + ends[x, y, way].cost)
        turns = [] if marks[x, y] else [(way + 1) % 4, (way + 3) % 4]
        for turned in turns:
            if (x, y, turned) in ends:
                heapq.heappush(queue, (cost + BEND, (x, y, turned)))
        for to, more in [(way, 0), *((turned, BEND) for turned in turns)]:
            a, b = x + STEP[to][0], y + STEP[to][1]
            if (extra := enter(a, b, to)) is not None:
                long = abs(lattice.xs[a].nominal - lattice.xs[x].nominal) + abs(
                    lattice.ys[b].nominal - lattice.ys[y].nominal
                )
                heapq.heappush(queue, (cost + more + long + extra, (a, b, to)))
    return min(least, default=None)


@pytest.mark.parametrize("seed", range(300))
def test_costs_what_a_plain_search_finds(seed: int) -> None:
    random = Random(seed)
    lattice = _lattice(random)
    crossings = Crossings(lattice)
    marks = _marks(random, crossings, lattice)
    starts = _ports(random, 2, marks)
    for x, y, side in starts:  # a flow never leaves through its own node
        behind = x - STEP[side][0], y - STEP[side][1]
        if marks.pop(behind, None) is not None:
            crossings.occupy(*behind, HORIZONTAL | VERTICAL | CORNER)
    starts = {place: port for place, port in starts.items() if place[:2] in marks}
    ends = _ports(random, 3, marks)

    found = crossings.search(starts, ends, ends.values())

    assert (found and found.cost) == _plain(lattice, marks, starts, ends)
    if found is not None:
        assert found.start in starts
        assert found.end in ends
        assert found.points[0] == found.start[:2]
        assert found.points[-1] == found.end[:2]
