"""Routing of flows on the lattice: few bends, few crossings, no shared segments."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise

from service.catalog.layout.graph import Graph, GraphEdge
from service.catalog.layout.lattice import Lattice
from service.catalog.layout.ports import STEP, Port, source_ports, target_ports

BEND = 45
CROSSING = 150
PASSES = 3
_HORIZONTAL, _VERTICAL, _CORNER = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Route:
    """A way: the port it leaves, the crossings where it bends or ends, the port it reaches."""

    link: GraphEdge
    start: Port
    points: tuple[tuple[int, int], ...]
    end: Port
    cost: float


class Router:
    """Routes the links of a graph one by one, then again each in the presence of the others."""

    def __init__(self, graph: Graph, lattice: Lattice) -> None:
        self._graph = graph
        self._lattice = lattice
        self._used: dict[tuple[int, int], int] = {}
        self._ports: set[tuple[str, int, int]] = set()
        self.routes: dict[str, Route] = {}
        self._xs = [line.nominal for line in lattice.xs]
        self._ys = [line.nominal for line in lattice.ys]
        self._free = [[lattice.free(x, y) for y in range(len(self._ys))] for x in range(len(self._xs))]

    def route_all(self) -> bool:
        """Route every link; False when one finds no way."""
        order = sorted(self._graph.links, key=self._urgency)
        for link in order:
            if not self._route(link):
                return False
        for _ in range(PASSES):
            before = self.cost
            for link in sorted(order, key=lambda one: -self.routes[one.flow.id].cost):
                self._again(link)
            if self.cost >= before - 1:
                break
        return True

    @property
    def cost(self) -> float:
        """The sum of all costs."""
        return sum(route.cost for route in self.routes.values())

    def _urgency(self, link: GraphEdge) -> tuple[bool, bool, int]:
        main = self._graph.main
        follows = link.source in main and link.target in main and not link.back and not link.boundary
        source, target = self._graph.nodes[link.source], self._graph.nodes[link.target]
        reach = abs(target.column - source.column) + 2 * abs(target.row - source.row)
        return not follows, link.back, reach

    def _again(self, link: GraphEdge) -> None:
        old = self.routes.pop(link.flow.id)
        self._release(old)
        if not self._route(link):
            self._occupy(old)

    def _route(self, link: GraphEdge) -> bool:
        found = self._search(link)
        if found is None:
            return False
        self._occupy(found)
        return True

    def _occupy(self, route: Route) -> None:
        self.routes[route.link.flow.id] = route
        self._ports.update((route.start.place, route.end.place))
        for vertex, mark in _marks(route):
            self._used[vertex] = self._used.get(vertex, 0) | mark

    def _release(self, route: Route) -> None:
        self._ports.difference_update((route.start.place, route.end.place))
        for vertex, mark in _marks(route):
            self._used[vertex] &= ~mark

    def _search(self, link: GraphEdge) -> Route | None:
        named = bool(link.flow.name) and not link.boundary
        starts = [p for p in source_ports(self._graph, self._lattice, link) if self._available(p, named)]
        ends: dict[tuple[int, int, int], Port] = {}
        for port in target_ports(self._graph, self._lattice, link):
            key = (port.x, port.y, (port.side + 2) % 4)
            if self._available(port, False) and (key not in ends or ends[key].cost > port.cost):
                ends[key] = port
        return _RouteSearch(self, starts, ends).run(link) if starts and ends else None

    def _available(self, port: Port, named: bool) -> bool:
        """Tell whether a port is free and, with a third flow on its side, no name would stand between lines."""
        node, side, _ = port.place
        if port.place in self._ports:
            return False
        if side % 2 == 0 or sum(place[:2] == (node, side) for place in self._ports) < 2:
            return True
        return not named and not any(
            route.start.place[:2] == (node, side) and route.link.flow.name for route in self.routes.values()
        )

    def enter(self, x: int, y: int, direction: int) -> float | None:
        """Return the cost of running straight through a crossing; None where that is impossible."""
        if not self._free[x][y]:
            return None
        mark = self._used.get((x, y), 0)
        if not mark:
            return 0
        own = _HORIZONTAL if direction % 2 == 0 else _VERTICAL
        return None if mark & (own | _CORNER) else CROSSING

    def may_turn(self, x: int, y: int) -> bool:
        """Tell whether a flow may bend at a crossing."""
        return not self._used.get((x, y), 0)

    def distance(self, a: tuple[int, int], b: tuple[int, int]) -> float:
        """Return the nominal distance along the lattice."""
        return abs(self._xs[a[0]] - self._xs[b[0]]) + abs(self._ys[a[1]] - self._ys[b[1]])

    @property
    def size(self) -> tuple[int, int]:
        """The number of vertical and horizontal lines."""
        return len(self._xs), len(self._ys)


_State = tuple[int, int, int]


class _RouteSearch:
    """A* over (crossing, direction)."""

    def __init__(self, router: Router, starts: list[Port], ends: dict[_State, Port]) -> None:
        self._router = router
        self._starts = {(port.x, port.y, port.side): port for port in sorted(starts, key=lambda p: -p.cost)}
        self._ends = ends
        self._best: dict[_State, float] = {}
        self._before: dict[_State, _State | None] = {}
        self._queue: list[tuple[float, float, _State]] = []
        self._goals = [(x, y) for x, y, _ in ends]

    def run(self, link: GraphEdge) -> Route | None:
        for state, port in self._starts.items():
            self._offer(state, None, port.cost)
        while self._queue:
            _, cost, state = heapq.heappop(self._queue)
            if state[0] < 0:
                return self._route(link, self._before[state], cost)
            if cost > self._best[state]:
                continue
            self._expand(state, cost)
        return None

    def _expand(self, state: _State, cost: float) -> None:
        x, y, direction = state
        if state in self._ends:
            goal = (-1 - x, y, direction)
            total = cost + self._ends[state].cost
            if total < self._best.get(goal, float("inf")):
                self._best[goal] = total
                self._before[goal] = state
                heapq.heappush(self._queue, (total, total, goal))
        self._step(state, direction, cost)
        if self._router.may_turn(x, y):
            for turned in ((direction + 1) % 4, (direction + 3) % 4):
                if (x, y, turned) in self._ends:
                    self._offer((x, y, turned), state, cost + BEND, entered=True)
                self._step(state, turned, cost + BEND)

    def _step(self, state: _State, direction: int, cost: float) -> None:
        x, y, _ = state
        dx, dy = STEP[direction]
        width, height = self._router.size
        if 0 <= x + dx < width and 0 <= y + dy < height:
            length = self._router.distance((x, y), (x + dx, y + dy))
            self._offer((x + dx, y + dy, direction), state, cost + length)

    def _offer(self, state: _State, before: _State | None, cost: float, entered: bool = False) -> None:
        if not entered:
            extra = self._router.enter(*state)
            if extra is None:
                return
            cost += extra
        if cost < self._best.get(state, float("inf")):
            self._best[state] = cost
            self._before[state] = before
            left = min(self._router.distance(state[:2], goal) for goal in self._goals)
            heapq.heappush(self._queue, (cost + left, cost, state))

    def _route(self, link: GraphEdge, last: _State | None, cost: float) -> Route:
        states: list[_State] = []
        here = last
        while here is not None:
            states.append(here)
            here = self._before[here]
        states.reverse()
        points = list(dict.fromkeys((x, y) for x, y, _ in states))
        end = self._ends[states[-1]]
        return Route(link, self._starts[states[0]], tuple(points), end, cost)


def _marks(route: Route) -> list[tuple[tuple[int, int], int]]:
    """Return what a route occupies: straight passages and corners at every crossing it touches."""
    inward = (route.end.side + 2) % 4
    directions = [route.start.side]
    for a, b in pairwise(route.points):
        directions.append(STEP.index((b[0] - a[0], b[1] - a[1])))
    directions.append(inward)
    marks = []
    for point, before, after in zip(route.points, directions, directions[1:], strict=False):
        straight = _HORIZONTAL if after % 2 == 0 else _VERTICAL
        marks.append((point, straight if before == after else _CORNER))
    return marks
