"""Reading the drawing (BPMN DI) of a diagram."""

from __future__ import annotations

from service.catalog.bpmn.shapes import Bounds, Edge, Point, Shape
from service.catalog.source.xml import XmlElement, child, children


def read_drawing(root: XmlElement) -> tuple[dict[str, Shape], dict[str, Edge]]:
    """Return shapes and edges of the first plane by the id of what they draw."""
    planes = [plane for diagram in children(root, "BPMNDiagram") for plane in children(diagram, "BPMNPlane")]
    if not planes:
        return {}, {}
    shapes = {node.get("bpmnElement", ""): _shape(node) for node in children(planes[0], "BPMNShape")}
    edges = {node.get("bpmnElement", ""): _edge(node) for node in children(planes[0], "BPMNEdge")}
    return {key: shape for key, shape in shapes.items() if shape is not None}, edges


def _shape(node: XmlElement) -> Shape | None:
    bounds = child(node, "Bounds")
    if bounds is None:
        return None
    return Shape(_bounds(bounds), _label(node), node.get("isExpanded", "true") != "false")


def _edge(node: XmlElement) -> Edge:
    waypoints = tuple(Point(_number(p, "x"), _number(p, "y")) for p in children(node, "waypoint"))
    return Edge(waypoints, _label(node))


def _label(node: XmlElement) -> Bounds | None:
    label = child(node, "BPMNLabel")
    bounds = None if label is None else child(label, "Bounds")
    return None if bounds is None else _bounds(bounds)


def _bounds(node: XmlElement) -> Bounds:
    return Bounds(_number(node, "x"), _number(node, "y"), _number(node, "width"), _number(node, "height"))


def _number(node: XmlElement, name: str) -> float:
    try:
        return float(node.get(name, "0"))
    except ValueError:
        return 0.0
