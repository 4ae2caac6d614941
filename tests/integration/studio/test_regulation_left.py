"""What the first modelling of an unseen regulation left: starts of time limits, grounds with years, parts of a prize."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.read_clause import read_clause_text
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog import build_catalog
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law.law import Clause
from service.catalog.law_text.presets import read_numbers
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.value_words import value_words
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.source.format_yaml import load_yaml
from service.domain.errors import Invalid
from tests.integration.studio.test_clauses_read import chosen
from tests.integration.studio.test_drawn_clauses import AWARD, DRAWN, OUTLINE, SEASON, fails, played, tree
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

FROM_CLOSE = "办公室应当自申报截止之日起15个工作日内作出是否受理的决定。"
FROM_DEADLINE = "workdays(param.{}, date(round.deadline))"
LIMIT = TypedAssistance(
    AssistKind.TIME_LIMIT, "LN-2", "decision_days_here", "受理期限", "working_days", "15", "maximum",
    element=f"{AWARD}/application.bpmn#decide",
)  # fmt: skip
REVOKED = TypedAssistance(
    AssistKind.REVOCATION, "LN-1", "false_ban_years", "", "years", "3",
    answers={"ground": "弄虚作假", "proposer": "office", "decider": "government"},
)  # fmt: skip


def errors(town: Lakeside, draft: int) -> list[str]:
    return [p.message.zh for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]


def said(town: Lakeside, draft: int, clause: str, text: str) -> None:
    change_clause(town.desk, town.designer, draft, clause, {"text": text})


def test_a_time_limit_runs_from_the_day_that_its_clause_names(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    said(town, draft, "LN-2", FROM_CLOSE)
    here = f"/studio/drafts/{draft}/clauses/LN-2/assist?kind=time_limit"
    page = Browser(make_app(town), town, "designer").get(here).text
    assert chosen(page, "starts") == "deadline"
    write_assistance(town.desk, town.designer, draft, LIMIT)
    decide = package_of(town.desk, draft).element("lanshan_application", "decide")
    assert decide.due == FROM_DEADLINE.format("decision_days_here")
    assert errors(town, draft) == []
    after = tree(town, draft)
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, SEASON).unmet] == []


def test_where_the_day_is_none_of_those_on_record_it_is_asked(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    said(town, draft, "LN-2", "办公室应当自受理之日起15个工作日内审查完毕。")
    with pytest.raises(Invalid, match="受理之日起”：请回答“期限从什么时候起算"):
        propose_assistance(town.desk, town.designer, draft, LIMIT)
    write_assistance(town.desk, town.designer, draft, replace(LIMIT, answers={"starts": "task"}))
    decide = package_of(town.desk, draft).element("lanshan_application", "decide")
    assert decide.due == "workdays(param.decision_days_here)"
    with pytest.raises(Invalid, match="没有（或者不止一个）“公示期满之日”"):
        propose_assistance(town.desk, town.designer, draft, replace(LIMIT, answers={"starts": "notice"}))


def test_a_new_place_counts_the_time_for_acceptance_and_recommendation_as_its_clauses_say(town: Lakeside) -> None:
    clauses = (Clause("LN-1", "第一条", "other", FROM_CLOSE, None, None), OUTLINE.clauses[1])
    begun = replace(OUTLINE, clauses=clauses, acceptance_days=15)
    draft = start_city(town.desk, town.designer, begun)
    decide = package_of(town.desk, draft).element("lanshan_application", "decide")
    assert decide.due == FROM_DEADLINE.format("acceptance_working_days")
    text = "由县发展改革委自申报截止之日起10个工作日内审核推荐。"
    said(town, draft, "LN-2", text)
    typed = TypedAssistance(
        AssistKind.RECOMMENDATION, "LN-2", "recommendation_working_days", "推荐期限", "working_days", "10", "maximum",
        answers={"authorities": "县发展改革委"},
    )  # fmt: skip
    write_assistance(town.desk, town.designer, draft, typed)
    package = package_of(town.desk, draft)
    assert package.element("lanshan_application", "recommend").due == FROM_DEADLINE.format(
        "recommendation_working_days"
    )
    assert package.element("lanshan_application", "decide").due == FROM_DEADLINE.format("acceptance_working_days")
    assert errors(town, draft) == []


def test_a_time_limit_on_a_call_is_refused_with_where_it_belongs(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.SCORING,)))
    typed = replace(LIMIT, element=f"{AWARD}/application.bpmn#review")
    with pytest.raises(Invalid, match="没有到期日"):
        propose_assistance(town.desk, town.designer, draft, typed)


def period(town: Lakeside, draft: int) -> str:
    call = package_of(town.desk, draft).element("lanshan_revocation", "set_revocation").operation
    assert call is not None
    return call.parameters["values"].partition("period:")[2]


def test_the_years_of_one_ground_are_those_of_no_other(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    said(town, draft, "LN-1", "弄虚作假的，撤销奖励，3年内不得申报。")
    write_assistance(town.desk, town.designer, draft, REVOKED)
    assert "free" not in period(town, draft)
    said(town, draft, "LN-2", "（二）获奖后三年内发生重大质量事故的，撤销奖励，3年内不得申报；")
    both = {**REVOKED.answers, "ground": "弄虚作假；发生重大质量事故", "within_years": "3"}
    write_assistance(town.desk, town.designer, draft, replace(REVOKED, clause="LN-2", answers=both))
    assert 'free: [\\"false_ban_years\\"]' in period(town, draft) or 'free: ["false_ban_years"]' in period(town, draft)
    assert "revocation_within_years" in period(town, draft)
    assert package_of(town.desk, draft).award.parameters["revocation_within_years"].values[-1].value == 3
    assert errors(town, draft) == []
    three = {**REVOKED.answers, "ground": "弄虚作假；发生重大质量事故；拒不履行义务"}
    write_assistance(town.desk, town.designer, draft, replace(REVOKED, answers=three))
    free = period(town, draft).partition("free: [")[2].partition("]")[0]
    assert ("false_ban_years_3" in free, "false_ban_years_2" in free) == (True, False), "a further ground is free"
    other = replace(REVOKED, answers={**three, "within_years": "5"})
    with pytest.raises(Invalid, match="已经按3年写了"):
        propose_assistance(town.desk, town.designer, draft, other)


def test_a_bar_takes_the_place_of_the_question_of_its_clause(town: Lakeside) -> None:
    text = "（四）申报前3年内未发生重大质量、安全、环境污染事故；"
    founded = Clause("LN-1", "第一条", "eligibility", "申报组织应当成立满3年。", None, None)
    clauses = (founded, Clause("LN-2", "第二条", "eligibility", text, None, None))
    cited = {**OUTLINE.cited, "conditions": ("LN-1", "LN-2")}
    draft = start_city(town.desk, town.designer, replace(OUTLINE, clauses=clauses, cited=cited))
    before = package_of(town.desk, draft)
    asked = [row.id for table in before.tables.values() for row in table.rows if "LN-2" in table.clauses(row)]
    typed = TypedAssistance(
        AssistKind.BAR, "LN-2", "accident_free_years", "近年无事故", "years", "3", scenario=SEASON,
        answers={"since": "event", "what": "发生重大质量、安全、环境污染事故"},
    )  # fmt: skip
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    rows = [row.id for t in after.package.tables.values() for row in t.rows if "LN-2" in t.clauses(row)]
    assert (len(asked), rows) == (1, ["no_event_for_accident_free_years"])
    assert asked[0].encode() not in after.filled[f"{AWARD}/forms/apply.json"]
    assert asked[0].encode() not in after.filled[SEASON]
    assert errors(town, draft) == []
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, SEASON).unmet] == []


@pytest.mark.parametrize(
    ("second", "shown"),
    [
        ({"when_2": "report", "at_2": "1"}, ["instalments_paid", "awaited_mark"]),
        ({"when_2": "years", "at_2": "1"}, ["instalments_paid", "pay_part"]),
    ],
)
def test_the_proof_of_a_prize_in_parts_asserts_the_parts(
    town: Lakeside, second: dict[str, str], shown: list[str]
) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    said(town, draft, "LN-2", "质量奖奖励80万元，授奖后拨付60%，其余40%以后拨付。")
    answers = {"share_1": "60", "when_1": "decision", "share_2": "40", **second}
    typed = TypedAssistance(
        AssistKind.PRIZE, "LN-2", "prize_yuan", "奖金", "yuan", "800000", "exactly", scenario=SEASON, answers=answers
    )
    proposal = propose_assistance(town.desk, town.designer, draft, typed)
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    path = next(change.path for change in proposal.changes if "/scenarios/" in change.path)
    expected = load_yaml(after.filled[path].decode())["expect"]
    assert [next(r for r in expected if name in r.values()) for name in shown]
    assert "480000" in proposal.expectation
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, path).unmet] == []
    file = f"{AWARD}/parameters.yaml"
    other = after.files[file].decode().replace("share: 0.6", "share: 0.5").replace("share: 0.4", "share: 0.5")
    assert other != after.files[file].decode()
    files = {**after.files, file: other.encode()}
    package = build_catalog(fill_patterns(files)[0]).package(after.package.key)
    assert fails(town, replace(after, package=package, filled=fill_patterns(files)[0]), path)


def test_a_shortlist_leaves_the_scenario_of_barred_experts_as_it_is(town: Lakeside) -> None:
    steps = (CityStep.SCORING, CityStep.SECOND_REVIEW)
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=steps))
    barred = TypedAssistance(
        AssistKind.EXPERT_BAR, "LN-1", "", value="3", scenario=SEASON, answers={"limit": "interest"}
    )
    shown = propose_assistance(town.desk, town.designer, draft, barred)
    path = next(change.path for change in shown.changes if "proves: [LN-1]" in change.after)
    write_assistance(town.desk, town.designer, draft, barred)
    write_assistance(town.desk, town.designer, draft, DRAWN["cut_off_before_the_second_stage"])
    after = tree(town, draft)
    for each in (path, SEASON):
        assert [unmet.message.zh for unmet in played(town, after.package, after.filled, each).unmet] == []
    again = propose_assistance(town.desk, town.designer, draft, barred)
    assert again.expectation, again.remark


def test_scenarios_of_two_uses_of_an_assistant_have_titles_of_their_own(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    for years, ident in (("2", "one_wait_years"), ("3", "other_wait_years")):
        typed = replace(DRAWN["bar"], parameter=ident, value=years, name=ident, scenario=SEASON)
        write_assistance(town.desk, town.designer, draft, typed)
    filled = tree(town, draft).filled
    titles = [load_yaml(filled[path].decode())["title"] for path in filled if f"{AWARD}/scenarios/" in path]
    assert len(titles) == len(set(titles)) == 3


def test_what_is_written_already_is_not_told_as_unread(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    said(town, draft, "LN-2", "评审委员会应当在20个工作日内提出意见，办公室应当在15个工作日内作出决定。")
    parts = read_clause_text(town.desk, town.designer, draft, "LN-2", AssistKind.PRIZE).reading.unread
    assert any("15个工作日" in part for part in parts)
    write_assistance(town.desk, town.designer, draft, LIMIT)
    parts = read_clause_text(town.desk, town.designer, draft, "LN-2", AssistKind.PRIZE).reading.unread
    assert [("15" in part, "20" in part) for part in parts] == [(False, True)]


def test_two_sizes_of_a_panel_are_two_readings() -> None:
    passages = [
        ("第十八条", "资料评审由5名专家组成评审组。"),
        ("第十九条", "现场评审组由不少于3名评审专家组成。"),
    ]
    read = read_numbers(passages)
    assert "reviewers" not in read.presets
    assert {one.value for one in read.doubts["reviewers"]} == {"5", "3"}


def test_rows_of_a_table_are_told_in_words(town: Lakeside) -> None:
    places = package_of(town.desk, start_city(town.desk, town.designer, OUTLINE)).award.parameters["award_places"]
    words = value_words(places, places.value_on(date(2026, 3, 1)))
    assert words.zh == "质量奖 名额5、提名奖 名额10"
