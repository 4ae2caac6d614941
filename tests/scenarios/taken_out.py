"""A diagram without one of its elements: what led to it leads on to what followed."""

from __future__ import annotations

from io import BytesIO
from xml.etree import ElementTree as ET

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_NODES = ("Task", "Event", "Gateway", "Activity", "task", "subProcess")


def taken_out(xml: bytes, ident: str) -> bytes:
    """Return a diagram without one of its elements or flows."""
    for _, (prefix, uri) in ET.iterparse(BytesIO(xml), events=["start-ns"]):
        ET.register_namespace(prefix, uri)
    root = ET.fromstring(xml)
    process = root.find(f"{BPMN}process")
    assert process is not None
    _take(process, ident)
    _prune(process)
    _tidy(root, process)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _take(process: ET.Element, ident: str) -> None:
    """Take out a node; what an event gateway waits for is simply not awaited any more."""
    node = next(e for e in process.iter() if e.get("id") == ident)
    kind = node.tag.removeprefix(BPMN)
    if kind in ("startEvent", "endEvent"):  # something must begin and end: a plain event stays
        for child in list(node):
            if child.tag.removeprefix(BPMN) not in ("incoming", "outgoing"):
                node.remove(child)
        return
    if kind == "sequenceFlow":
        process.remove(node)
        return
    flows = process.findall(f"{BPMN}sequenceFlow")
    out = [f for f in flows if f.get("sourceRef") == ident]
    usual = next((f for f in out if f.get("id") == node.get("default")), out[0] if out else None)
    choices = {gateway.get("id") for gateway in process.findall(f"{BPMN}eventBasedGateway")}
    for flow in flows:
        if flow.get("targetRef") == ident and usual is not None and flow.get("sourceRef") not in choices:
            flow.set("targetRef", str(usual.get("targetRef")))
    for gone in (node, *out, *(b for b in process if b.get("attachedToRef") == ident)):
        process.remove(gone)


def _prune(process: ET.Element) -> None:
    """Take out what no way leads to any more."""
    while True:
        flows = process.findall(f"{BPMN}sequenceFlow")
        nodes = {e.get("id"): e for e in process if e.tag.endswith(_NODES)}
        reached = {f.get("targetRef") for f in flows}
        lost = [
            e for i, e in nodes.items()
            if i not in reached and not e.tag.endswith("startEvent") and e.get("attachedToRef") not in nodes
        ]  # fmt: skip
        broken = [f for f in flows if f.get("sourceRef") not in nodes or f.get("targetRef") not in nodes]
        if not lost and not broken:
            return
        for gone in (*lost, *broken):
            process.remove(gone)


def _tidy(root: ET.Element, process: ET.Element) -> None:
    """Let references and shapes say what is still there."""
    kept = {e.get("id") for e in root.iter()}
    flows = process.findall(f"{BPMN}sequenceFlow")
    for node in process:
        for child in list(node):
            if child.tag in (f"{BPMN}incoming", f"{BPMN}outgoing"):
                node.remove(child)
        if node.get("default") not in kept:
            node.attrib.pop("default", None)
        if node.tag.endswith(_NODES):
            at = sum(child.tag in (f"{BPMN}documentation", f"{BPMN}extensionElements") for child in node)
            ends = [("incoming", "targetRef"), ("outgoing", "sourceRef")]
            for word, end in ends:
                for flow in flows:
                    if flow.get(end) == node.get("id"):
                        child = ET.Element(f"{BPMN}{word}")
                        child.text = flow.get("id")
                        node.insert(at, child)
                        at += 1
    for parent in list(root.iter()):
        for child in list(parent):
            of_nobody = child.get("bpmnElement") is not None and child.get("bpmnElement") not in kept
            if of_nobody or (child.tag == f"{BPMN}flowNodeRef" and child.text not in kept):
                parent.remove(child)
