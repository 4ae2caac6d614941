"""Steps that one applicant does one after the other without anybody between: one piece of work as a person sees it."""

from __future__ import annotations

from service.catalog.bpmn.ahead import outgoing, timeouts
from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.package import Package


def joined_steps(package: Package, process_id: str, element_id: str) -> tuple[Element, ...]:
    """Return the applicant's steps of which ``element_id`` is one, in their order; none where it stands alone.

    Two are joined where a flow leads from one straight to the other: nothing is looked at until the last is sent. A step
    that may be left out (its time limit leads where the step itself does) belongs to none: what went before counts.
    """
    diagram, here = package.diagram(process_id), package.element(process_id, element_id)
    if not _must_be_done(package, diagram, here):
        return ()
    before, after = _reached(package, diagram, here, back=True), _reached(package, diagram, here, back=False)
    return (*reversed(before), here, *after) if before or after else ()


def _reached(package: Package, diagram: Diagram, start: Element, *, back: bool) -> list[Element]:
    found: list[Element] = []
    here = start
    while True:
        flows = diagram.incoming(here.id) if back else diagram.outgoing(here.id)
        if len(flows) != 1:
            return found
        here = diagram.elements[flows[0].source if back else flows[0].target]
        if here in (start, *found) or not _must_be_done(package, diagram, here):
            return found
        found.append(here)


def _must_be_done(package: Package, diagram: Diagram, element: Element) -> bool:
    role = package.jurisdiction.roles.get(package.role_of(element))
    if element.kind is not Kind.USER_TASK or role is None or not role.subject:
        return False
    own = {flow.target for flow in outgoing(diagram, element.id)}
    late = (flow.target for timer in timeouts(diagram, element.id) for flow in outgoing(diagram, timer.id))
    return own.isdisjoint(late)
