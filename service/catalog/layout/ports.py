"""Ports: where a flow may leave or reach a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.layout.graph import Graph, GraphEdge, GraphNode
from service.catalog.layout.lattice import Lattice
from service.catalog.layout.sizes import offsets_along, offsets_beside

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
        yield _vertical(lattice, node, node.boundaries[link.boundary], DOWN, 0)
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
            yield _horizontal(lattice, node, offset, side, cost + (25 if offset else 0))
        return
    taken = set(node.boundaries.values()) if side == DOWN else set()
    for offset in offsets_along(kind, node.flows):
        if all(abs(offset - other) >= 28 for other in taken):
            yield _vertical(lattice, node, offset, side, cost + (0 if not offset else 12 if kind.is_activity else 60))


def _horizontal(lattice: Lattice, node: GraphNode, offset: int, side: int, cost: int) -> Port:
    y = lattice.y_cell[node.row, offset]
    first, last = lattice.x_span[node.column]
    x = last + 1 if side == RIGHT else first - 1
    return Port((node.id, side, offset), side, x, y, cost)


def _vertical(lattice: Lattice, node: GraphNode, offset: int, side: int, cost: int) -> Port:
    x = lattice.x_cell[node.column, offset]
    first, last = lattice.y_span[node.row]
    y = last + 1 if side == DOWN else first - 1
    return Port((node.id, side, offset), side, x, y, cost)
