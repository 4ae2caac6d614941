"""Drawing: a diagram reads from left to right, nothing overlaps, lanes say who acts."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.geometry import DrawingFlaw, Flaw, list_drawing_flaws
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.jurisdiction import Jurisdiction, Role
from service.catalog.problems import Problem, Severity
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem, is_shared
from service.catalog.rules.registry import Extent, check
from service.catalog.source.newest import of_newest
from service.domain.text import Text

_AGAIN = Text(
    "在编辑器中移开，或者点“整理版面”。",
    "Move it in the editor, or tidy up there.",
)
_SENTENCES = {
    Flaw.SHAPES: Text("图形“{a}”与“{b}”重叠。", "Shapes “{a}” and “{b}” overlap."),
    Flaw.LABEL: Text("“{a}”的名称与“{b}”重叠。", "The name of “{a}” overlaps “{b}”."),
    Flaw.NAME: Text("“{a}”的名称在图形里写不下。", "The name of “{a}” does not fit into its shape."),
    Flaw.EDGE_NODE: Text("连线“{a}”穿过图形“{b}”。", "Flow “{a}” runs through “{b}”."),
    Flaw.EDGE_LABEL: Text("连线“{a}”穿过“{b}”的名称。", "Flow “{a}” runs through the name of “{b}”."),
    Flaw.EDGES: Text("连线“{a}”与“{b}”重合。", "Flows “{a}” and “{b}” share a stretch."),
    Flaw.SLANTED: Text("连线“{a}”有斜线。", "Flow “{a}” is slanted."),
    Flaw.LOOSE: Text("连线“{a}”没有接到图形。", "Flow “{a}” does not touch its node."),
    Flaw.OUTSIDE: Text("图形“{a}”画在泳道“{b}”之外。", "Shape “{a}” stands outside lane “{b}”."),
    Flaw.UNDRAWN: Text("“{a}”没有画出来。", "“{a}” is not drawn."),
}
_ERRORS = {Flaw.UNDRAWN, Flaw.SHAPES}


@of_newest(lambda diagram: diagram.file)
def _list_flaws(diagram: Diagram) -> tuple[DrawingFlaw, ...]:
    return tuple(list_drawing_flaws(diagram))


@check(Extent.DIAGRAM, *_SENTENCES)
def drawn_cleanly(checked: Checked) -> Iterator[Problem]:
    """Nothing overlaps and every node stands in its lane."""
    for path, diagram in checked.diagrams.items():
        for flaw in _list_flaws(diagram):
            sentence = _SENTENCES[flaw.flaw]
            a, b = _get_lane_name(diagram, flaw.element), _get_lane_name(diagram, flaw.other)
            message = Text(sentence.zh.format(a=a, b=b), sentence.en.format(a=a, b=b))
            severity = Severity.ERROR if flaw.flaw in _ERRORS else Severity.WARNING
            yield Problem(path, flaw.element, str(flaw.flaw), message, _AGAIN, severity)


def _get_lane_name(diagram: Diagram, ident: str) -> str:
    if ident in diagram.elements:
        return diagram.elements[ident].name or ident
    if ident in diagram.flows:
        return diagram.flows[ident].name or ident
    return next((lane.name for lane in diagram.lanes if lane.id == ident), diagram.pool_name or ident)


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
            yield build_warning_problem(
                path, element.id, "lane_of_role",
                f"“{element.name or element.id}”由{role.name}办理，却画在“{names.get(element.lane, '')}”。",
                f"“{element.name or element.id}” is done by {role.name_en} but stands in lane “{names.get(element.lane, '')}”.",
                Text(f"移到泳道“{role.name}”，或者点“整理版面”。", f"Move it to lane “{role.name}”, or tidy up."),
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
                yield build_error_problem(
                    path, element.id, "lane_missing", f"“{element.name or element.id}”不属于任何泳道。",
                    f"“{element.name or element.id}” belongs to no lane.", Text("把它放进一个泳道。", "Put it into a lane."),
                )  # fmt: skip
