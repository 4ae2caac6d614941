"""What a regulation that nobody had modelled before met in the studio: what an assistant writes passes, and is its own tier's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import write_assistance
from service.casework.studio.law.attest_condition import TypedCondition, propose_condition, write_condition
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.pieces.diagram_choices import diagram_choices
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.presets import are_categories, presets_of
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.value_words import bounds_words
from tests.integration.studio.test_clauses_read import PRIZES, chosen, typed_in
from tests.integration.studio.test_drawn_clauses import OUTLINE
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

BEGUN = replace(OUTLINE, steps=(CityStep.SCORING,))


def test_how_often_members_follow_themselves_is_no_number_of_members(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, BEGUN)
    text = "评审委员会由11名委员组成。委员任期四年，连续任职不超过两届。"
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    answers = {"holder": "committee", "most": "2"}
    typed = TypedAssistance(AssistKind.TERM, "LN-2", "term_years", "任期", "years", "4", "exactly", answers=answers)
    write_assistance(town.desk, town.designer, draft, typed)
    problems = check_draft(town.desk, town.designer, draft).problems
    assert [p.message.zh for p in problems if p.severity.name == "ERROR" and p.rule != "uncovered_clause"] == []


def test_a_tier_is_paid_by_its_own_plan_and_changed_at_its_own_amount(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, BEGUN)
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": PRIZES})
    parts = {"share_1": "60", "when_1": "decision", "share_2": "40", "when_2": "report", "at_2": "1"}
    first = TypedAssistance(
        AssistKind.PRIZE, "LN-2", "", "质量奖奖金", "yuan", "500000", "exactly", tier="tier_1", answers=parts
    )
    write_assistance(town.desk, town.designer, draft, first)
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    page = browser.get(f"{here}?kind=prize&tier=tier_2").text
    assert (typed_in(page, "value"), typed_in(page, "share_1"), chosen(page, "when_1")) == ("200000", "", "")
    write_assistance(
        town.desk, town.designer, draft, replace(first, name="提名奖奖金", value="200000", tier="tier_2", answers={})
    )
    parameters = package_of(town.desk, draft).award.parameters
    [second] = [p for p in parameters.values() if p.text.zh == "提名奖奖金"]
    plan = parameters["prize_parts"].values[-1].value
    assert [row["share"] for row in plan if row["tier"] == "tier_2"] in ([], [1])
    changed = browser.get(f"{here}?kind=prize&parameter={second.id}").text
    assert (typed_in(changed, "value"), chosen(changed, "tier")) == ("200000", "tier_2")
    sent = {
        "kind": "prize",
        "parameter": second.id,
        "name": "提名奖奖金",
        "unit": "yuan",
        "value": "200000",
        "confirm": "yes",
    }
    assert browser.post(here, {**sent, "bound": "exactly", "tier": chosen(changed, "tier")}).status_code == 302


def test_the_least_share_of_votes_is_told_once(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, BEGUN)
    some = next(iter(package_of(town.desk, draft).award.parameters.values()))
    least = bounds_words(replace(some, id="vote_threshold", minimum=">= 2/3", maximum=None))
    assert least is not None
    assert (least.zh, least.en) == ("不少于三分之二", "at least two thirds")


def test_a_period_of_an_application_may_count_from_the_deadline_of_its_round(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, BEGUN)
    package = package_of(town.desk, draft)
    offered = {
        name: {
            one.id
            for one in diagram_choices(town.desk, town.designer, draft, f"processes/{package.key}/{name}.bpmn").starts
        }
        for name in ("application", "round")
    }
    assert "date(round.deadline)" in offered["application"]
    assert "date(case.deadline)" not in offered["application"]
    assert "date(case.deadline)" in offered["round"]


@pytest.mark.parametrize(
    ("names", "text", "categories"),
    [
        (("市政府质量奖", "市政府质量奖提名奖"), "申报市政府质量奖的组织。小微企业申报市政府质量奖提名奖的。", False),
        (("组织奖", "班组奖"), "申报组织奖的组织。申报班组奖的班组。", True),
    ],
)
def test_a_nomination_is_a_rank(names: tuple[str, ...], text: str, *, categories: bool) -> None:
    assert are_categories(names, text) is categories


def test_the_decision_of_the_government_is_no_phase_of_an_objection() -> None:
    text = "公示无异议或者异议不成立的，由办公室报市人民政府审定。市人民政府应当自收到报告之日起20个工作日内作出决定并公布。"
    assert [key for key in presets_of([("第二十四条", text)]) if key.startswith("objection")] == []
    again = presets_of([("第二十一条", "第一轮投票未通过的，可以再投一次。")])
    assert again["vote_ballots"].value == "2"


def test_a_condition_that_the_form_asks_already_is_proved_by_a_scenario_alone(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, BEGUN)
    clause = {"kind": "eligibility", "text": "主要经济指标居本市同行业前列；"}
    change_clause(town.desk, town.designer, draft, "LN-2", clause)
    write_condition(town.desk, town.designer, draft, TypedCondition("LN-2"))
    before = package_of(town.desk, draft)
    season = f"processes/{before.key}/scenarios/first_season.yaml"
    proposal = propose_condition(town.desk, town.designer, draft, TypedCondition("LN-2", scenario=season))
    [change] = proposal.changes
    assert "/scenarios/" in change.path
    assert "不符合" in proposal.expectation
    browser = Browser(make_app(town), town, "designer")
    here = f"/studio/drafts/{draft}/clauses/LN-2/condition"
    page = browser.get(here).text
    assert ('id="proved"' in page, "前列</a>。" in page) == (True, True)
    assert browser.post(here, {"scenario": season, "confirm": "yes"}).status_code == 302
    after = package_of(town.desk, draft)
    assert [len(table.rows) for table in after.tables.values()] == [len(table.rows) for table in before.tables.values()]
    assert browser.post(here, {"scenario": "", "confirm": "yes"}).status_code == 409
