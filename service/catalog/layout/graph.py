"""The graph of one scope for the layout: nodes in lanes, flows forward and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from service.catalog.bpmn.mainpath import main_path
from service.catalog.bpmn.model import Diagram, Element, Flow, Kind
from service.catalog.layout.sizes import boundary_offsets, node_size


@dataclass(slots=True)
class GraphNode:
    """A node with its place and how many ``flows`` touch it.

    Boundary events are not nodes of their own but ports of their activity.
    """

    element: Element
    lane: int
    width: int
    height: int
    boundaries: dict[str, int] = field(default_factory=dict)
    column: int = 0
    row: int = 0
    flows: int = 0

    @property
    def id(self) -> str:
        """The id of its element."""
        return self.element.id


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A flow between two nodes; ``boundary`` is the boundary event it leaves from, "" for the node itself."""

    flow: Flow
    source: str
    target: str
    boundary: str
    back: bool


@dataclass(slots=True)
class Graph:
    """The nodes and links of one scope; ``main`` is the main path."""

    nodes: dict[str, GraphNode]
    links: list[GraphEdge]
    main: tuple[str, ...]

    def forward(self) -> list[GraphEdge]:
        """Return the links that lead to the right."""
        return [link for link in self.links if not link.back]


def build_graph(
    diagram: Diagram, parent: str, lane_of: Mapping[str, int], inner: Mapping[str, tuple[int, int]]
) -> Graph:
    """Build the graph of the nodes directly inside ``parent`` ("" is the process).

    ``inner`` holds the sizes of expanded subprocesses.
    """
    scope = [element for element in diagram.elements.values() if element.parent == parent]
    attached: dict[str, list[str]] = {}
    for element in scope:
        if element.kind is Kind.BOUNDARY:
            attached.setdefault(element.attached_to, []).append(element.id)
    nodes = {e.id: _build_node(e, attached.get(e.id, []), lane_of, inner) for e in scope if e.kind is not Kind.BOUNDARY}
    host = {ident: owner for owner, events in attached.items() for ident in events}
    main = main_path(diagram, parent)
    flows = [flow for flow in diagram.flows.values() if flow.parent == parent]
    links = _build_edges(flows, nodes, host, main)
    for link in links:
        nodes[link.target].flows += 1
        nodes[link.source].flows += not link.boundary
    return Graph(nodes, links, main)


def _build_node(
    element: Element, events: list[str], lane_of: Mapping[str, int], inner: Mapping[str, tuple[int, int]]
) -> GraphNode:
    width, height = inner.get(element.id) or node_size(element, len(events))
    offsets = boundary_offsets(len(events)) if events else []
    return GraphNode(element, lane_of.get(element.id, 0), width, height, dict(zip(events, offsets, strict=True)))


def _build_edges(
    flows: Iterable[Flow], nodes: Mapping[str, GraphNode], host: Mapping[str, str], main: tuple[str, ...]
) -> list[GraphEdge]:
    ends = [(flow, host.get(flow.source, flow.source), flow.target) for flow in flows]
    ends = [(flow, source, target) for flow, source, target in ends if source in nodes and target in nodes]
    back = _find_backward_arrows(nodes, [(source, target) for _, source, target in ends], main)
    return [
        GraphEdge(flow, source, target, flow.source if flow.source in host else "", (source, target) in back)
        for flow, source, target in ends
    ]


def _find_backward_arrows(
    nodes: Mapping[str, GraphNode], arrows: list[tuple[str, str]], main: tuple[str, ...]
) -> set[tuple[str, str]]:
    """Find the arrows that close a loop, walking the main path first so that it never is one of them."""
    rank = {ident: index for index, ident in enumerate(main)}
    following: dict[str, list[str]] = {}
    for source, target in arrows:
        following.setdefault(source, []).append(target)
    for source, targets in following.items():
        targets.sort(key=lambda target: rank.get(target, -1) != rank.get(source, -9) + 1)
    search = _Search(following)
    for ident in [*main[:1], *(n.id for n in nodes.values() if n.element.kind is Kind.START), *nodes]:
        search.visit(ident)
    return search.back


class _Search:
    """Depth-first search that notes the arrows back to an open node."""

    def __init__(self, following: Mapping[str, list[str]]) -> None:
        self._following = following
        self._open: set[str] = set()
        self._done: set[str] = set()
        self.back: set[tuple[str, str]] = set()

    def visit(self, ident: str) -> None:
        if ident in self._done or ident in self._open:
            return
        self._open.add(ident)
        for target in self._following.get(ident, ()):
            if target in self._open:
                self.back.add((ident, target))
            else:
                self.visit(target)
        self._open.discard(ident)
        self._done.add(ident)
