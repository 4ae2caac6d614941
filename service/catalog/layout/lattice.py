"""The lattice that flows run on, and the ports where they leave or reach a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.layout.graph import Graph, GraphEdge, GraphNode
from service.catalog.layout.sizes import offsets_along, offsets_beside

TRACK = 16
PAD = 14


@dataclass(frozen=True, slots=True)
class LatticeLine:
    """A line of the lattice: in a cell at ``offset`` from its middle, or track ``offset`` of a channel."""

    cell: int | None
    channel: int | None
    offset: int
    nominal: float


@dataclass(frozen=True, slots=True)
class Lattice:
    """Vertical lines ``xs`` and horizontal lines ``ys`` in order, and which crossings lie under a node.

    Channel ``c`` lies before column ``c``; channel ``2r`` lies above row ``r``, ``2r+1`` below it. ``x_cell`` and
    ``y_cell`` number the line at an offset of a column or row, ``x_span`` and ``y_span`` its first and last line.
    """

    xs: tuple[LatticeLine, ...]
    ys: tuple[LatticeLine, ...]
    occupied: frozenset[tuple[int, int]]
    x_cell: dict[tuple[int, int], int]
    y_cell: dict[tuple[int, int], int]
    x_span: dict[int, tuple[int, int]]
    y_span: dict[int, tuple[int, int]]

    def free(self, x: int, y: int) -> bool:
        """Tell whether the crossing of line ``x`` and line ``y`` lies outside every node's cell."""
        column, row = self.xs[x].cell, self.ys[y].cell
        return column is None or row is None or (row, column) not in self.occupied


def build_lattice(graph: Graph, tracks: int) -> Lattice:
    """Build the lattice with ``tracks`` tracks in every channel."""
    nodes = list(graph.nodes.values())
    columns = 1 + max((node.column for node in nodes), default=0)
    rows = 1 + max((node.row for node in nodes), default=0)
    xs = _build_vertical_lines(nodes, columns, tracks)
    ys = _build_horizontal_lines(nodes, rows, tracks)
    return Lattice(
        xs,
        ys,
        frozenset((node.row, node.column) for node in nodes),
        {(line.cell, line.offset): index for index, line in enumerate(xs) if line.cell is not None},
        {(line.cell, line.offset): index for index, line in enumerate(ys) if line.cell is not None},
        _map_spans(xs),
        _map_spans(ys),
    )


def _map_spans(lines: tuple[LatticeLine, ...]) -> dict[int, tuple[int, int]]:
    spans: dict[int, tuple[int, int]] = {}
    for index, line in enumerate(lines):
        if line.cell is not None:
            spans[line.cell] = spans.get(line.cell, (index, index))[0], index
    return spans


def _build_vertical_lines(nodes: list[GraphNode], columns: int, tracks: int) -> tuple[LatticeLine, ...]:
    lines: list[LatticeLine] = []
    at = 0.0
    for column in range(columns):
        at = _add_tracks(lines, column, tracks, at)
        members = [node for node in nodes if node.column == column]
        half = max((node.width for node in members), default=100) / 2
        offsets = {0} | {offset for node in members for offset in node.boundaries.values()}
        offsets.update(o for node in members for o in offsets_along(node.element.kind, node.flows))
        lines.extend(LatticeLine(column, None, offset, at + half + offset) for offset in sorted(offsets))
        at += 2 * half
    _add_tracks(lines, columns, tracks, at)
    return tuple(lines)


def _build_horizontal_lines(nodes: list[GraphNode], rows: int, tracks: int) -> tuple[LatticeLine, ...]:
    lines: list[LatticeLine] = []
    at = 0.0
    lane_of = {node.row: node.lane for node in nodes}
    for row in range(rows):
        if lane_of.get(row) != lane_of.get(row - 1):
            at = _add_tracks(lines, 2 * row, tracks, at)
        members = [node for node in nodes if node.row == row]
        half = max((node.height for node in members), default=80) / 2
        offsets = {0} | {o for node in members for o in offsets_beside(node.element.kind, node.flows)}
        lines.extend(LatticeLine(row, None, offset, at + half + offset) for offset in sorted(offsets))
        at = _add_tracks(lines, 2 * row + 1, tracks, at + 2 * half)
    return tuple(lines)


def _add_tracks(lines: list[LatticeLine], channel: int, tracks: int, at: float) -> float:
    lines.extend(LatticeLine(None, channel, track, at + PAD + TRACK * track) for track in range(tracks))
    return at + 2 * PAD + TRACK * (tracks - 1)


RIGHT, DOWN, LEFT, UP = 0, 1, 2, 3
STEP = ((1, 0), (0, 1), (-1, 0), (0, -1))


@dataclass(frozen=True, slots=True)
class Port:
    """A point on a node's border facing ``side``; ``x``/``y`` is the first crossing outside the cell.

    ``place`` names the point (node, side, offset): two flows never share it. ``cost`` is how unnatural it is.
    """

    place: tuple[str, int, int]
    side: int
    x: int
    y: int
    cost: int


def source_ports(graph: Graph, lattice: Lattice, link: GraphEdge) -> Iterator[Port]:
    """Yield where ``link`` may leave; on the main path only to the right."""
    node = graph.nodes[link.source]
    if link.boundary:
        yield _port_across(lattice, node, node.boundaries[link.boundary], DOWN, 0)
        return
    gateway = node.element.kind.is_gateway
    for side, cost in ((RIGHT, 0), (DOWN, 8 if gateway else 50), (UP, 20 if gateway else 90), (LEFT, 160)):
        yield from _ports(lattice, node, side, cost)


def target_ports(graph: Graph, lattice: Lattice, link: GraphEdge) -> Iterator[Port]:
    """Yield where ``link`` may arrive."""
    node = graph.nodes[link.target]
    gateway = node.element.kind.is_gateway
    event = node.element.kind.is_event
    down, up = (30, 25) if event else (12, 12) if gateway else (20, 15)
    for side, cost in ((LEFT, 0), (UP, up), (DOWN, down), (RIGHT, 90)):
        yield from _ports(lattice, node, side, cost)


def _ports(lattice: Lattice, node: GraphNode, side: int, cost: int) -> Iterator[Port]:
    kind = node.element.kind
    if side in (RIGHT, LEFT):
        for offset in offsets_beside(kind, node.flows):
            yield _port_beside(lattice, node, offset, side, cost + (25 if offset else 0))
        return
    taken = set(node.boundaries.values()) if side == DOWN else set()
    for offset in offsets_along(kind, node.flows):
        if all(abs(offset - other) >= 28 for other in taken):
            yield _port_across(
                lattice, node, offset, side, cost + (0 if not offset else 12 if kind.is_activity else 60)
            )


def _port_beside(lattice: Lattice, node: GraphNode, offset: int, side: int, cost: int) -> Port:
    y = lattice.y_cell[node.row, offset]
    first, last = lattice.x_span[node.column]
    x = last + 1 if side == RIGHT else first - 1
    return Port((node.id, side, offset), side, x, y, cost)


def _port_across(lattice: Lattice, node: GraphNode, offset: int, side: int, cost: int) -> Port:
    x = lattice.x_cell[node.column, offset]
    first, last = lattice.y_span[node.row]
    y = last + 1 if side == DOWN else first - 1
    return Port((node.id, side, offset), side, x, y, cost)
