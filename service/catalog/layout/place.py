"""Placement of nodes in columns and rows: the main path straight to the right, side branches below it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from service.catalog.layout.graph import Graph, GraphEdge, GraphNode
from service.catalog.layout.sizes import is_container


@dataclass(frozen=True, slots=True)
class Style:
    """Choices the layout tries: whether a side way starts right below its gateway, and goes above when crowded."""

    drop: bool = True
    above: bool = True


def place(graph: Graph, style: Style) -> None:
    """Give every node its column and row (rows count from the top over all lanes)."""
    _assign_columns(graph, style)
    _Rows(graph, style).assign()


def _assign_columns(graph: Graph, style: Style) -> None:
    forward = graph.forward()
    incoming: dict[str, list[GraphEdge]] = defaultdict(list)
    for link in forward:
        incoming[link.target].append(link)
    drops = _choose_drops(graph, forward, incoming) if style.drop else set()
    for ident in _sort_nodes(graph, forward):
        node = graph.nodes[ident]
        ways = [graph.nodes[link.source].column + (link.flow.id not in drops) for link in incoming[ident]]
        node.column = max(ways, default=0)


def _choose_drops(graph: Graph, forward: list[GraphEdge], incoming: dict[str, list[GraphEdge]]) -> set[str]:
    """Choose at most one side branch per gateway whose first node stands right below it."""
    main = set(graph.main)
    chosen: dict[str, str] = {}
    for link in forward:
        source = graph.nodes[link.source].element.kind
        alone = len(incoming[link.target]) == 1
        if source.is_gateway and link.target not in main and alone and link.source not in chosen:
            chosen[link.source] = link.flow.id
    leaving: dict[str, int] = defaultdict(int)
    for link in forward:
        leaving[link.source] += 1
    return {flow for gateway, flow in chosen.items() if leaving[gateway] > 1 or gateway not in main}


def _sort_nodes(graph: Graph, forward: list[GraphEdge]) -> Iterable[str]:
    """Return the nodes so that every one comes after those before it."""
    waiting = dict.fromkeys(graph.nodes, 0)
    following: dict[str, list[str]] = defaultdict(list)
    for link in forward:
        waiting[link.target] += 1
        following[link.source].append(link.target)
    ready = [ident for ident, count in waiting.items() if not count]
    order: list[str] = []
    while ready:
        ident = ready.pop(0)
        order.append(ident)
        for target in following[ident]:
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return order


class _Rows:
    """Assigns rows lane by lane; row 0 of a lane belongs to the main path, side ways take 1, 2, … or -1."""

    def __init__(self, graph: Graph, style: Style) -> None:
        self._graph = graph
        self._style = style
        self._taken: dict[tuple[int, int], set[int]] = defaultdict(set)
        self._placed: set[str] = set()
        self._main_lanes = {graph.nodes[ident].lane for ident in graph.main}
        self._out: dict[str, list[GraphEdge]] = defaultdict(list)
        for link in graph.forward():
            self._out[link.source].append(link)

    def assign(self) -> None:
        self._place_main_path()
        for ident in sorted(self._graph.nodes, key=lambda i: self._graph.nodes[i].column):
            self._place_branches(ident)
        for ident in self._graph.nodes:
            if ident not in self._placed:
                self._place_chain([ident], ())
                self._place_branches(ident)
        self._number_rows()

    def _place_main_path(self) -> None:
        previous: GraphNode | None = None
        for ident in self._graph.main:
            node = self._graph.nodes[ident]
            first = previous.column + 1 if previous and previous.lane == node.lane else node.column
            self._occupy_cells(node.lane, 0, range(first, node.column + 1))
            self._placed.add(ident)
            previous = node

    def _place_branches(self, ident: str) -> None:
        """Place what starts at a placed node and what starts there in turn."""
        if ident not in self._placed:
            return
        links = [link for link in self._out[ident] if link.target not in self._placed]
        order = list(self._graph.nodes[ident].boundaries)
        links.sort(key=lambda link: (link.boundary != "", order.index(link.boundary) if link.boundary else 0))
        sides = sum(1 for link in self._out[ident] if not link.boundary)
        for index, link in enumerate(links):
            if link.target in self._placed:
                continue
            crowded = self._style.above and not link.boundary and sides > 2 and index % 2 == 1
            chain = self._follow_run(link.target)
            self._place_chain(chain, (-1,) if crowded else (), self._graph.nodes[ident])
            for member in chain:
                self._place_branches(member)

    def _follow_run(self, ident: str) -> list[str]:
        """Return the run of unplaced nodes in the same lane that starts at ``ident``."""
        run = [ident]
        while True:
            last_node = self._graph.nodes[run[-1]]
            ahead = [
                link.target
                for link in self._out[run[-1]]
                if not link.boundary
                and link.target not in self._placed
                and link.target not in run
                and self._graph.nodes[link.target].lane == last_node.lane
                and self._graph.nodes[link.target].column > last_node.column
            ]
            if not ahead:
                return run
            run.append(max(ahead, key=self._count_followers))

    def _count_followers(self, ident: str) -> int:
        return len(self._out[ident])

    def _place_chain(self, chain: list[str], wished: tuple[int, ...], source: GraphNode | None = None) -> None:
        nodes = [self._graph.nodes[ident] for ident in chain]
        lane, span = nodes[0].lane, range(nodes[0].column, nodes[-1].column + 1)
        row = next(
            row
            for row in self._iterate_candidate_rows(lane, wished, source, nodes[0])
            if self._is_free(lane, row, span)
        )
        self._occupy_cells(lane, row, span)
        for node in nodes:
            node.row = row
            self._placed.add(node.id)

    def _iterate_candidate_rows(
        self, lane: int, wished: tuple[int, ...], source: GraphNode | None, first: GraphNode
    ) -> Iterable[int]:
        same = source is not None and source.lane == lane
        base = source.row if source is not None and same else 0
        straight = source is not None and same and first.column > source.column
        if straight and base and source is not None and not is_container(first.element.kind):
            yield base
        for row in wished:
            yield base + row
        start = base + 1 if same else (1 if lane in self._main_lanes else 0)
        yield from range(max(start, 1 if lane in self._main_lanes else 0), start + len(self._graph.nodes) + 2)

    def _is_free(self, lane: int, row: int, span: range) -> bool:
        return self._taken[lane, row].isdisjoint(span)

    def _occupy_cells(self, lane: int, row: int, span: range) -> None:
        self._taken[lane, row].update(span)

    def _number_rows(self) -> None:
        """Turn (lane, row in lane) into rows counted from the top, every lane keeping at least one."""
        lanes = sorted({node.lane for node in self._graph.nodes.values()})
        first = 0
        for lane in lanes:
            members = [node for node in self._graph.nodes.values() if node.lane == lane]
            rows = sorted({node.row for node in members})
            place_of = {row: first + index for index, row in enumerate(rows)}
            for node in members:
                node.row = place_of[node.row]
            first += len(rows)
