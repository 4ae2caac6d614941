"""Diagrams and tables without what means nothing: the drawing, ids that nobody sees, the order of properties."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping

from service.catalog.bpmn.read import read_processes
from service.catalog.meaning.flow_pairs import pair_elements
from service.catalog.meaning.pairs import Pairs, renaming
from service.catalog.source.canonical import set_property
from service.catalog.source.format_xml import BPMNDI, DMNDI, format_root
from service.catalog.source.xml import XmlElement, child, children, local, parse_xml, text_of

_UNSEEN = re.compile(r".*(Definition|Characteristics|Expression|Entry)|time\w+|definitions|text")
_ONCE = ("laneSet", "collaboration")
_PLACE = frozenset({"targetNamespace", "namespace", "exporter", "exporterVersion"})
_DRAWING = ("BPMNDiagram", "DMNDI")
_SORTED = {"properties": "name", "parameters": "id", "extensionElements": ""}
_WORDS = ("property", "parameter", "serviceTaskOperator")
_DRAWN = (f"{{{BPMNDI}}}", f"{{{DMNDI}}}")
_TOLD_BY_TEXT = frozenset({"input", "rule"})


def pair_diagrams(left: bytes, right: bytes, path: str) -> dict[str, str]:
    """Return new names for the ids of the right diagram."""
    pairs = pair_elements(read_processes(left, path)[0], read_processes(right, path)[0])
    return _renamed(pairs, parse_xml(left, path), parse_xml(right, path))


def pair_tables(left: bytes, right: bytes, path: str) -> dict[str, str]:
    """Return new names for the ids of the right table: columns by what they ask, rules by what stands in them."""
    return _renamed(Pairs(), parse_xml(left, path), parse_xml(right, path))


def _renamed(pairs: Pairs, left: XmlElement, right: XmlElement) -> dict[str, str]:
    """Pair what else has an id: by tag and name or text, then by tag and place."""
    ours, theirs = (
        {str(n.get("id")): n for n in root.iter("{*}*") if n.get("id") and _is_thing(n)} for root in (left, right)
    )
    pairs.pair(ours, theirs, _said, twins=True)
    pairs.pair(ours, theirs, _known_by_place, twins=True)
    return renaming(pairs.left_of, theirs, ours)


def _is_thing(node: XmlElement) -> bool:
    """Tell whether an id is that of something, and no word of ours or part of the drawing."""
    return local(node) not in _WORDS and not str(node.tag).startswith(_DRAWN)


def _said(node: XmlElement) -> Hashable | None:
    if _is_flow(node):
        return None
    text = text_of(node) if local(node) in _TOLD_BY_TEXT else ""
    return local(node), node.get("name"), node.get("label"), text


def _known_by_place(node: XmlElement) -> Hashable | None:
    return None if _is_flow(node) else local(node)


def _is_flow(node: XmlElement) -> bool:
    """Tell whether an element is paired by its place in the flow, and by nothing else."""
    above = node.getparent()
    return above is not None and local(above) in ("process", "subProcess", "laneSet")


def bare(content: bytes, path: str, names: Mapping[str, str]) -> bytes:
    """Return a diagram or table under other ``names``, without its drawing and in one order of properties."""
    root = parse_xml(content, path)
    for drawing in children(root, *_DRAWING):
        root.remove(drawing)
    for member in list(root.iter("{*}flowNodeRef")):  # lanes are drawn by who acts, which the elements say
        member.getparent().remove(member)
    for comment in [node for node in root.iter() if not local(node)]:
        if comment.getparent() is not None:
            comment.getparent().remove(comment)
    for node in root.iter("{*}*"):
        _rename(node, names)
        if local(node) in _ONCE:
            node.set("id", local(node))
        if _UNSEEN.fullmatch(local(node)) and local(node) != "definitions":
            node.attrib.pop("id", None)
    for name in ("id", *_PLACE):
        root.attrib.pop(name, None)
    _say_ways(root)
    for tag, by in _SORTED.items():
        for holder in root.iter(f"{{*}}{tag}"):
            holder[:] = sorted(holder, key=lambda part: (local(part), str(part.get(by)) if by else ""))
    return format_root(root)


def _say_ways(root: XmlElement) -> None:
    """Say at a decision in which order its ways are asked: the first whose condition holds is taken."""
    flows = [flow for flow in root.iter("{*}sequenceFlow") if child(flow, "conditionExpression") is not None]
    names = {node.get("id"): node.get("name") or node.get("id") for node in root.iter("{*}*")}
    for gateway in root.iter("{*}exclusiveGateway"):
        asked = [flow for flow in flows if flow.get("sourceRef") == gateway.get("id")]
        if len(asked) > 1:
            ways = "、".join(str(flow.get("name") or names.get(flow.get("targetRef"))) for flow in asked)
            set_property(gateway, "ways", ways)


def _rename(node: XmlElement, names: Mapping[str, str]) -> None:
    own = local(node)
    for name, value in node.attrib.items():
        if value in names and not (own in _WORDS or name == "name"):
            node.set(name, names[value])
    if own in ("flowNodeRef", "incoming", "outgoing") and (node.text or "").strip() in names:
        node.text = names[(node.text or "").strip()]
