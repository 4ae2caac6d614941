"""The lattice that flows run on: lines through the grid and tracks in the channels between its cells."""

from __future__ import annotations

from dataclasses import dataclass

from service.catalog.layout.graph import Graph, GraphNode
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
    xs = _vertical(nodes, columns, tracks)
    ys = _horizontal(nodes, rows, tracks)
    return Lattice(
        xs,
        ys,
        frozenset((node.row, node.column) for node in nodes),
        {(line.cell, line.offset): index for index, line in enumerate(xs) if line.cell is not None},
        {(line.cell, line.offset): index for index, line in enumerate(ys) if line.cell is not None},
        _spans(xs),
        _spans(ys),
    )


def _spans(lines: tuple[LatticeLine, ...]) -> dict[int, tuple[int, int]]:
    spans: dict[int, tuple[int, int]] = {}
    for index, line in enumerate(lines):
        if line.cell is not None:
            spans[line.cell] = spans.get(line.cell, (index, index))[0], index
    return spans


def _vertical(nodes: list[GraphNode], columns: int, tracks: int) -> tuple[LatticeLine, ...]:
    lines: list[LatticeLine] = []
    at = 0.0
    for column in range(columns):
        at = _tracks(lines, column, tracks, at)
        members = [node for node in nodes if node.column == column]
        half = max((node.width for node in members), default=100) / 2
        offsets = {0} | {offset for node in members for offset in node.boundaries.values()}
        offsets.update(o for node in members for o in offsets_along(node.element.kind, node.flows))
        lines.extend(LatticeLine(column, None, offset, at + half + offset) for offset in sorted(offsets))
        at += 2 * half
    _tracks(lines, columns, tracks, at)
    return tuple(lines)


def _horizontal(nodes: list[GraphNode], rows: int, tracks: int) -> tuple[LatticeLine, ...]:
    lines: list[LatticeLine] = []
    at = 0.0
    lane_of = {node.row: node.lane for node in nodes}
    for row in range(rows):
        if lane_of.get(row) != lane_of.get(row - 1):
            at = _tracks(lines, 2 * row, tracks, at)
        members = [node for node in nodes if node.row == row]
        half = max((node.height for node in members), default=80) / 2
        offsets = {0} | {o for node in members for o in offsets_beside(node.element.kind, node.flows)}
        lines.extend(LatticeLine(row, None, offset, at + half + offset) for offset in sorted(offsets))
        at = _tracks(lines, 2 * row + 1, tracks, at + 2 * half)
    return tuple(lines)


def _tracks(lines: list[LatticeLine], channel: int, tracks: int, at: float) -> float:
    lines.extend(LatticeLine(None, channel, track, at + PAD + TRACK * track) for track in range(tracks))
    return at + 2 * PAD + TRACK * (tracks - 1)
