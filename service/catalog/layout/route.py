"""Routing of flows on the lattice: few bends, few crossings, no shared segments."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from service.catalog.layout.graph import Graph, GraphEdge
from service.catalog.layout.lattice import Lattice, Port, source_ports, target_ports
from service.catalog.layout.search import Crossings, Place, marks_of

PASSES = 3


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
        self._crossings = Crossings(lattice)
        self._taken: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
        self._leaving: dict[tuple[str, str], list[Port]] = {}
        self._arriving: dict[str, list[Port]] = {}
        self._order = sorted(graph.links, key=self._rank_urgency)
        self.routes: dict[str, Route] = {}

    def route_all(self) -> bool:
        """Route every link, the most urgent first; False when one finds no way."""
        return all(map(self._route_link, self._order))

    def improve(self) -> None:
        """Route every link again in the presence of the others, as long as that makes it cheaper."""
        for _ in range(PASSES):
            before = self.cost
            for link in sorted(self._order, key=lambda candidate_link: -self.routes[candidate_link.flow.id].cost):
                self._reroute_link(link)
            if self.cost >= before - 1:
                break

    @property
    def cost(self) -> float:
        """The sum of all costs."""
        return sum(route.cost for route in self.routes.values())

    def _rank_urgency(self, link: GraphEdge) -> tuple[bool, bool, int]:
        main = self._graph.main
        follows = link.source in main and link.target in main and not link.back and not link.boundary
        source, target = self._graph.nodes[link.source], self._graph.nodes[link.target]
        reach = abs(target.column - source.column) + 2 * abs(target.row - source.row)
        return not follows, link.back, reach

    def _reroute_link(self, link: GraphEdge) -> None:
        old = self.routes.pop(link.flow.id)
        self._release_route(old)
        if not self._route_link(link):
            self._occupy_route(old)

    def _route_link(self, link: GraphEdge) -> bool:
        route = self._search_route(link)
        if route is None:
            return False
        self._occupy_route(route)
        return True

    def _occupy_route(self, route: Route) -> None:
        self.routes[route.link.flow.id] = route
        for node, side, offset in (route.start.place, route.end.place):
            self._taken[node, side].add(offset)
        for x, y, mark in _list_marks(route):
            self._crossings.occupy(x, y, mark)

    def _release_route(self, route: Route) -> None:
        for node, side, offset in (route.start.place, route.end.place):
            self._taken[node, side].discard(offset)
        for x, y, mark in _list_marks(route):
            self._crossings.release(x, y, mark)

    def _search_route(self, link: GraphEdge) -> Route | None:
        named = bool(link.flow.name) and not link.boundary
        free_ports = [port for port in self._list_source_ports(link) if self._is_available(port, named)]
        starts = {(port.x, port.y, port.side): port for port in free_ports}
        targets = self._list_target_ports(link)
        ends: dict[Place, Port] = {}
        for port in targets:
            key = (port.x, port.y, (port.side + 2) % 4)
            if self._is_available(port, False) and (key not in ends or ends[key].cost > port.cost):
                ends[key] = port
        path = self._crossings.search(starts, ends) if starts and ends else None
        if path is None:
            return None
        return Route(link, starts[path.start], path.points, ends[path.end], path.cost)

    def _list_source_ports(self, link: GraphEdge) -> list[Port]:
        """Return where ``link`` may leave, what costs most first."""
        place = link.source, link.boundary
        if place not in self._leaving:
            ports = source_ports(self._graph, self._lattice, link)
            self._leaving[place] = sorted(ports, key=lambda port: -port.cost)
        return self._leaving[place]

    def _list_target_ports(self, link: GraphEdge) -> list[Port]:
        if link.target not in self._arriving:
            self._arriving[link.target] = list(target_ports(self._graph, self._lattice, link))
        return self._arriving[link.target]

    def _is_available(self, port: Port, named: bool) -> bool:
        """Tell whether a port is free and, with a third flow on its side, no name would stand between lines."""
        node, side, offset = port.place
        taken = self._taken[node, side]
        if offset in taken:
            return False
        if side % 2 == 0 or len(taken) < 2:
            return True
        return not named and not any(
            route.start.place[:2] == (node, side) and route.link.flow.name for route in self.routes.values()
        )


def _list_marks(route: Route) -> list[tuple[int, int, int]]:
    return marks_of(route.points, route.start.side, (route.end.side + 2) % 4)
