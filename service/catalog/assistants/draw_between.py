"""What every assistant needs that draws between elements of a diagram: its lane, variables, facts of the cases that run it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from xml.sax.saxutils import quoteattr

from service.catalog.bpmn.model import Diagram, Element
from service.catalog.bpmn.read import read_diagram
from service.catalog.context_entries import escaped
from service.catalog.package import Package
from service.catalog.source.canonical import BPMN, set_property
from service.catalog.source.format_xml import format_root
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.xml import XmlElement, children, parse_xml, text_of
from service.catalog.tree import Files

HEAD = (
    '<bpmn:process xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
"""The start of the elements that are drawn, as text; ``pieces_of`` reads them."""


def pieces_of(path: str, elements: str) -> list[XmlElement]:
    """Return elements that are written as text, to be put into the diagram at ``path``."""
    return list(parse_xml(f"{HEAD}{elements}</bpmn:process>".encode(), path))


def kinds_running(package: Package, diagram: Diagram) -> list[str]:
    """Return the kinds of case that run the diagram."""
    return [key for key, info in package.award.processes.items() if info.process == diagram.process_id]


def put_variables(process: XmlElement, diagram: Diagram, wanted: Mapping[str, str]) -> None:
    """Let a process declare the variables it has not: name to type."""
    told = diagram.properties.get("variables", "")
    missing = [f"{name}: {type_}" for name, type_ in wanted.items() if name not in diagram.variables]
    if missing:
        set_property(process, "variables", ", ".join([*([told] if told else []), *missing]))


def put_into_lane(process: XmlElement, beside: str, nodes: Iterable[XmlElement]) -> None:
    """Let ``nodes`` stand in the lane of the element ``beside``; nowhere where it stands in none."""
    for lanes in children(process, "laneSet"):
        for lane in children(lanes, "lane"):
            if any(text_of(held) == beside for held in children(lane, "flowNodeRef")):
                for node in nodes:
                    held = lane.makeelement(f"{{{BPMN}}}flowNodeRef")
                    held.text = node.get("id")
                    lane.append(held)
                return


def drawn_anew(root: XmlElement) -> bytes:
    """Return the diagram without a drawing, in which what was put into it would be missing: it is laid out anew."""
    for drawing in children(root, "BPMNDiagram"):
        root.remove(drawing)
    return format_root(root)


def put_before(
    root: XmlElement,
    diagram: Diagram,
    before: Element,
    nodes: Sequence[XmlElement],
    flows: Iterable[XmlElement],
) -> None:
    """Put ``nodes`` in front of an element: what led there leads to the first of them; ``flows`` lead on from one to the next."""
    node = next(one for one in root.iter() if one.get("id") == before.id)
    parent, led = node.getparent(), _led_first(diagram, before)
    for flow in children(parent, "sequenceFlow"):
        if flow.get("id") in led:
            flow.set("targetRef", nodes[0].get("id") or "")
    for one in nodes:
        node.addprevious(one)
    parent.extend(flows)


def _led_first(diagram: Diagram, element: Element) -> frozenset[str]:
    """Return the flows by which one comes to an element; what leads back to it, to do it again, is none of them."""
    behind, waiting = set[str](), [element.id]
    while waiting:
        here = waiting.pop()
        after = {flow.target for flow in diagram.flows.values() if flow.source == here}
        after |= {one.id for one in diagram.elements.values() if one.attached_to == here}
        waiting += after - behind
        behind |= after
    leading = {flow.id: flow.source for flow in diagram.flows.values() if flow.target == element.id}
    return frozenset(ident for ident, source in leading.items() if source not in behind) or frozenset(leading)


def with_facts(filled: Files, package: Package, kinds: Iterable[str], facts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the award in which the ``kinds`` of case record ``facts`` (name to type); nothing where they all do."""
    held = package.award.processes
    missing = [(key, name) for key in kinds for name in facts if name not in held[key].facts]
    if not missing:
        return {}
    document = load_yaml(filled[package.award_file].decode())
    for key, name in missing:
        document["processes"][key].setdefault("facts", {})[name] = facts[name]
    return {package.award_file: dump_yaml(document).encode()}


def free_id(diagram: Diagram, name: str) -> str:
    """Return ``name`` as the id of a new element, with a number where it is taken."""
    names = (name if number == 1 else f"{name}_{number}" for number in count(1))
    return next(one for one in names if one not in diagram.elements)


def recorded_before(
    content: bytes, path: str, before: str, step: tuple[str, str], clause: str, records: Mapping[str, str]
) -> bytes:
    """Return the diagram with a step (id, name) in front of the element ``before`` that records facts, each by a formula of its own."""
    diagram = read_diagram(content, path)
    ident, name = free_id(diagram, step[0]), step[1]
    said = "{" + ", ".join(f'{fact}: "{escaped(formula)}"' for fact, formula in records.items()) + "}"
    node, flow = pieces_of(
        path,
        f'<bpmn:serviceTask id="{ident}" name={quoteattr(name)}><bpmn:extensionElements><spiffworkflow:properties>'
        f'<spiffworkflow:property name="clauses" value={quoteattr(clause)} /></spiffworkflow:properties>'
        '<spiffworkflow:serviceTaskOperator id="case.set"><spiffworkflow:parameters>'
        f'<spiffworkflow:parameter id="from_records" type="context" value={quoteattr(said)} />'
        "</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator></bpmn:extensionElements></bpmn:serviceTask>"
        f'<bpmn:sequenceFlow id="{ident}_to_{before}" sourceRef="{ident}" targetRef="{before}" />',
    )
    root = parse_xml(content, path)
    put_before(root, diagram, diagram.elements[before], [node], [flow])
    process = next(one for one in root.iter() if one.get("id") == diagram.process_id)
    put_into_lane(process, before, [node])
    return drawn_anew(root)
