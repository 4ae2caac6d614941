"""A drawing made by hand in which new steps get room: what was drawn stays, what lies behind them moves to the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.catalog.bpmn.model import Diagram, Flow
from service.catalog.bpmn.shapes import Bounds, Edge, Point, Shape
from service.catalog.layout.bypass import way_between
from service.catalog.layout.sizes import EVENT, has_outside_label, is_container, label_size, node_size

GAP = 40
"""Between two new steps, and behind the last of them."""
_NEAR = 5
"""Between a node or a flow and its name."""
_BEFORE = 12
"""So far in front of a node a flow turns to it."""


@dataclass(frozen=True, slots=True)
class KeptPlaces:
    """Where shapes and edges of a diagram stand, by what they draw."""

    shapes: Mapping[str, Shape]
    edges: Mapping[str, Edge]


def make_room(old: Diagram, new: Diagram) -> KeptPlaces | None:
    """Return the drawing of ``old`` with what is in ``new`` alone; None where that has no place beside what is drawn.

    It has none where it hangs on nothing drawn, is a subprocess, or stands in a lane that is not drawn.
    """
    lanes = {lane.id for lane in new.lanes}
    shapes = {ident: shape for ident, shape in old.shapes.items() if ident in new.elements or ident not in old.elements}
    missing = [element for element in new.elements.values() if element.id not in shapes]
    if lanes - shapes.keys() or any(is_container(element.kind) for element in missing):
        return None
    room = _Room(new, shapes, {ident: (flow.source, flow.target) for ident, flow in old.flows.items()}, old.edges)
    groups = list(_groups(new, {element.id for element in missing}))
    return room.drawn() if all(map(room.insert, groups)) else None


def _groups(diagram: Diagram, missing: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield the elements that are not drawn, those that hang together, each group in the order in which one comes to them."""
    while missing:
        entered = [flow.target for flow in diagram.flows.values() if flow.source not in missing]
        first = next((ident for ident in diagram.elements if ident in missing and ident in entered), min(missing))
        waiting, group = [first], list[str]()
        while waiting:
            here = waiting.pop(0)
            if here in missing:
                missing.discard(here)
                group.append(here)
                waiting += _beside(diagram, here)
        yield tuple(group)


def _beside(diagram: Diagram, ident: str) -> list[str]:
    """Return what an element leads to, what is attached to it or it to, and what leads to it."""
    element = diagram.elements[ident]
    onward = [flow.target for flow in diagram.flows.values() if flow.source == ident]
    attached = [one.id for one in diagram.elements.values() if one.attached_to == ident]
    back = [flow.source for flow in diagram.flows.values() if flow.target == ident]
    return [*onward, *attached, *([element.attached_to] if element.attached_to else []), *back]


class _Room:
    """A drawing while groups of new elements are put into it."""

    def __init__(
        self,
        diagram: Diagram,
        shapes: dict[str, Shape],
        ends: Mapping[str, tuple[str, str]],
        edges: Mapping[str, Edge],
    ) -> None:
        self._diagram, self._shapes, self._ends = diagram, shapes, ends
        self._edges = {ident: edge for ident, edge in edges.items() if ident in diagram.flows or ident not in ends}

    def insert(self, group: Sequence[str]) -> bool:
        """Put new elements in front of the drawn one that they lead to, else behind the one that leads to them."""
        elements = self._diagram.elements
        sources = [f.source for f in self._flows() if f.target in group and f.source in self._shapes]
        sources += [elements[one].attached_to for one in group if elements[one].attached_to in self._shapes]
        targets = [f.target for f in self._flows() if f.source in group and f.target in self._shapes]
        beside = self._next(sources, targets) or next(iter(sources), "")
        if not beside:
            return False
        box = self._shapes[beside].bounds
        start, cut = (box.x, box.x) if beside in targets else (box.right + GAP, box.right + 1)
        columns = {ident: self._column(ident) for ident in group if not elements[ident].attached_to}
        if columns:
            self._shift(beside, cut, sum(columns.values()) + GAP * len(columns), sources)
        for ident, width in columns.items():
            self._place(ident, start + width / 2, beside)
            start += width + GAP
        for ident in group:
            if elements[ident].attached_to:
                self._attach(ident)
        return True

    def drawn(self) -> KeptPlaces:
        """Return the drawing with every flow that is new or leads elsewhere now."""
        for flow in self._flows():
            if self._ends.get(flow.id) != (flow.source, flow.target) or flow.id not in self._edges:
                self._edges[flow.id] = self._routed(flow)
        return KeptPlaces(self._shapes, self._edges)

    def _flows(self) -> Iterable[Flow]:
        return self._diagram.flows.values()

    def _next(self, sources: Iterable[str], targets: Iterable[str]) -> str:
        """Return which of ``targets`` is the first behind the first of ``sources``, else the first of all; "" for none."""
        ordered = sorted(targets, key=lambda ident: self._shapes[ident].bounds.x)
        reached = min((self._shapes[ident].bounds.right for ident in sources), default=0.0)
        ahead = [ident for ident in ordered if self._shapes[ident].bounds.x >= reached]
        return next(iter([*ahead, *ordered]), "")

    def _column(self, ident: str) -> int:
        element = self._diagram.elements[ident]
        named = label_size(element.name)[0] if has_outside_label(element) else 0
        return max(node_size(element)[0], named)

    def _place(self, ident: str, middle: float, beside: str) -> None:
        element, centre = self._diagram.elements[ident], self._shapes[beside].bounds.centre.y
        lane = self._shapes[element.lane].bounds if element.lane in self._shapes else None
        row = centre if lane is None or lane.y <= centre <= lane.bottom else lane.centre.y
        width, height = node_size(element)
        box = Bounds(middle - width / 2, row - height / 2, width, height)
        wide, high = label_size(element.name)
        above = Bounds(middle - wide / 2, box.y - high - _NEAR, wide, high)
        self._shapes[ident] = Shape(box, above if has_outside_label(element) else None)

    def _attach(self, ident: str) -> None:
        """Put an event on the lower border of its activity, beside those that are there."""
        element = self._diagram.elements[ident]
        host = self._shapes[element.attached_to].bounds
        known = self._diagram.elements.values()
        there = sum(one.attached_to == element.attached_to and one.id in self._shapes for one in known)
        box = Bounds(host.right - (there + 1) * (EVENT + _NEAR), host.bottom - EVENT / 2, EVENT, EVENT)
        wide, high = label_size(element.name)
        below = Bounds(box.centre.x - wide - _NEAR, box.bottom + _NEAR, wide, high)
        self._shapes[ident] = Shape(box, below if element.name else None)

    def _shift(self, beside: str, cut: float, by: float, sources: Iterable[str]) -> None:
        """Move what lies behind ``cut`` to the right, widen what holds it: pools, lanes, subprocesses around ``beside``."""
        holding = set(self._holders(beside))
        moving = {ident for ident in self._shapes if self._moves(ident, cut, holding, sources)}
        for ident, edge in self._edges.items():
            self._edges[ident] = self._shifted(ident, edge, cut, by, moving)
        for ident, shape in self._shapes.items():
            box = shape.bounds
            if ident in moving:
                label = None if shape.label is None else _moved(shape.label, by)
                self._shapes[ident] = Shape(_moved(box, by), label, shape.expanded)
            elif (ident in holding or ident not in self._diagram.elements) and box.right > cut:
                wider = Bounds(box.x, box.y, box.width + by, box.height)
                self._shapes[ident] = Shape(wider, shape.label, shape.expanded)

    def _holders(self, ident: str) -> Iterator[str]:
        """Yield what holds an element: its subprocess, that which holds this, and so on."""
        element = self._diagram.elements[ident]
        above = element.attached_to or element.parent
        while above:
            yield above
            above = self._diagram.elements[above].attached_to or self._diagram.elements[above].parent

    def _moves(self, ident: str, cut: float, holding: set[str], sources: Iterable[str]) -> bool:
        """Tell whether a shape moves: with the outermost one that holds it and not the new elements, which lies behind ``cut``."""
        if ident not in self._diagram.elements:
            frames = {self._diagram.pool, *(lane.id for lane in self._diagram.lanes)}
            box = self._shapes[ident].bounds
            return box.x >= cut or (ident not in frames and box.right > cut)
        if ident in holding:
            return False
        whole = [ident, *(one for one in self._holders(ident) if one not in holding and one in self._shapes)][-1]
        box = self._shapes[whole].bounds
        return box.right > cut and not (whole in sources and box.x < cut)

    def _shifted(self, ident: str, edge: Edge, cut: float, by: float, moving: set[str]) -> Edge:
        flow = self._diagram.flows.get(ident)
        points = edge.waypoints
        behind = [point.x >= cut for point in points]
        if flow is not None and points:
            first, last = flow.source in moving, flow.target in moving
            behind = [first] * len(points) if first == last else behind
            behind[0], behind[-1] = first, last
            if len(points) > 2:  # what stands right above or below an end goes with it
                behind[1] = first if points[1].x == points[0].x else behind[1]
                behind[-2] = last if points[-2].x == points[-1].x else behind[-2]
        label = edge.label
        named = _moved(label, by) if label is not None and (all(behind) or (label.x >= cut and any(behind))) else label
        return Edge(tuple(Point(p.x + by, p.y) if goes else p for p, goes in zip(points, behind, strict=True)), named)

    def _routed(self, flow: Flow) -> Edge:
        """Return the way of a flow: as it was drawn as far as its new target, else one that goes around what stands between."""
        source, target = (self._shapes[ident].bounds for ident in (flow.source, flow.target))
        held = self._ends.get(flow.id)
        led = self._edges[flow.id].waypoints if held and held[0] == flow.source and flow.id in self._edges else ()
        if (points := _led_on(led, target)) is not None:
            return Edge(points, self._edges[flow.id].label)
        nodes = [
            self._shapes[one.id].bounds
            for one in self._diagram.elements.values()
            if one.id in self._shapes and one.id not in (flow.source, flow.target) and not is_container(one.kind)
        ]
        hung = bool(self._diagram.elements[flow.source].attached_to)
        points = way_between(source, target, nodes, downward=hung)
        return Edge(points, _name_at(points, flow.name))


def _led_on(way: Sequence[Point], target: Bounds) -> tuple[Point, ...] | None:
    """Return the way that led to what stood here before as one to ``target``, from the same side; None where it cannot come so."""
    if len(way) > 1 and way[-1].y == way[-2].y and way[-2].x + _BEFORE < way[-1].x <= target.x:
        dock, turn = Point(target.x, target.centre.y), way[-1].x - _BEFORE
        bend = () if dock.y == way[-1].y else (Point(turn, way[-1].y), Point(turn, dock.y))
        return (*way[:-1], *bend, dock)
    if len(way) > 2 and way[-1].x == way[-2].x and not target.y <= way[-2].y <= target.bottom:
        middle, last = target.centre.x, way[-2].y
        return (*way[:-2], Point(middle, last), Point(middle, target.y if last < target.y else target.bottom))
    return None


def _moved(box: Bounds, by: float) -> Bounds:
    return Bounds(box.x + by, box.y, box.width, box.height)


def _name_at(points: Sequence[Point], name: str) -> Bounds | None:
    """Return where the name of a flow stands: beside its beginning."""
    if not name:
        return None
    wide, high = label_size(name)
    begin, then = points[0], points[1]
    above = begin.y - high if then.y == begin.y else min(begin.y, then.y) + _NEAR
    return Bounds(begin.x + _NEAR, above, wide, high)
