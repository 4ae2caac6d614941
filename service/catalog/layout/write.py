"""Write a drawing into the file: BPMN DI, the pool and lane membership."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from service.catalog.bpmn.shapes import Bounds, Edge, Shape
from service.catalog.source.formatting import BPMN, BPMNDI, DC, DI, format_root
from service.catalog.source.xml import (
    XmlElement,
    find_child_element,
    get_local_name,
    list_child_elements,
    parse_xml,
    text_of,
)

_CONTAINERS = {"subProcess", "transaction", "adHocSubProcess"}


@dataclass(frozen=True, slots=True)
class LaneDrawing:
    """A lane and its members."""

    id: str
    name: str
    bounds: Bounds
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolDrawing:
    """Everything drawn in one file."""

    name: str
    bounds: Bounds
    lanes: tuple[LaneDrawing, ...]
    shapes: dict[str, Shape]
    edges: dict[str, Edge]


def write_drawing(content: bytes, file: str, drawing: PoolDrawing) -> bytes:
    """Return ``content`` with its drawing replaced by ``drawing``, in the stable format."""
    root = parse_xml(content, file)
    process = list_child_elements(root, "process")[0]
    for old in list_child_elements(root, "BPMNDiagram"):
        root.remove(old)
    collaboration, participant = _pool(root, process, drawing.name)
    _lanes(process, drawing.lanes)
    containers = {node.get("id") for node in process.iter() if get_local_name(node) in _CONTAINERS}
    plane = _plane(root, process.get("id", ""), collaboration)
    _draw_pool(plane, participant, drawing, containers)
    return format_root(root)


def _pool(root: XmlElement, process: XmlElement, name: str) -> tuple[str, str]:
    ident = process.get("id", "process")
    collaboration = find_child_element(root, "collaboration")
    if collaboration is None:
        collaboration = etree.Element(f"{{{BPMN}}}collaboration", id=f"{ident}_pool")
        process.addprevious(collaboration)
    participant = find_child_element(collaboration, "participant")
    if participant is None:
        participant = etree.SubElement(collaboration, f"{{{BPMN}}}participant", id=f"{ident}_participant")
        participant.set("processRef", ident)
    participant.set("name", name)
    return collaboration.get("id", ""), participant.get("id", "")


def _lanes(process: XmlElement, lanes: tuple[LaneDrawing, ...]) -> None:
    holder = find_child_element(process, "laneSet")
    if holder is None and lanes:
        holder = etree.Element(f"{{{BPMN}}}laneSet", id=f"{process.get('id', '')}_lanes")
        first = next((c for c in process if get_local_name(c) not in ("", "documentation", "extensionElements")), None)
        process.append(holder) if first is None else first.addprevious(holder)
    for place, lane in enumerate(lanes):
        there = list_child_elements(holder, "lane")
        node = next((n for n in there if n.get("id") == lane.id), None)
        if node is None:
            node = etree.SubElement(holder, f"{{{BPMN}}}lane", id=lane.id)
            if place < len(there):
                there[place].addprevious(node)
        node.set("name", lane.name)
        _write_members(node, lane.members)


def _write_members(node: XmlElement, members: tuple[str, ...]) -> None:
    present = {text_of(ref) for ref in list_child_elements(node, "flowNodeRef")}
    if present == set(members):
        return
    for ref in list_child_elements(node, "flowNodeRef"):
        node.remove(ref)
    for member in members:
        etree.SubElement(node, f"{{{BPMN}}}flowNodeRef").text = member


def _plane(root: XmlElement, process: str, collaboration: str) -> XmlElement:
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id=f"{process}_diagram")
    return etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=f"{process}_plane", bpmnElement=collaboration)


def _draw_pool(plane: XmlElement, participant: str, drawing: PoolDrawing, containers: set[str]) -> None:
    put_shape(plane, participant, Shape(drawing.bounds), "isHorizontal")
    for lane in drawing.lanes:
        put_shape(plane, lane.id, Shape(lane.bounds), "isHorizontal")
    for ident, shape in drawing.shapes.items():
        put_shape(plane, ident, shape, "isExpanded" if ident in containers else "")
    for ident, edge in drawing.edges.items():
        put_edge(plane, ident, edge)


def put_shape(plane: XmlElement, ident: str, shape: Shape, mark: str = "") -> None:
    """Draw the shape of ``ident`` on a plane; ``mark`` is an attribute that is true of it."""
    node = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"{ident}_di", bpmnElement=ident)
    if mark:
        node.set(mark, "true")
    fill_shape(node, shape)


def fill_shape(node: XmlElement, shape: Shape) -> None:
    """Say where a shape stands."""
    _write_bounds(node, shape.bounds)
    _write_label(node, shape.label)


def put_edge(plane: XmlElement, ident: str, edge: Edge) -> None:
    """Draw the edge of ``ident`` on a plane."""
    fill_edge(etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{ident}_di", bpmnElement=ident), edge)


def fill_edge(node: XmlElement, edge: Edge) -> None:
    """Say which way an edge goes."""
    for point in edge.waypoints:
        etree.SubElement(node, f"{{{DI}}}waypoint", x=_format_number(point.x), y=_format_number(point.y))
    _write_label(node, edge.label)


def _write_label(node: XmlElement, label: Bounds | None) -> None:
    if label is not None:
        _write_bounds(etree.SubElement(node, f"{{{BPMNDI}}}BPMNLabel"), label)


def _write_bounds(node: XmlElement, box: Bounds) -> None:
    etree.SubElement(
        node,
        f"{{{DC}}}Bounds",
        x=_format_number(box.x),
        y=_format_number(box.y),
        width=_format_number(box.width),
        height=_format_number(box.height),
    )


def _format_number(value: float) -> str:
    return str(round(value))
