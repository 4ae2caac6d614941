"""Flaws of a drawing: what the layout must never draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, pairwise

from service.catalog.bpmn.model import Diagram, Kind
from service.catalog.bpmn.shapes import Bounds, Edge, Point, Shape
from service.catalog.bpmn.text import INSIDE, LINE, shown, text_width, wrap_label_text

TOLERANCE = 1.0


class Flaw(StrEnum):
    """What may be wrong with a drawing."""

    SHAPES = "shapes_overlap"
    LABEL = "label_overlaps"
    NAME = "name_too_long"
    EDGE_NODE = "edge_through_node"
    EDGE_LABEL = "edge_through_label"
    EDGES = "edges_overlap"
    SLANTED = "edge_slanted"
    LOOSE = "edge_loose"
    OUTSIDE = "outside_lane"
    UNDRAWN = "not_drawn"


@dataclass(frozen=True, slots=True)
class DrawingFlaw:
    """A flaw at ``element``, with ``other`` where two are involved."""

    flaw: Flaw
    element: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight piece of an edge."""

    start: Point
    end: Point
    box: Bounds = field(init=False, compare=False, repr=False)
    """The segment as a box without area."""

    def __post_init__(self) -> None:
        x, y = min(self.start.x, self.end.x), min(self.start.y, self.end.y)
        object.__setattr__(self, "box", Bounds(x, y, abs(self.start.x - self.end.x), abs(self.start.y - self.end.y)))

    @property
    def horizontal(self) -> bool:
        """Tell whether it runs left or right."""
        return abs(self.start.y - self.end.y) <= TOLERANCE

    @property
    def vertical(self) -> bool:
        """Tell whether it runs up or down."""
        return abs(self.start.x - self.end.x) <= TOLERANCE


def split_into_segments(edge: Edge) -> tuple[Segment, ...]:
    """Return the straight pieces of an edge."""
    return tuple(Segment(a, b) for a, b in pairwise(edge.waypoints))


def reach_of(pieces: Sequence[Segment]) -> Bounds:
    """Return the box around the pieces of an edge: what lies apart from it, none of them touches."""
    left, top = min(piece.box.x for piece in pieces), min(piece.box.y for piece in pieces)
    right, bottom = max(piece.box.right for piece in pieces), max(piece.box.bottom for piece in pieces)
    return Bounds(left, top, right - left, bottom - top)


def is_overlapping(a: Bounds, b: Bounds) -> bool:
    """Tell whether two boxes share more than a border."""
    return a.x < b.right and b.x < a.right and a.y < b.bottom and b.y < a.bottom


def apart(a: Bounds, b: Bounds) -> bool:
    """Tell whether two boxes lie so far from one another that nothing in them touches, shares a line or crosses."""
    return (
        a.x > b.right + TOLERANCE
        or b.x > a.right + TOLERANCE
        or a.y > b.bottom + TOLERANCE
        or b.y > a.bottom + TOLERANCE
    )


def is_crossing_box(segment: Segment, box: Bounds) -> bool:
    """Tell whether a segment runs through the inside of ``box``; the border may be touched."""
    piece = segment.box
    if piece.x > box.right or piece.right < box.x or piece.y > box.bottom or piece.bottom < box.y:
        return False  # most are far apart
    inner = box.grown(-TOLERANCE)
    if not (piece.x < inner.right and inner.x < piece.right and piece.y < inner.bottom and inner.y < piece.bottom) and (
        piece.x > inner.right or piece.right < inner.x or piece.y > inner.bottom or piece.bottom < inner.y
    ):
        return False
    return segment.horizontal or segment.vertical or _slanted_touches(segment, inner)


def _slanted_touches(segment: Segment, box: Bounds) -> bool:
    """Clip a slanted segment by the box (Liang and Barsky)."""
    a, b = segment.start, segment.end
    low, high = 0.0, 1.0
    for delta, near, far in ((b.x - a.x, box.x - a.x, box.right - a.x), (b.y - a.y, box.y - a.y, box.bottom - a.y)):
        if delta == 0:
            continue
        first, last = sorted((near / delta, far / delta))
        low, high = max(low, first), min(high, last)
    return low < high


def has_shared_stretch(a: Segment, b: Segment) -> bool:
    """Tell whether two segments run along the same line for a stretch."""
    if a.horizontal and b.horizontal:
        same = abs(a.start.y - b.start.y) <= TOLERANCE
        return same and min(a.box.right, b.box.right) - max(a.box.x, b.box.x) > TOLERANCE
    if a.vertical and b.vertical:
        same = abs(a.start.x - b.start.x) <= TOLERANCE
        return same and min(a.box.bottom, b.box.bottom) - max(a.box.y, b.box.y) > TOLERANCE
    return False


def list_drawing_flaws(diagram: Diagram) -> list[DrawingFlaw]:
    """Return every flaw of a drawing; a diagram without one is drawn by the layout when somebody looks at it."""
    if not diagram.shapes:
        return []
    return [
        *_find_undrawn(diagram),
        *_find_shape_overlaps(diagram),
        *_find_label_overlaps(diagram),
        *_find_long_names(diagram),
        *_find_edge_flaws(diagram),
        *_find_shared_stretches(diagram),
        *_find_lane_flaws(diagram),
    ]


def _find_undrawn(diagram: Diagram) -> Iterator[DrawingFlaw]:
    for ident in diagram.elements:
        if ident not in diagram.shapes:
            yield DrawingFlaw(Flaw.UNDRAWN, ident)
    for ident in diagram.flows:
        if len(diagram.edges.get(ident, Edge(())).waypoints) < 2:
            yield DrawingFlaw(Flaw.UNDRAWN, ident)


def _map_drawn_shapes(diagram: Diagram) -> Mapping[str, Shape]:
    return {ident: diagram.shapes[ident] for ident in diagram.elements if ident in diagram.shapes}


def _find_shape_overlaps(diagram: Diagram) -> Iterator[DrawingFlaw]:
    for (first, a), (two, b) in combinations(_map_drawn_shapes(diagram).items(), 2):
        if is_overlapping(a.bounds, b.bounds) and not _is_part_of(diagram, first, two):
            yield DrawingFlaw(Flaw.SHAPES, first, two)


def _is_part_of(diagram: Diagram, first: str, two: str) -> bool:
    """Tell whether one stands on or in the other: boundary events and the content of subprocesses."""
    return first in _collect_containers(diagram, two) or two in _collect_containers(diagram, first)


def _collect_containers(diagram: Diagram, ident: str) -> set[str]:
    holders: set[str] = set()
    element = diagram.elements.get(ident)
    while element is not None:
        above = element.attached_to or element.parent
        holders.add(above)
        element = diagram.elements.get(above)
    return holders


def _all_labels(diagram: Diagram) -> dict[str, Bounds]:
    """Return the room every outside name takes once it is broken into lines, which may be more than its box."""
    drawn: dict[str, Shape | Edge] = {**_map_drawn_shapes(diagram), **diagram.edges}
    return {
        ident: _get_written_room(item.label, _get_name(diagram, ident))
        for ident, item in drawn.items()
        if item.label is not None
    }


def _get_written_room(box: Bounds, name: str) -> Bounds:
    """Return the room that ``name`` takes in the label ``box``: it starts at its top and may reach beyond it."""
    lines = shown(name, int(box.width))
    width = max([box.width, *map(text_width, lines)])
    return Bounds(box.centre.x - width / 2, box.y, width, max(box.height, LINE * len(lines)))


def _get_name(diagram: Diagram, ident: str) -> str:
    named = diagram.elements.get(ident) or diagram.flows.get(ident)
    return "" if named is None else named.name


def _find_label_overlaps(diagram: Diagram) -> Iterator[DrawingFlaw]:
    labels = _all_labels(diagram)
    for (first, a), (two, b) in combinations(labels.items(), 2):
        if is_overlapping(a, b):
            yield DrawingFlaw(Flaw.LABEL, first, two)
    for ident, label in labels.items():
        for other, shape in _map_drawn_shapes(diagram).items():
            if is_overlapping(label, shape.bounds) and not _contains_end(diagram, other, ident):
                yield DrawingFlaw(Flaw.LABEL, ident, other)


def _find_long_names(diagram: Diagram) -> Iterator[DrawingFlaw]:
    """Find names that need more room than the box they stand in."""
    for ident, shape in _map_drawn_shapes(diagram).items():
        element = diagram.elements[ident]
        lines = wrap_label_text(element.name, int(shape.bounds.width) - INSIDE)
        wide = max(map(text_width, lines), default=0) > shape.bounds.width
        if element.kind.is_activity and (wide or LINE * len(lines) > shape.bounds.height):
            yield DrawingFlaw(Flaw.NAME, ident)


def _contains_end(diagram: Diagram, container: str, ident: str) -> bool:
    flow = diagram.flows.get(ident)
    return container in _collect_containers(diagram, flow.source if flow else ident) and _is_container(
        diagram, container
    )


def _is_container(diagram: Diagram, ident: str) -> bool:
    return diagram.elements[ident].kind in (Kind.SUBPROCESS, Kind.TRANSACTION, Kind.AD_HOC)


def _find_edge_flaws(diagram: Diagram) -> Iterator[DrawingFlaw]:
    labels = _all_labels(diagram)
    drawn = _map_drawn_shapes(diagram)
    for ident, flow in diagram.flows.items():
        edge = diagram.edges.get(ident)
        if edge is None or len(edge.waypoints) < 2:
            continue
        pieces = split_into_segments(edge)
        if any(not piece.horizontal and not piece.vertical for piece in pieces):
            yield DrawingFlaw(Flaw.SLANTED, ident)
        yield from _find_loose_ends(ident, edge, drawn.get(flow.source), drawn.get(flow.target))
        ends, around = {flow.source, flow.target}, reach_of(pieces)
        holders, host = _collect_containers(diagram, flow.source), diagram.elements[flow.source].attached_to
        for other, shape in drawn.items():
            is_end = other in ends
            if apart(shape.bounds, around) or (other in holders and _is_container(diagram, other)) or other == host:
                continue
            box = shape.bounds.grown(-8) if is_end else shape.bounds
            if any(is_crossing_box(piece, box) for piece in (pieces[1:-1] if is_end else pieces)):
                yield DrawingFlaw(Flaw.EDGE_NODE, ident, other)
        for other, label in labels.items():
            if not apart(label, around) and any(is_crossing_box(piece, label) for piece in pieces):
                yield DrawingFlaw(Flaw.EDGE_LABEL, ident, other)


def _find_loose_ends(ident: str, edge: Edge, source: Shape | None, target: Shape | None) -> Iterator[DrawingFlaw]:
    for shape, point in ((source, edge.waypoints[0]), (target, edge.waypoints[-1])):
        if shape is not None and not shape.bounds.grown(2).contains(Bounds(point.x, point.y, 0, 0)):
            yield DrawingFlaw(Flaw.LOOSE, ident)


def _find_shared_stretches(diagram: Diagram) -> Iterator[DrawingFlaw]:
    edges = ((ident, split_into_segments(edge)) for ident, edge in diagram.edges.items() if ident in diagram.flows)
    drawn = [(ident, pieces, reach_of(pieces)) for ident, pieces in edges if pieces]
    for (first, a, around), (two, b, there) in combinations(drawn, 2):
        if apart(around, there):
            continue
        if any(has_shared_stretch(p, q) for p in a for q in b):
            yield DrawingFlaw(Flaw.EDGES, first, two)


def _find_lane_flaws(diagram: Diagram) -> Iterator[DrawingFlaw]:
    pool = diagram.shapes.get(diagram.pool)
    for ident, element in diagram.elements.items():
        shape = diagram.shapes.get(ident)
        lane = diagram.shapes.get(element.lane) if element.lane else pool
        if shape and lane and not element.parent and not lane.bounds.contains(shape.bounds):
            yield DrawingFlaw(Flaw.OUTSIDE, ident, element.lane or diagram.pool)
