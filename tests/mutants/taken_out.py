"""A diagram without one of its elements: what led to it leads on to what followed."""

from __future__ import annotations

from typing import Any

from lxml import etree

from service.catalog.bpmn.vocabulary import MODEL
from service.domain.files.safe_xml import read_xml

BPMN = f"{{{MODEL}}}"
_NODES = ("Task", "Event", "Gateway", "Activity", "task", "subProcess")


def taken_out(xml: bytes, ident: str) -> bytes:
    """Return a diagram without one of its elements or flows; raises XmlRefused where it is no XML."""
    root = read_xml(xml, remove_comments=True)
    node = next(e for e in root.iter("*") if e.get("id") == ident)
    scope = node.getparent()
    _take(scope, node)
    _prune(scope)
    _tidy(root, scope)
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _take(scope: Any, node: Any) -> None:
    """Take out a node; what an event gateway waits for is simply not awaited any more."""
    kind, ident = node.tag.removeprefix(BPMN), node.get("id")
    if kind in ("startEvent", "endEvent"):  # something must begin and end: a plain event stays
        for child in list(node.iterchildren("*")):
            if child.tag.removeprefix(BPMN) not in ("incoming", "outgoing"):
                node.remove(child)
        return
    if kind == "sequenceFlow":
        scope.remove(node)
        return
    flows = scope.findall(f"{BPMN}sequenceFlow")
    out = [f for f in flows if f.get("sourceRef") == ident]
    usual = next((f for f in out if f.get("id") == node.get("default")), out[0] if out else None)
    choices = {gateway.get("id") for gateway in scope.findall(f"{BPMN}eventBasedGateway")}
    for flow in flows:
        if flow.get("targetRef") == ident and usual is not None and flow.get("sourceRef") not in choices:
            flow.set("targetRef", str(usual.get("targetRef")))
    attached = [b for b in scope.iterchildren("*") if b.get("attachedToRef") == ident]
    for gone in (node, *out, *attached):
        scope.remove(gone)


def _prune(scope: Any) -> None:
    """Take out what no way leads to any more."""
    while True:
        flows = scope.findall(f"{BPMN}sequenceFlow")
        nodes = {e.get("id"): e for e in scope.iterchildren("*") if e.tag.endswith(_NODES)}
        reached = {f.get("targetRef") for f in flows}
        lost = [
            e for i, e in nodes.items()
            if i not in reached and not e.tag.endswith("startEvent") and e.get("attachedToRef") not in nodes
        ]  # fmt: skip
        broken = [f for f in flows if f.get("sourceRef") not in nodes or f.get("targetRef") not in nodes]
        if not lost and not broken:
            return
        for gone in (*lost, *broken):
            scope.remove(gone)


def _tidy(root: Any, scope: Any) -> None:
    """Let references and shapes say what is still there."""
    kept = {e.get("id") for e in root.iter("*")}
    flows = scope.findall(f"{BPMN}sequenceFlow")
    for node in scope.iterchildren("*"):
        for part in list(node.iterchildren("*")):
            if part.tag in (f"{BPMN}incoming", f"{BPMN}outgoing"):
                node.remove(part)
        if node.get("default") not in kept:
            node.attrib.pop("default", None)
        if node.tag.endswith(_NODES):
            _reconnect(node, flows)
    for parent in list(root.iter("*")):
        for part in list(parent.iterchildren("*")):
            of_nobody = part.get("bpmnElement") is not None and part.get("bpmnElement") not in kept
            if of_nobody or (part.tag == f"{BPMN}flowNodeRef" and part.text not in kept):
                parent.remove(part)


def _reconnect(node: Any, flows: Any) -> None:
    """Write the flows that lead to and from a node where the standard has them: behind its documentation."""
    heads = (f"{BPMN}documentation", f"{BPMN}extensionElements")
    at = sum(part.tag in heads for part in node.iterchildren("*"))
    for word, end in (("incoming", "targetRef"), ("outgoing", "sourceRef")):
        for flow in flows:
            if flow.get(end) == node.get("id"):
                child = etree.Element(f"{BPMN}{word}")
                child.text = flow.get("id")
                node.insert(at, child)
                at += 1
