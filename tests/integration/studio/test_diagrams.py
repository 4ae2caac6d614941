"""Diagrams of a draft: opened without loss, told what may be named, laid out anew, found and tried."""

from __future__ import annotations

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.compare_draft import compared_file
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.parameters.try_period import try_period
from service.casework.studio.pieces.diagram_choices import diagram_choices
from service.casework.studio.pieces.diagrams import open_diagram, search_diagrams, tidy_diagram
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.drawn import has_drawing
from service.domain.errors import Invalid, NotFound
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "改图")


def test_what_is_opened_and_saved_unchanged_stays_byte_for_byte(town: Lakeside, draft: int) -> None:
    before = open_file(town.desk, town.designer, draft, DIAGRAM)
    opened = open_diagram(town.desk, town.designer, draft, DIAGRAM)
    saved = save_file(town.desk, town.designer, draft, DIAGRAM, opened.xml.encode(), opened.hash)
    assert (saved.content, saved.revision, opened.hash) == (before.content, before.revision, before.hash)


def test_what_is_no_diagram_is_not_opened(town: Lakeside, draft: int) -> None:
    with pytest.raises(Invalid, match="不是流程图"):
        open_diagram(town.desk, town.designer, draft, LAW)
    with pytest.raises(NotFound):
        open_diagram(town.desk, town.designer, draft, "processes/lakeside/star_award/gone.bpmn")


def test_the_panel_offers_what_the_package_has(town: Lakeside, draft: int) -> None:
    found = diagram_choices(town.desk, town.designer, draft, DIAGRAM)
    assert {choice.id for choice in found.roles} == {"applicant", "office"}
    assert "decision" in next(form.keys for form in found.forms if form.id == "decide")
    notice = next(operation for operation in found.operations if operation.id == "document.issue")
    template = next(parameter for parameter in notice.parameters if parameter.name == "template")
    assert (template.required, template.names, template.type) == (True, "documents", "string")
    assert template.help
    assert next(process for process in found.processes if process.shared).slots == ("posting", "period")
    assert [clause.id for clause in found.clauses][:2] == ["LS-1", "LS-2"]
    period = next(period for period in found.periods if period.id == "decision_working_days")
    assert (period.value, period.said.zh, period.clauses) == ("10", "10个工作日", ("LS-4",))


def test_tidying_up_puts_a_task_into_the_lane_of_who_acts(town: Lakeside, draft: int) -> None:
    """The lane is drawn above the program's where there is none yet; tidied once more, nothing changes."""
    opened = open_diagram(town.desk, town.designer, draft, DIAGRAM)
    given = opened.xml.replace('name="role" value="office"', 'name="role" value="applicant"', 1)
    assert given != opened.xml
    once = tidy_diagram(town.desk, town.designer, draft, DIAGRAM, given.encode())
    diagram = read_diagram(once, DIAGRAM)
    task = next(element for element in diagram.elements.values() if element.role == "applicant")
    names = {lane.id: lane.name for lane in diagram.lanes}
    assert names[task.lane] == "申报组织"
    assert [*names.values()][-1] == "系统"
    assert tidy_diagram(town.desk, town.designer, draft, DIAGRAM, once) == once
    saved = save_file(town.desk, town.designer, draft, DIAGRAM, once, opened.hash)
    assert saved.revision
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.rule == "lane_of_role"]


def test_a_drawing_that_is_the_layouts_is_not_kept_and_is_there_for_everybody_who_looks(
    town: Lakeside, draft: int
) -> None:
    given = open_diagram(town.desk, town.designer, draft, DIAGRAM).xml.encode()
    new = DIAGRAM.replace("application", "second")
    first = save_file(town.desk, town.designer, draft, new, given, None)
    assert not has_drawing(first.content or b"")
    opened = open_diagram(town.desk, town.designer, draft, new)
    assert opened.xml.encode() == given
    assert has_drawing(compared_file(town.desk, town.designer, draft, "draft", new))
    again = save_file(town.desk, town.designer, draft, new, given, opened.hash)
    assert (again.content, again.revision) == (first.content, first.revision)
    by_hand = given.replace(b'<dc:Bounds x="', b'<dc:Bounds x="9', 3)
    moved = save_file(town.desk, town.designer, draft, new, by_hand, opened.hash)
    assert has_drawing(moved.content or b"")
    assert open_diagram(town.desk, town.designer, draft, new).xml.encode() == by_hand


@pytest.mark.parametrize(
    ("words", "element", "where"),
    [("决定是否受理", "decide", "名称"), ("LS-6", "explain", "条款"), ("第四条", "decide", "条款"), ("param.notice", "draft", "工作日数")],
)  # fmt: skip
def test_an_element_is_found_by_whatever_it_says(
    town: Lakeside, draft: int, words: str, element: str, where: str
) -> None:
    hits = search_diagrams(town.desk, town.designer, draft, words)
    assert (element, where) in {(hit.element, hit.where.zh) for hit in hits}


def test_a_period_is_tried_with_the_calendar_of_the_place(town: Lakeside, draft: int) -> None:
    tried = try_period(town.desk, town.designer, draft, "workdays", "param.decision_working_days", "2026-04-28")
    assert (tried.length, tried.last_day.isoformat()) == (10, "2026-05-14")  # 1 to 5 May are days off, 9 May is worked
    assert "2026年5月14日" in tried.sentence.zh


@pytest.mark.parametrize(
    ("unit", "count", "day"),
    [("weeks", "2", "2026-04-28"), ("workdays", "param.gone", "2026-04-28"), ("workdays", "0", "2026-04-28"), ("workdays", "5", "5月1日")],
)  # fmt: skip
def test_what_cannot_be_tried_is_refused_in_words(town: Lakeside, draft: int, unit: str, count: str, day: str) -> None:
    with pytest.raises(Invalid):
        try_period(town.desk, town.designer, draft, unit, count, day)
