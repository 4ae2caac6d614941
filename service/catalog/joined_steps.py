"""Steps that one applicant does one after the other without anybody between: one piece of work as a person sees it."""

from __future__ import annotations

from service.catalog.bpmn.ahead import list_interrupting_timers, list_outgoing_flows
from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.package import Package


def joined_steps(package: Package, process_id: str, element_id: str) -> tuple[Element, ...]:
    """Return the applicant's steps of which ``element_id`` is one, in their order; none where it stands alone.

    Two are joined where a flow leads from one straight to the other: nothing is looked at until the last is sent. A step
    that may be left out (its time limit leads where the step itself does) belongs to none: what went before counts.
    """
    diagram, element = package.diagram(process_id), package.element(process_id, element_id)
    if not _must_be_done(package, diagram, element):
        return ()
    before, after = (
        _list_joined(package, diagram, element, back=True),
        _list_joined(package, diagram, element, back=False),
    )
    return (*reversed(before), element, *after) if before or after else ()


def _list_joined(package: Package, diagram: Diagram, start: Element, *, back: bool) -> list[Element]:
    elements: list[Element] = []
    element = start
    while True:
        flows = diagram.incoming(element.id) if back else diagram.outgoing(element.id)
        if len(flows) != 1:
            return elements
        element = diagram.elements[flows[0].source if back else flows[0].target]
        if element in (start, *elements) or not _must_be_done(package, diagram, element):
            return elements
        elements.append(element)


def _must_be_done(package: Package, diagram: Diagram, element: Element) -> bool:
    role = package.jurisdiction.roles.get(package.role_of(element))
    if element.kind is not Kind.USER_TASK or role is None or not role.subject:
        return False
    targets = {flow.target for flow in list_outgoing_flows(diagram, element.id)}
    late = (
        flow.target
        for timer in list_interrupting_timers(diagram, element.id)
        for flow in list_outgoing_flows(diagram, timer.id)
    )
    return targets.isdisjoint(late)
