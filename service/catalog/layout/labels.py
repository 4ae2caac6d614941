"""Where outside names stand, and the room they need around their node."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from service.catalog.layout.graph import Graph, Node
from service.catalog.layout.ports import DOWN, LEFT, RIGHT, UP
from service.catalog.layout.route import Route
from service.catalog.layout.sizes import EVENT, LABEL, has_outside_label, label_size

GAP = 4
NARROW = 60
"""Widest label beside a line that leaves a node upwards or downwards."""


@dataclass(frozen=True, slots=True)
class Box:
    """A label relative to the middle of its node."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Room:
    """The room a node needs beyond its own box: above and below, and to the sides for names of flows."""

    above: float = 0
    below: float = 0
    right: float = 0
    left: float = 0


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels by element or flow id, and the room per node."""

    boxes: dict[str, Box]
    owners: dict[str, str]
    rooms: dict[str, Room]


def place_labels(graph: Graph, routes: dict[str, Route], boundary_names: dict[str, str]) -> Labels:
    """Place the names of events, gateways, boundary events and flows.

    ``boundary_names`` maps boundary events to their names. Everything stays inside the node's own
    cell, so that no flow of another node can run through it.
    """
    used: dict[str, set[int]] = defaultdict(set)
    for route in routes.values():
        for port in (route.start, route.end):
            used[port.place[0]].add(port.side)
    labels = Labels({}, {}, {ident: Room() for ident in graph.nodes})
    for node in graph.nodes.values():
        if has_outside_label(node.element):
            _keep(labels, node.id, node, _name(node, used[node.id]))
        for event, offset in node.boundaries.items():
            _boundary(labels, node, event, offset, boundary_names.get(event, ""))
    for route in routes.values():
        if route.link.flow.name:
            _flow(labels, graph.nodes[route.link.source], route)
    return labels


def _keep(labels: Labels, ident: str, node: Node, box: Box) -> None:
    labels.boxes[ident] = box
    labels.owners[ident] = node.id
    room = labels.rooms[node.id]
    room.above = max(room.above, -box.y - node.height / 2 + 2)
    room.below = max(room.below, box.y + box.height - node.height / 2 + 2)


def _name(node: Node, used: set[int]) -> Box:
    """Above to the right for gateways, below for events; where a flow runs there, beside it."""
    half = node.height / 2
    text = node.element.name
    if node.element.kind.is_gateway:
        if UP not in used:
            width, height = label_size(text, LABEL - 6)
            return Box(-half if width > 2 * half else -width / 2, -half - GAP - height, width, height)
        width, height = label_size(text, NARROW)
        return Box(5, -half - GAP - height + 6, width, height)
    if DOWN in used and UP not in used:
        width, height = label_size(text, LABEL + 24)
        return Box(-width / 2, -half - GAP - height, width, height)
    width, height = label_size(text, LABEL + 24 if DOWN not in used else NARROW)
    return Box(-width / 2 if DOWN not in used else 5, half + GAP, width, height)


def _boundary(labels: Labels, node: Node, event: str, offset: int, name: str) -> None:
    """Beside the line that leaves the event: to the right, to the left for the left one of two."""
    width, height = label_size(name, NARROW)
    left = offset < 0 and len(node.boundaries) == 2
    x = offset - 5 - width if left else offset + 5
    box = Box(x, node.height / 2 + EVENT / 2 + 1, width, height)
    if name:
        _keep(labels, event, node, box)
    room = labels.rooms[node.id]
    room.below = max(room.below, EVENT / 2 + 4)


def _flow(labels: Labels, node: Node, route: Route) -> None:
    name, side = route.link.flow.name, route.start.side
    offset = route.start.place[2]
    half_width, half_height = node.width / 2, node.height / 2
    if side in (RIGHT, LEFT):
        width, height = label_size(name)
        x = half_width + GAP if side == RIGHT else -half_width - GAP - width
        box = Box(x, offset - height - 2, width, height)
        room = labels.rooms[node.id]
        room.right = max(room.right, width + 2 * GAP + 4 if side == RIGHT else 0)
        room.left = max(room.left, width + 2 * GAP + 4 if side == LEFT else 0)
    else:
        width, height = label_size(name, NARROW)
        named = labels.boxes.get(route.link.boundary)
        start = half_height + (EVENT / 2 if route.link.boundary else 0) + (named.height + 2 if named else 0)
        y = start + 2 if side == DOWN else -start - 2 - height
        box = Box(offset + GAP if side == DOWN else offset - GAP - width, y, width, height)
    _keep(labels, route.link.flow.id, node, box)
