"""Canonical form of a diagram, whichever editor wrote it: what formatting changes besides white space."""

from __future__ import annotations

from service.catalog.source.xml import XmlElement, child, children, local

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
LOOP_OVER, LOOP_INTO = "loop_over", "loop_into"

_NODES = ("Event", "Task", "task", "Gateway", "callActivity", "subProcess", "transaction", "adHocSubProcess")
_DEFAULTS = {
    "cancelActivity": "true",
    "isInterrupting": "true",
    "isSequential": "false",
    "triggeredByEvent": "false",
    "isForCompensation": "false",
    "parallelMultiple": "false",
}
_LOOP_REFERENCES = ((LOOP_OVER, "loopDataInputRef"), (LOOP_INTO, "loopDataOutputRef"))


def canonicalise(root: XmlElement) -> None:
    """Bring a diagram into one shape: loops, references, defaults and the order of the drawing."""
    _restore_loops(root)
    _unlink_flows(root)
    _drop_defaults(root)
    _drop_empty_labels(root)
    _drop_empty_lanes(root)
    _order_drawing(root)


def is_node(node: XmlElement) -> bool:
    """Tell whether an element is a node of a process."""
    return local(node).endswith(_NODES) and not local(node).endswith("Definition")


def hide_loops(root: XmlElement) -> None:
    """Keep what a loop runs over in properties: editors drop references that name no element."""
    for loop in [node for node in root.iter() if local(node) == "multiInstanceLoopCharacteristics"]:
        for name, tag in _LOOP_REFERENCES:
            reference = child(loop, tag)
            if reference is not None:
                set_property(loop.getparent(), name, reference.text or "")
                loop.remove(reference)


def _restore_loops(root: XmlElement) -> None:
    for loop in [node for node in root.iter() if local(node) == "multiInstanceLoopCharacteristics"]:
        for place, (name, tag) in enumerate(_LOOP_REFERENCES):
            value = _take_property(loop.getparent(), name)
            if value:
                for old in children(loop, tag):
                    loop.remove(old)
                reference = loop.makeelement(f"{{{BPMN}}}{tag}")
                reference.text = value
                loop.insert(min(place, len(loop)), reference)


def set_property(node: XmlElement, name: str, value: str) -> None:
    """Give an element a property, in the place of one of that name."""
    extensions = child(node, "extensionElements")
    if extensions is None:
        extensions = node.makeelement(f"{{{BPMN}}}extensionElements")
        node.insert(0, extensions)
    properties = child(extensions, "properties")
    if properties is None:
        properties = node.makeelement(f"{{{SPIFF}}}properties")
        extensions.insert(0, properties)
    old = next((item for item in children(properties, "property") if item.get("name") == name), None)
    if old is not None:
        old.set("value", value)
        return
    properties.append(node.makeelement(f"{{{SPIFF}}}property", {"name": name, "value": value}))


def _take_property(node: XmlElement, name: str) -> str:
    extensions = child(node, "extensionElements")
    properties = None if extensions is None else child(extensions, "properties")
    if properties is None:
        return ""
    found = [item for item in children(properties, "property") if item.get("name") == name]
    for item in found:
        _remove(item)
    return found[0].get("value", "") if found else ""


def _remove(node: XmlElement) -> None:
    """Remove an element, and the holders of extensions that become empty by it."""
    parent = node.getparent()
    parent.remove(node)
    if not len(parent) and local(parent) in ("properties", "extensionElements"):
        _remove(parent)


def _unlink_flows(root: XmlElement) -> None:
    """Leave out what nodes repeat of their flows: a flow says itself from where it leads and whereto."""
    for node in [n for n in root.iter() if local(n) and is_node(n)]:
        for old in children(node, "incoming", "outgoing"):
            node.remove(old)


def link_flows(root: XmlElement) -> None:
    """Give every node its incoming and outgoing flows, as editors expect them."""
    for process in children(root, "process"):
        flows = [node for node in process.iter() if local(node) == "sequenceFlow"]
        for node in [n for n in process.iter() if is_node(n)]:
            ident = node.get("id")
            wanted = [("incoming", f) for f in flows if f.get("targetRef") == ident]
            wanted += [("outgoing", f) for f in flows if f.get("sourceRef") == ident]
            for index, (tag, flow) in enumerate(wanted):
                reference = node.makeelement(f"{{{BPMN}}}{tag}")
                reference.text = flow.get("id")
                node.insert(index, reference)


def _drop_defaults(root: XmlElement) -> None:
    for node in root.iter():
        if local(node):
            for name in [name for name, value in node.attrib.items() if _DEFAULTS.get(name) == value]:
                del node.attrib[name]


def _drop_empty_labels(root: XmlElement) -> None:
    """Drop labels without a place: editors write them beside names that stand inside their shape."""
    for label in [node for node in root.iter("{*}BPMNLabel") if not len(node)]:
        label.getparent().remove(label)


def _drop_empty_lanes(root: XmlElement) -> None:
    """Drop the holder of lanes that an editor leaves behind once the last lane is gone."""
    for holder in [node for node in root.iter() if local(node) == "laneSet" and not len(node)]:
        holder.getparent().remove(holder)


def _order_drawing(root: XmlElement) -> None:
    """Draw shapes before edges, each in the order of what it draws; show the mark of exclusive gateways."""
    place = {node.get("id"): index for index, node in enumerate(root.iter()) if local(node) and node.get("id")}
    exclusive = {node.get("id") for node in root.iter() if local(node) == "exclusiveGateway"}
    for plane in [plane for diagram in children(root, "BPMNDiagram") for plane in children(diagram, "BPMNPlane")]:
        drawn = list(plane)
        drawn.sort(key=lambda node: (local(node) == "BPMNEdge", place.get(node.get("bpmnElement"), 0)))
        for node in drawn:
            plane.remove(node)
            plane.append(node)
            if local(node) == "BPMNShape" and node.get("bpmnElement") in exclusive:
                node.set("isMarkerVisible", "true")
