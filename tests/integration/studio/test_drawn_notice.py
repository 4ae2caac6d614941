"""A notice that a clause demands and no diagram has is drawn by its assistant, before the element that waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.steps import CityStep
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import AWARD, OUTLINE, SEASON, played, tree
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

BEFORE = f"{AWARD}/application.bpmn#open_review"
TYPED = TypedAssistance(
    AssistKind.NOTICE,
    "LN-2",
    "",
    "资格审查公示期限",
    "working_days",
    "5",
    "minimum",
    scenario=SEASON,
    answers={"before": BEFORE},
)


@pytest.fixture
def draft(town: Lakeside) -> int:
    """A new place in which experts score the applications."""
    return start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.SCORING,)))


def test_the_review_waits_for_the_notice_and_the_season_with_it(town: Lakeside, draft: int) -> None:
    proposal = propose_assistance(town.desk, town.designer, draft, TYPED)
    assert "公示" in proposal.expectation
    assert proposal.remark is not None
    assert "在“情景”中改它的日子" in proposal.remark.zh
    assert len(proposal.pictures) == 1
    write_assistance(town.desk, town.designer, draft, TYPED)
    after = tree(town, draft)
    drafted = after.package.element("lanshan_application", "draft_notice_before")
    assert drafted.operation is not None
    [parameter] = [p.id for p in after.package.award.parameters.values() if p.text.zh == "资格审查公示期限"]
    assert drafted.operation.parameters["working_days"] == f"param.{parameter}"
    assert drafted.clauses == ("LN-2",)
    assert after.package.element("lanshan_application", "notice_before").name == "资格审查公示"
    assert after.package.award.processes["application"].facts["notice_rounds"] == "number"
    problems = check_draft(town.desk, town.designer, draft).problems
    assert [p.message.zh for p in problems if p.severity.name == "ERROR" and p.rule != "uncovered_clause"] == []
    assert played(town, after.package, after.filled, SEASON).unmet


def test_the_round_posts_who_takes_part_and_a_second_notice_has_its_own_names(town: Lakeside, draft: int) -> None:
    before = f"{AWARD}/round.bpmn#set_agenda"
    write_assistance(town.desk, town.designer, draft, replace(TYPED, scenario="", answers={"before": before}))
    again = replace(TYPED, name="入围名单公示期", scenario="", answers={"before": before})
    write_assistance(town.desk, town.designer, draft, again)
    package = tree(town, draft).package
    assert package.element("lanshan_round", "notice_before").name == "资格审查公示"
    assert package.element("lanshan_round", "notice_before_2").name == "入围名单公示"
    round_ = package.diagrams[f"{AWARD}/round.bpmn"]
    assert round_.flows["notice_result_to_withdrawn"].target == "set_agenda", "who votes again posts nothing again"
    said = package.element("lanshan_round", "draft_notice_before").operation
    assert said is not None
    assert 'process = \\"application\\"' in said.parameters["entries"]
    problems = check_draft(town.desk, town.designer, draft).problems
    assert [p.message.zh for p in problems if p.severity.name == "ERROR" and p.rule != "uncovered_clause"] == []


@pytest.mark.parametrize("place", [f"{AWARD}/application.bpmn#applied", "processes/shared/ballot.bpmn#vote", "weg"])
def test_where_no_flow_leads_no_notice_is_drawn(town: Lakeside, draft: int, place: str) -> None:
    with pytest.raises(Invalid, match="有连线通到的图元以前"):
        propose_assistance(town.desk, town.designer, draft, replace(TYPED, answers={"before": place}))


def test_the_page_asks_before_what(town: Lakeside, draft: int) -> None:
    browser = Browser(make_app(town), town, "designer")
    page = browser.get(f"/studio/drafts/{draft}/clauses/LN-2/assist?kind=notice").text
    assert 'name="before"' in page
    assert f'value="{BEFORE}"' in page
