"""Placement of outside names, and the margins they need around their node."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from service.catalog.layout.graph import Graph, GraphNode
from service.catalog.layout.lattice import DOWN, LEFT, RIGHT, UP
from service.catalog.layout.route import Route
from service.catalog.layout.sizes import EVENT, LABEL, has_outside_label, label_size

GAP = 4
CLEAR = 8
"""Distance of a flow's name from its line: the stroke that marks a default flow stands between them."""
NARROW = 60
"""Widest label beside a line that leaves a node upwards or downwards."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A label relative to the middle of its node."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class NodeMargins:
    """The room a node needs: beyond its box above and below and, for names of flows, to the sides.

    ``cell_left`` and ``cell_right`` count from its middle: names that stand above or below.
    """

    above: float = 0
    below: float = 0
    right: float = 0
    left: float = 0
    cell_right: float = 0
    cell_left: float = 0


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by element or flow id, and the room per node."""

    boxes: dict[str, Rectangle]
    owners: dict[str, str]
    rooms: dict[str, NodeMargins]


def place_labels(graph: Graph, routes: dict[str, Route], boundary_names: dict[str, str]) -> Labels:
    """Place the names of events, gateways, boundary events and flows.

    ``boundary_names`` maps boundary events to their names. Everything stays inside the node's own
    cell, so that no flow of another node can run through it.
    """
    used: dict[tuple[str, int], set[int]] = defaultdict(set)
    for route in routes.values():
        for port in (route.start, route.end):
            used[port.place[0], port.side].add(port.place[2])
    labels = Labels({}, {}, {ident: NodeMargins() for ident in graph.nodes})
    for node in graph.nodes.values():
        for event, offset in node.boundaries.items():
            _place_boundary_label(labels, node, event, offset, boundary_names.get(event, ""))
    for route in routes.values():
        if route.link.flow.name:
            _place_flow_label(labels, graph.nodes[route.link.source], route, used)
    for node in graph.nodes.values():
        if has_outside_label(node.element):
            _place_label(labels, node.id, node, _place_name(labels, node, used))
    return labels


def _place_label(labels: Labels, ident: str, node: GraphNode, box: Rectangle) -> None:
    labels.boxes[ident] = box
    labels.owners[ident] = node.id
    room = labels.rooms[node.id]
    room.above = max(room.above, -box.y - node.height / 2 + 2)
    room.below = max(room.below, box.y + box.height - node.height / 2 + 2)
    if box.y + box.height > node.height / 2 or box.y < -node.height / 2:  # above or below, within the cell
        room.cell_right = max(room.cell_right, box.x + box.width + GAP)
        room.cell_left = max(room.cell_left, GAP - box.x)


def _place_name(labels: Labels, node: GraphNode, used: dict[tuple[str, int], set[int]]) -> Rectangle:
    """Above to the right for gateways, below for events; where a flow runs there, beside it."""
    half = node.height / 2
    text = node.element.name
    ups, downs = used[node.id, UP], used[node.id, DOWN]
    if node.element.kind.is_gateway:
        if not ups:
            width, height = label_size(text, LABEL - 6)
            return Rectangle(-half if width > 2 * half else -width / 2, -half - GAP - height, width, height)
        width, height = label_size(text, NARROW)
        return _move_name_up(labels, node, Rectangle(max(ups) + 5, -half - GAP - height, width, height))
    if downs and not ups:
        width, height = label_size(text, LABEL + 24)
        return _move_name_up(labels, node, Rectangle(-width / 2, -half - GAP - height, width, height))
    width, height = label_size(text, NARROW if downs else LABEL + 24)
    return _move_name_down(labels, node, Rectangle(max(downs) + 5 if downs else -width / 2, half + GAP, width, height))


def _move_name_up(labels: Labels, node: GraphNode, box: Rectangle) -> Rectangle:
    """Move a name up until it stands clear of the names of the node's flows."""
    tops = [other.y for other in _list_labels_around(labels, node, box) if other.y < 0]
    return Rectangle(box.x, min([box.y, *(top - 2 - box.height for top in tops)]), box.width, box.height)


def _move_name_down(labels: Labels, node: GraphNode, box: Rectangle) -> Rectangle:
    """Move a name down until it stands clear of the names of the node's flows."""
    bottoms = [other.y + other.height for other in _list_labels_around(labels, node, box) if other.y > 0]
    return Rectangle(box.x, max([box.y, *(bottom + 2 for bottom in bottoms)]), box.width, box.height)


def _list_labels_around(labels: Labels, node: GraphNode, box: Rectangle) -> list[Rectangle]:
    """Return the labels of a node that stand above or below ``box``."""
    node_boxes = [labels.boxes[ident] for ident, owner in labels.owners.items() if owner == node.id]
    return [other for other in node_boxes if other.x < box.x + box.width and box.x < other.x + other.width]


def _place_boundary_label(labels: Labels, node: GraphNode, event: str, offset: int, name: str) -> None:
    """Beside the line that leaves the event: to the right, to the left for the left one of two."""
    width, height = label_size(name, NARROW)
    is_first_of_two = offset < 0 and len(node.boundaries) == 2
    x = offset - 5 - width if is_first_of_two else offset + 5
    box = Rectangle(x, node.height / 2 + EVENT / 2 + 1, width, height)
    if name:
        _place_label(labels, event, node, box)
    room = labels.rooms[node.id]
    room.below = max(room.below, EVENT / 2 + 4)


def _place_flow_label(labels: Labels, node: GraphNode, route: Route, used: dict[tuple[str, int], set[int]]) -> None:
    name, side = route.link.flow.name, route.start.side
    offset = route.start.place[2]
    half_width, half_height = node.width / 2, node.height / 2
    if side in (RIGHT, LEFT):
        width, height = label_size(name)
        x = half_width + GAP if side == RIGHT else -half_width - GAP - width
        box = Rectangle(x, offset - height - CLEAR + 3, width, height)
        room = labels.rooms[node.id]
        room.right = max(room.right, width + 2 * GAP + 4 if side == RIGHT else 0)
        room.left = max(room.left, width + 2 * GAP + 4 if side == LEFT else 0)
    else:
        width, height = label_size(name, NARROW)
        named = labels.boxes.get(route.link.boundary)
        start = half_height + (EVENT / 2 if route.link.boundary else 0) + (named.height + 2 if named else 0)
        y = start + 2 if side == DOWN else -start - 2 - height
        others = used[node.id, side] - {offset}
        right = (side == DOWN or min(others, default=offset) < offset) and max(others, default=offset) <= offset
        box = Rectangle(offset + CLEAR if right else offset - CLEAR - width, y, width, height)
    _place_label(labels, route.link.flow.id, node, box)
