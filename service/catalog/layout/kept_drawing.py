"""Keep a drawing that was made by hand where a program draws steps into the diagram."""

from __future__ import annotations

from copy import deepcopy

from service.catalog.bpmn.model import Diagram
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.drawn import has_drawing
from service.catalog.layout.made_room import KeptPlaces, make_room
from service.catalog.layout.write import fill_edge, fill_shape, put_edge, put_shape
from service.catalog.source.format_xml import format_root
from service.catalog.source.xml import XmlElement, children, parse_xml

_PLACES = ("Bounds", "waypoint", "BPMNLabel")
"""What says where a shape or an edge stands."""


def keep_drawing(before: bytes, after: bytes, file: str) -> bytes:
    """Return the diagram ``after`` drawn as ``before`` was by hand, with room for what is new.

    Without a drawing ``before`` there is none to keep; where what is new has no place in it, the whole is laid out anew:
    ``after`` comes back as it is.
    """
    if not has_drawing(before):
        return after
    old = read_diagram(before, file)
    drawn = make_room(old, read_diagram(after, file))
    if drawn is None:
        return after
    root = parse_xml(after, file)
    for drawing in children(root, "BPMNDiagram"):
        root.remove(drawing)
    root.append(deepcopy(children(parse_xml(before, file), "BPMNDiagram")[0]))
    _put(root, old, drawn)
    return format_root(root)


def _put(root: XmlElement, old: Diagram, drawn: KeptPlaces) -> None:
    """Let the drawing in ``root`` be ``drawn``: what did not move stays as written, colours and what is folded everywhere."""
    plane = children(children(root, "BPMNDiagram")[0], "BPMNPlane")[0]
    nodes = {node.get("bpmnElement", ""): node for node in children(plane, "BPMNShape", "BPMNEdge")}
    for ident, node in nodes.items():
        if (ident in old.elements or ident in old.flows) and ident not in {*drawn.shapes, *drawn.edges}:
            plane.remove(node)
    for ident, shape in drawn.shapes.items():
        if ident not in nodes:
            put_shape(plane, ident, shape)
        elif shape != old.shapes.get(ident):
            fill_shape(_emptied(nodes[ident]), shape)
    for ident, edge in drawn.edges.items():
        if ident not in nodes:
            put_edge(plane, ident, edge)
        elif edge != old.edges.get(ident):
            fill_edge(_emptied(nodes[ident]), edge)


def _emptied(node: XmlElement) -> XmlElement:
    """Return a shape or an edge that stands nowhere yet."""
    for place in children(node, *_PLACES):
        node.remove(place)
    return node
