"""Drawing: everything is drawn, lanes say who acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.catalog.bpmn.model import Diagram, Element, Flow
from service.catalog.bpmn.shapes import Edge
from service.catalog.jurisdiction import Jurisdiction, Role
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem, is_shared
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text


@check(Extent.DIAGRAM, "not_drawn")
def drawn_completely(checked: Checked) -> Iterator[Problem]:
    """A diagram with a drawing shows every node and flow in it; one without any is drawn when somebody looks at it."""
    for path, diagram in checked.diagrams.items():
        drawn: Mapping[str, Element | Flow] = {**diagram.elements, **diagram.flows}
        for ident in drawn if diagram.shapes else ():
            if ident not in diagram.shapes and len(diagram.edges.get(ident, Edge(())).waypoints) < 2:
                label = label_of(diagram, ident)
                yield build_error_problem(
                    path, ident, "not_drawn", f"“{label.zh}”没有画出来。", f"“{label.en}” is not drawn.",
                    Text("点“整理版面”。", "Tidy up there."),
                )  # fmt: skip


@check(Extent.PROCESS, "lane_of_role")
def lane_of_role(checked: Checked) -> Iterator[Problem]:
    """A task stands in the lane of those who act: nodes of one role share a lane, named as the role.

    A role of our own that is bound to another (a parent acting with an applicant's account) keeps its own lane.
    """
    for path, diagram in checked.diagrams.items():
        names = {lane.id: lane.name for lane in diagram.lanes}
        for element, role in (
            () if is_shared(path) else iterate_misplaced_elements(diagram, checked.package.jurisdiction)
        ):
            label = label_of(diagram, element.id)
            yield build_warning_problem(
                path, element.id, "lane_of_role",
                f"“{label.zh}”由{role.name}办理，却画在“{names.get(element.lane, '')}”。",
                f"“{label.en}” is done by {role.name_en} but stands in lane “{names.get(element.lane, '')}”.",
                Text(f"移到泳道“{role.name}”，或者点“整理版面”。", f"Move it to lane “{role.name}”, or tidy up."),
                word=role.name,
            )  # fmt: skip


def iterate_misplaced_elements(diagram: Diagram, city: Jurisdiction) -> Iterator[tuple[Element, Role]]:
    """Yield what stands in the lane of somebody else, with who acts."""
    names = {lane.id: lane.name for lane in diagram.lanes}
    for element in diagram.elements.values() if names else ():
        role = city.roles.get(city.bind(element.role)) if element.role else None
        if role is None or element.parent:
            continue
        if names.get(element.lane) not in (role.name, city.roles.get(element.role, role).name):
            yield element, role


@check(Extent.PROCESS, "lane_missing")
def lanes_complete(checked: Checked) -> Iterator[Problem]:
    """With lanes, every node stands in one."""
    for path, diagram in checked.diagrams.items():
        for element in diagram.elements.values() if diagram.lanes else ():
            if not element.lane and not element.parent:
                label = label_of(diagram, element.id)
                yield build_error_problem(
                    path, element.id, "lane_missing", f"“{label.zh}”不属于任何泳道。",
                    f"“{label.en}” belongs to no lane.", Text("把它放进一个泳道。", "Put it into a lane."),
                )  # fmt: skip
