"""What the assistant of a clause draws, on a city begun from blank: it passes the check and its scenario line needs it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.casework.simulate.playing.play import Played, play
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import DraftTree, grown, package_of, tree_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.assist_clause import Assistance, propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.parameters.change_parameter import TypedParameter, propose_parameter, shown_fields
from service.casework.studio.scenarios.play_scenarios import read_file
from service.catalog import Basis, Package, Parameter, build_catalog
from service.catalog.assistants.drawn_answers import drawn_answers
from service.catalog.assistants.objection_answers import objection_as_it_stands
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.clause_kinds.phase_days import PhaseDays
from service.catalog.coverage.matrix import ClauseStatus, matrix
from service.catalog.law.law import Clause
from service.catalog.law_text.call_day import call_day_presets
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.site import Recommender
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import set_value
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.settings.settings import why_unlawful
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.table_sheets.sheet import read_sheet
from service.catalog.table_sheets.write import write_sheet
from service.catalog.tree import read_sources
from service.domain.errors import Invalid, LaurelError
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside
from tests.support.samples import is_sampled, sample

PROCESSES = Path(__file__).parents[3]
KEY = "lanshan/quality_award"
AWARD = f"processes/{KEY}"
SEASON = f"{AWARD}/scenarios/first_season.yaml"
OUTLINE = CityOutline(
    "lanshan", "兰山县", "", "cn", "兰山县质量奖", "兰山县质量奖管理办法", date(2026, 1, 1), "县市场监管局", "评审委员会",
    (OutlinedTier("tier_1", "质量奖", 5), OutlinedTier("tier_2", "提名奖", 10)),
    tuple(Clause(f"LN-{number}", f"第{number}条", "other", "内容。", None, None) for number in (1, 2)),
    dict.fromkeys(("apply", "conditions", "acceptance", "vote", "notice", "conferral"), ("LN-1",)),
)  # fmt: skip
FROM_AN_AWARD = {"since": "award"}
DRAWN = {
    "quota": TypedAssistance(AssistKind.QUOTA, "LN-2", "max_winners", "获奖总数", "count", "3", "maximum"),
    "quota_and_a_share": TypedAssistance(
        AssistKind.QUOTA, "LN-2", "max_winners", "获奖总数", "count", "3", "maximum", second="50%"
    ),
    "quota_by_a_share": TypedAssistance(
        AssistKind.QUOTA, "LN-2", "winners_share", "获奖比例", "fraction", "50%", "maximum"
    ),
    "quota_of_a_tier": TypedAssistance(
        AssistKind.QUOTA, "LN-2", "most_winners", "获奖总数", "count", "2", "maximum", tier="tier_1"
    ),
    "majority": TypedAssistance(AssistKind.MAJORITY, "LN-2", "vote_threshold", "票数", "text", ">= 2/3", second="2/3"),
    "majority_of_its_own": TypedAssistance(
        AssistKind.MAJORITY, "LN-2", "award_threshold", "票数", "text", ">= 3/4", second="2/3"
    ),
    "prize": TypedAssistance(
        AssistKind.PRIZE,
        "LN-2",
        "prize_yuan",
        "奖金",
        "yuan",
        "300000",
        answers={"share_1": "60", "share_2": "40", "when_2": "years", "at_2": "1"},
    ),
    "prize_of_a_tier": TypedAssistance(
        AssistKind.PRIZE, "LN-2", "first_prize_yuan", "奖金", "yuan", "50000", tier="tier_1"
    ),
    "bar": TypedAssistance(
        AssistKind.BAR, "LN-2", "reapply_wait_years", "再次申报", "years", "5", answers=FROM_AN_AWARD
    ),
    "bar_in_months": TypedAssistance(
        AssistKind.BAR, "LN-2", "reapply_months", "再次申报", "months", "18", answers=FROM_AN_AWARD
    ),
    "bar_for_ever": TypedAssistance(
        AssistKind.BAR, "LN-2", "never_again", "再次申报", "boolean", answers=FROM_AN_AWARD
    ),
    "bar_in_rounds": TypedAssistance(
        AssistKind.BAR, "LN-2", "reapply_rounds", "再次申报的届数", "count", "2", answers=FROM_AN_AWARD
    ),
    "bar_but_for_a_tier": TypedAssistance(
        AssistKind.BAR,
        "LN-2",
        "but_a_tier_years",
        "再次申报",
        "years",
        "5",
        answers={**FROM_AN_AWARD, "spared": "提名奖"},
    ),
    "bar_of_an_accident": TypedAssistance(
        AssistKind.BAR,
        "LN-2",
        "accident_free_years",
        "近年无事故",
        "years",
        "3",
        answers={"since": "event", "what": "发生重大事故"},
    ),
    "bar_of_a_revocation": TypedAssistance(
        AssistKind.BAR, "LN-2", "revoked_wait_years", "撤销后", "years", "4", answers={"since": "revocation"}
    ),
    "objection": TypedAssistance(
        AssistKind.OBJECTION_WINDOW, "LN-2", "objection_reply_working_days", "答复", "working_days", "6", "maximum"
    ),
    "revocation": TypedAssistance(
        AssistKind.REVOCATION, "LN-2", "false_material_ban_years", "撤销后不得申报", "years", "4"
    ),
    "reports": TypedAssistance(AssistKind.REPORTS, "LN-2", "report_years", "年度报告", "years", "2"),
    "validity": TypedAssistance(AssistKind.VALIDITY, "LN-2", "award_validity_years", "称号有效期", "years", "5"),
    "correction": TypedAssistance(
        AssistKind.CORRECTION, "LN-2", "correction_working_days", "补正", "working_days", "5", "maximum"
    ),
    "correction_in_calendar_days": TypedAssistance(
        AssistKind.CORRECTION,
        "LN-2",
        "correction_calendar_days",
        "补正",
        "calendar_days",
        "10",
        "maximum",
        answers={"rounds": "2", "late": "refused"},
    ),
    "announcement": TypedAssistance(
        AssistKind.ANNOUNCEMENT, "LN-2", "announcement_issuer", "公告的名义", "text", "兰山县人民政府"
    ),
    "call": TypedAssistance(AssistKind.CALL, "LN-2", "call_issuer", "申报通知的名义", "text", "兰山县市场监管局"),
    "call_on_a_day": TypedAssistance(
        AssistKind.CALL, "LN-2", "call_issuer", "申报通知的名义", "text", "兰山县市场监管局", answers={"day": "03-01"}
    ),
    "cycle": TypedAssistance(AssistKind.CYCLE, "LN-2", "cycle_years", "评选周期", "years", "2", "minimum"),
    "places_of_an_industry": TypedAssistance(
        AssistKind.GROUP_PLACES,
        "LN-2",
        "manufacturers",
        "制造业名额",
        "count",
        "2",
        "maximum",
        answers={"group": "制造业"},
    ),
    "cut_off": TypedAssistance(AssistKind.CUT_OFF, "LN-2", "cut_off_points", "入围分数线", "points", "600"),
    "cut_off_by_rank": TypedAssistance(AssistKind.CUT_OFF, "LN-2", "most_candidates", "入围名次", "count", "2"),
    "weights": TypedAssistance(
        AssistKind.WEIGHTS, "LN-2", "first_review_weight", "材料评审比重", "fraction", "40%", second="60%"
    ),
    "cut_off_before_the_second_stage": TypedAssistance(
        AssistKind.CUT_OFF, "LN-2", "site_points", "进入现场评审分数线", "points", "550", answers={"before": "second"}
    ),
    "rank_before_the_second_stage": TypedAssistance(
        AssistKind.CUT_OFF, "LN-2", "site_places", "进入现场评审名次", "count", "2", answers={"before": "second"}
    ),
    "three_weights": TypedAssistance(
        AssistKind.WEIGHTS,
        "LN-2",
        "first_review_weight",
        "资料评审比重",
        "fraction",
        "40%",
        second="40%",
        answers={"third": "20"},
    ),
    "a_third_weight_in_percent": TypedAssistance(
        AssistKind.WEIGHTS,
        "LN-2",
        "first_review_weight",
        "资料评审比重",
        "fraction",
        "40%",
        second="40%",
        answers={"third": "20%"},
    ),
    "revocation_of_its_own": TypedAssistance(AssistKind.REVOCATION, "LN-2", "bar_years", "不得申报", "years", "2"),
}


def tree(town: Lakeside, draft: int) -> DraftTree:
    with town.desk.store.read() as tx:
        return tree_of(town.desk, tx, draft)


def played(town: Lakeside, package: Package, filled: Mapping[str, bytes], path: str) -> Played:
    scenario = read_file(filled, path).scenario
    assert scenario is not None
    with empty_store() as store:
        return play(store, package, scenario, town.desk.calendars, town.desk.operations)


def without_drawing(town: Lakeside, before: DraftTree, after: DraftTree, shown: Assistance) -> DraftTree:
    """The draft with parameter and scenario as they were written, and everything that was drawn taken back."""
    kept = {change.path for change in shown.changes if "/scenarios/" in change.path or "parameters" in change.path}
    files = {**after.files, **{path: data for path, data in before.files.items() if path not in kept}}
    gone = set(after.files) - set(before.files) - kept
    return grown(town.desk, KEY, before, {path: data for path, data in files.items() if path not in gone})


CITIES: dict[str, tuple[CityStep, ...]] = {"plain": (), "scored_and_approved": (CityStep.SCORING, CityStep.APPROVAL)}


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        pytest.param(name, steps, id=f"{name}-{city}")
        for place, name in enumerate(DRAWN)
        for other, (city, steps) in enumerate(CITIES.items())
        if is_sampled(place + len(CITIES) * other, 6 * len(CITIES))
    ],
)
def test_what_is_drawn_passes_the_check_and_the_scenario_line_needs_it(
    town: Lakeside, name: str, steps: tuple[CityStep, ...]
) -> None:
    """A run draws a sixth of it into one of the two cities or the other, the next one others (`make fuzz`: all into both)."""
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=steps, government="兰山县人民政府"))
    before = tree(town, draft)
    typed = replace(DRAWN[name], scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert tree(town, draft).revision == before.revision, "nothing is written before it is confirmed"
    assert shown.expectation, shown.remark
    write_assistance(town.desk, town.designer, draft, typed)
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert [(p.file, p.message.zh) for p in errors] == []
    after = tree(town, draft)
    [line] = [line for line in matrix([after.package]).lines if line.clause.id == "LN-2"]
    assert line.status is ClauseStatus.CARRIED_OUT
    path = next(change.path for change in shown.changes if "proves: [LN-2]" in change.after)
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, path).unmet] == []
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, SEASON).unmet] == []
    if name != "majority":  # a threshold of the usual name is kept to by every ballot: the setting itself is taken back
        bare = without_drawing(town, before, after, shown)
        assert fails(town, bare, path)
    text = after.files[f"{AWARD}/parameters.yaml"].decode()
    other = set_value(text, typed.parameter, 1 if typed.value.isdigit() else "> 1/2")
    changed = grown(town.desk, KEY, after, {**after.files, f"{AWARD}/parameters.yaml": other.encode()})
    assert fails(town, changed, path)


@pytest.mark.parametrize("city", sample(list(CITIES), 2))
def test_a_share_that_comes_to_nothing_leaves_the_award_vacant_and_is_told_before(town: Lakeside, city: str) -> None:
    """A fifth of the two applications of the season, rounded down, is no place: the law's result is a vacant award."""
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=CITIES[city], government="兰山县人民政府"))
    typed = replace(DRAWN["quota_by_a_share"], value="20%", scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed, others_s=60)
    assert shown.remark is not None
    assert "至少有5个申报才有1个名额" in shown.remark.zh
    assert shown.others.fail == (), "the season has as many applicants now as one place takes"
    before = load_yaml(tree(town, draft).filled[SEASON])
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    assert load_yaml(after.filled[SEASON])["organisations"].keys() == {"甲", "乙", "乙2", "乙3", "乙4"}
    assert played(town, after.package, after.filled, SEASON).unmet == ()
    season = {**before, "steps": [step for step in before["steps"] if "vote" not in step]}
    season["steps"] = season["steps"][: -2 if city != "plain" else None]
    season["expect"] = [{"case": "届", "reached": "no_votes"}, {"case": "届", "outcome": "vacant"}]
    season["expect"].append({"case": "甲", "outcome": "accepted"})
    done = played(town, after.package, {**after.filled, SEASON: dump_yaml(season).encode()}, SEASON)
    assert [unmet.message.zh for unmet in done.unmet] == []


def test_a_quota_and_a_ranking_are_drawn_in_either_order(town: Lakeside) -> None:
    """Both write the agenda of the ballot: how many places there are, and who stands."""
    found = []
    for number, names in enumerate((("quota_by_a_share", "weights"), ("weights", "quota_by_a_share"))):
        outline = replace(OUTLINE, id=f"lanshan_{number}", name=f"兰山{number}县", steps=(CityStep.SCORING,))
        draft = start_city(town.desk, town.designer, outline)
        for name, clause in zip(names, ("LN-1", "LN-2"), strict=True):
            write_assistance(town.desk, town.designer, draft, replace(DRAWN[name], clause=clause))
        errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
        assert [(p.file, p.message.zh) for p in errors] == []
        agenda = package_of(town.desk, draft).element(f"lanshan_{number}_round", "set_agenda").operation
        assert agenda is not None
        found.append(agenda.parameters["values"])
    assert found[0] == found[1]
    assert "param.winners_share" in found[0]
    assert "case.ranking" in found[0]


@pytest.mark.parametrize(
    ("kind", "parameter", "value"),
    [
        ("call", "call_issuer", "县市场监管局"),
        ("objection_window", "objection_reply_working_days", "10"),
    ],
)
def test_an_assistant_proposes_to_change_its_own_parameter_alone(
    town: Lakeside, kind: str, parameter: str, value: str
) -> None:
    """The clause cites others of the same unit: the day of the call is not who makes it, a phase is not the whole."""
    said = Clause("LN-1", "第一条", "other", "3月15日前发布申报通知。自收到异议之日起10个工作日内答复。", None, None)
    outline = replace(OUTLINE, clauses=(said, OUTLINE.clauses[1]), steps=(CityStep.OBJECTION,), call_by="03-15")
    phases = {"acceptance": PhaseDays(5), "reply": PhaseDays(10)}
    draft = start_city(
        town.desk, town.designer,
        replace(outline, cited={**outline.cited, "objection": ("LN-1",)}, objection_phases=phases),
    )  # fmt: skip
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-1/assist?kind={kind}").text
    held = re.search(r'name="parameter"[^>]*value="([^"]*)"', page)
    typed = re.search(r'name="value"[^>]*value="([^"]*)"', page)
    assert (held and held[1], typed and typed[1]) == (parameter, value)


def fails(town: Lakeside, changed: DraftTree, path: str) -> bool:
    try:
        return bool(played(town, changed.package, changed.filled, path).unmet)
    except (LaurelError, KeyError):  # the scenario may name a process that is gone
        return True


def test_a_step_is_drawn_into_diagrams_that_were_drawn_on_since(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    for name, old, new in (("round", "拟定公示", "拟定名单公示"), ("application", "决定是否受理", "受理与否")):
        path = f"{AWARD}/{name}.bpmn"
        content = tree(town, draft).filled[path]
        opened = open_file(town.desk, town.designer, draft, path)
        save_file(town.desk, town.designer, draft, path, content.replace(old.encode(), new.encode()), opened.hash)
    typed = replace(DRAWN["objection"], scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert {picture.name for picture in shown.pictures} == {"评选届次", "申报", "异议"}
    assert [bool(picture.before) for picture in shown.pictures if picture.name == "异议"] == [False]
    write_assistance(town.desk, town.designer, draft, typed)
    package = package_of(town.desk, draft)
    assert package.element("lanshan_round", "draft_winners").name == "拟定名单公示"
    assert package.element("lanshan_application", "decide").name == "受理与否"
    assert "objections_over" in package.diagrams[f"{AWARD}/round.bpmn"].elements
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]


def test_who_is_struck_by_an_objection_gets_no_award(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,)))
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["objection"], scenario=SEASON))
    after = tree(town, draft)
    path = next(path for path in after.filled if "/scenarios/" in path and "yi_yi" in path)
    upheld = (
        after.filled[path]
        .decode()
        .replace("finding_result: unsubstantiated", "finding_result: substantiated_condition")
    )
    upheld = (
        upheld.partition("expect:")[0]
        + "expect:\n  - {case: 甲, outcome: disqualified}\n  - {case: 届, outcome: vacant}\n"
    )
    done = played(town, after.package, {**after.filled, path: upheld.encode()}, path)
    assert [unmet.message.zh for unmet in done.unmet] == []


def test_whom_an_open_objection_holds_stays_where_the_days_alone_change(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,)))
    days = replace(DRAWN["objection"], scenario="")
    shown = propose_assistance(town.desk, town.designer, draft, days)
    drawn = [change.path.rpartition("/")[2] for change in shown.changes if not change.path.endswith("parameters.yaml")]
    assert drawn == ["objection.bpmn"], "the call cites the clause"
    assert "anyone_waiting" not in "".join(change.after for change in shown.changes)
    write_assistance(town.desk, town.designer, draft, days)
    package = package_of(town.desk, draft)
    assert "anyone_waiting" not in package.diagrams[f"{AWARD}/round.bpmn"].elements
    assert package.award.parameters["objection_reply_working_days"].values[-1].value == 6
    assert "objection_reply_from" not in package.award.parameters
    assert objection_as_it_stands(package) == {
        "hold": "all",
        "counted": "step",
        "investigation": "5",
        "finding": "5",
    }
    write_assistance(town.desk, town.designer, draft, replace(days, answers={"hold": "concerned"}))
    package = package_of(town.desk, draft)
    assert "anyone_waiting" in package.diagrams[f"{AWARD}/round.bpmn"].elements
    assert objection_as_it_stands(package)["hold"] == "concerned"
    with pytest.raises(Invalid, match="助手不能改回全部等待"):
        propose_assistance(town.desk, town.designer, draft, replace(days, answers={"hold": "all"}))


def test_a_clause_that_revokes_and_bars_nobody_needs_no_years(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN["revocation"], value="", scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    [made] = [change.after for change in shown.changes if "/scenarios/" in change.path]
    assert "- {case: 撤销, reached: revoke, proves: [LN-2]}" in made
    write_assistance(town.desk, town.designer, draft, typed)
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    bar = package_of(town.desk, draft).award.parameters[typed.parameter]
    assert (bar.values[-1].value, bar.source) == (0, Basis.DEFAULT), "the clause does not say so"


def test_how_an_objection_ends_is_offered_by_its_own_name(town: Lakeside) -> None:
    package = package_of(town.desk, start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,))))
    assert ScenarioTerms(package).word("closed", "outcome").zh == "异议办结"


def test_where_the_procedure_is_another_the_step_is_not_drawn_but_said(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    path = f"{AWARD}/round.bpmn"
    content = tree(town, draft).filled[path].replace(b'"confer"', b'"give"')
    opened = open_file(town.desk, town.designer, draft, path)
    save_file(town.desk, town.designer, draft, path, content, opened.hash)
    with pytest.raises(Invalid, match="不能自动画上"):
        propose_assistance(town.desk, town.designer, draft, DRAWN["prize"])


@pytest.mark.parametrize("name", sample(["urumqi", "kizilsu"], 2))
def test_a_real_city_gets_a_row_of_its_conditions(town: Lakeside, name: str) -> None:
    key = f"{name}/quality_award"
    files = read_sources(PROCESSES, frozenset({"urumqi", "kizilsu", "qingyuan", "ganzhou", "yining"} - {name}))
    deploy_package(town.desk, SYSTEM, build_catalog(fill_patterns(files)[0]).package(key), sources=files)
    designer = replace(town.designer, seats=tuple(replace(seat, jurisdiction=name) for seat in town.designer.seats))
    draft = open_draft(town.desk, designer, key, "几年内不得申报")
    before = check_draft(town.desk, designer, draft).problems
    package = package_of(town.desk, draft)
    scenario = next(path for path in tree(town, draft).filled if path.startswith(f"processes/{key}/scenarios/clean"))
    clause = next(iter(package.law.clauses))
    ranked = TypedAssistance(AssistKind.CUT_OFF, clause, "most", "名次", "count", "2", tier=package.award.tiers[0].id)
    with pytest.raises(Invalid, match="只有分类别申报的"):
        propose_assistance(town.desk, designer, draft, ranked)
    typed = TypedAssistance(
        AssistKind.BAR, clause, "", "再次申报间隔", "years", "2", scenario=scenario, answers=FROM_AN_AWARD
    )
    shown = propose_assistance(town.desk, designer, draft, typed)
    assert shown.expectation, shown.remark
    write_assistance(town.desk, designer, draft, typed)
    after = check_draft(town.desk, designer, draft).problems
    assert [p.message.zh for p in after if p.severity.name == "ERROR" and p not in before] == []
    [changed] = [change for change in shown.changes if change.path.endswith(".dmn")]
    now = tree(town, draft)
    bare = grown(town.desk, key, now, {**now.files, changed.path: changed.before.encode()})
    path = next(change.path for change in shown.changes if "/scenarios/" in change.path)
    assert played(town, now.package, now.filled, path).unmet == ()
    assert fails(town, bare, path)


def test_a_term_of_office_is_named_by_its_role_and_held_to(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = TypedAssistance(
        AssistKind.TERM, "LN-2", "member_term", "委员任期", "years", "3", answers={"holder": "committee", "most": "2"}
    )
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    [role] = [role for role in after.package.jurisdiction.roles.values() if role.term]
    assert (role.id, role.term, role.most_terms) == ("committee", "member_term", "most_member_term")
    assert after.package.award.parameters["most_member_term"].values[-1].value == 2
    [line] = [line for line in matrix([after.package]).lines if line.clause.id == "LN-2"]
    assert line.status is ClauseStatus.UNPROVED, "the register of experts and seats keeps to it, no season shows it"
    assert [
        p.message.zh for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"
    ] == []


def test_a_call_says_from_when_until_when_and_where_before_anybody_applies(town: Lakeside) -> None:
    second = replace(OUTLINE.clauses[1], summary="在县政府网站发布申报通知。")
    draft = start_city(town.desk, town.designer, replace(OUTLINE, clauses=(OUTLINE.clauses[0], second)))
    answers = {"channels": "县政府网站", "content": "申报材料见附件。"}
    elsewhere = replace(DRAWN["call"], answers={**answers, "channels": "县电视台"})
    files = {one.path: one.after for one in propose_assistance(town.desk, town.designer, draft, elsewhere).changes}
    entry = files[f"{AWARD}/parameters.yaml"].partition("call_channels:")[2]
    assert "source: default" in entry.partition("value:")[0], "the clause does not say so"
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["call"], answers=answers))
    after = tree(town, draft)
    assert after.package.award.parameters["call_channels"].source is Basis.STATED
    posted = after.package.element("lanshan_round", "draft_call").operation
    assert posted is not None
    assert "{param.call_content}" in posted.parameters["text"], "the notice shows the conditions, not the letter alone"
    assert after.package.award.parameters["call_content"].source is Basis.DEFAULT, "the clause does not say so"
    season = after.filled[SEASON].decode()
    said = "[自2026年1月12日起至2026年2月6日止接受申报, 申报材料见附件, 通过县政府网站发布, 兰山县市场监管局]"
    expect = season + f"  - {{case: 届, document: call_notice, contains: {said}}}\n"
    done = played(town, after.package, {**after.filled, SEASON: expect.encode()}, SEASON)
    assert [unmet.message.zh for unmet in done.unmet] == []
    round_ = after.package.diagrams[f"{AWARD}/round.bpmn"]
    assert [flow.target for flow in round_.flows.values() if flow.source == "close_call"] == ["open_window"]
    other = replace(
        DRAWN["call"], value="兰山县人民政府"
    )  # a call is there: whose it is changes, nothing is drawn again
    changed = propose_assistance(town.desk, town.designer, draft, other).changes
    [written] = [change.after for change in changed if change.path.endswith("parameters.yaml")]
    assert "县政府网站" in written
    assert sum("draft_call" in change.after for change in changed) <= 1


def test_a_call_on_a_day_of_the_year_waits_for_it_and_is_proved_in_a_season_that_does(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN["call"], answers={"day": "3月1日"}, scenario=SEASON)
    with pytest.raises(Invalid, match="每年都有的一天"):
        propose_assistance(town.desk, town.designer, draft, replace(typed, answers={"day": "02-30"}))
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert shown.expectation is not None, shown.remark
    assert "自2026年3月1日起" in shown.expectation
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    assert after.package.award.parameters["call_day"].values[-1].value == "03-01"
    assert after.package.element("lanshan_round", "await_call_day").clauses == ("LN-2",)
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    [season] = [path for path in after.filled if path.startswith(f"{AWARD}/scenarios/") and path != SEASON]
    assert played(town, after.package, after.filled, season).unmet == ()
    at_once = set_value(after.files[after.package.parameters_file].decode(), "call_day", "02-26")
    early = grown(town.desk, KEY, after, {**after.files, after.package.parameters_file: at_once.encode()})
    assert fails(town, early, season)
    kept = replace(DRAWN["call"], value="兰山县人民政府")
    changed = propose_assistance(town.desk, town.designer, draft, kept).changes
    assert not any("call_at_once: yes" in change.after for change in changed)


@pytest.mark.parametrize(
    ("text", "day"),
    [("办公室每年3月1日发布申报通知。", "03-01"), ("每年三月十五日印发申报通知。", "03-15"), ("每年3月1日前发布申报通知。", None)],
)  # fmt: skip
def test_the_day_of_a_call_is_read_from_the_text(text: str, day: str | None) -> None:
    assert call_day_presets(text).get("day") == day


def test_each_category_is_cut_off_by_its_own_rank_and_who_is_below_all_lines_is_told(town: Lakeside) -> None:
    steps = (CityStep.SCORING, CityStep.CATEGORIES, CityStep.WITHDRAWAL)
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=steps))
    first = replace(DRAWN["cut_off_by_rank"], tier="tier_1", value="1", scenario=SEASON)
    second = replace(first, parameter="most_teams", name="提名奖入围名次", tier="tier_2", value="2")
    for typed in (first, second):
        shown = propose_assistance(town.desk, town.designer, draft, typed)
        assert f"名额{typed.value}个" in shown.expectation, shown.remark
        write_assistance(town.desk, town.designer, draft, typed)
    ranking = package_of(town.desk, draft).element("lanshan_round", "rank_candidates").operation
    assert ranking is not None
    assert ranking.parameters["places"] == "{tier_1: param.most_candidates, tier_2: param.most_teams}"
    together = replace(first, parameter="most_of_all", tier="")
    for wrong, why in ((together, "已经按奖项分别排名"), (replace(first, tier='x"'), '没有奖项“x"”')):
        with pytest.raises(Invalid, match=why):
            propose_assistance(town.desk, town.designer, draft, replace(wrong, scenario=""))
    again = propose_assistance(town.desk, town.designer, draft, replace(first, tier="", value="3", scenario=""))
    assert [change.path.rpartition("/")[2] for change in again.changes] == ["parameters.yaml"]
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["cut_off"], value="900"))
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    after = tree(town, draft)
    head, at, _ = after.filled[SEASON].decode().partition("  - case: 届\n    vote:")
    head = head if at else after.filled[SEASON].decode().partition("  - {case: 届, vote:")[0]
    vacant = f"{head}expect:\n  - {{case: 届, outcome: vacant}}\n  - {{case: 甲, outcome: accepted}}\n"
    done = played(town, after.package, {**after.filled, SEASON: vacant.encode()}, SEASON)
    assert [unmet.message.zh for unmet in done.unmet] == []


def test_weights_make_the_whole_and_a_second_stage_is_drawn_once(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.SCORING,)))
    weights = replace(DRAWN["weights"], answers={"stage": "defence"})
    with pytest.raises(Invalid, match="加起来应当是100%"):
        propose_assistance(town.desk, town.designer, draft, replace(weights, second="50%"))
    for wrong in ("forty", "1e99999", "1/0"):
        with pytest.raises(Invalid, match="不是比例"):
            propose_assistance(town.desk, town.designer, draft, replace(weights, value=wrong))
    write_assistance(town.desk, town.designer, draft, DRAWN["cut_off"])
    with pytest.raises(Invalid, match="“60%”读不出来，请填写数字"):  # it is of points, whatever unit is chosen
        propose_assistance(
            town.desk, town.designer, draft, replace(DRAWN["cut_off"], unit="fraction", value="60%", scenario="")
        )
    write_assistance(town.desk, town.designer, draft, replace(weights, scenario=SEASON))
    package = package_of(town.desk, draft)
    second = package.element("lanshan_application", "second_review")
    assert (second.name, set(second.slots.values())) == ("陈述答辩", {("LN-2",)}), (
        "the clause chosen, not the first one"
    )
    assert set(package.element("lanshan_application", "review").slots.values()) == {()}, "what was left open stays so"
    ranking = package.element("lanshan_round", "rank_candidates").operation
    assert ranking is not None
    assert (ranking.parameters["cut_off"], ranking.parameters["weights"]) == (
        "param.cut_off_points",
        "{expert_review: param.first_review_weight, second_review: param.second_review_weight}",
    )
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    again = replace(weights, value="50%", second="50%")
    assert {
        change.path.rpartition("/")[2] for change in propose_assistance(town.desk, town.designer, draft, again).changes
    } == {"parameters.yaml"}


def test_a_share_of_full_marks_may_be_a_fraction_and_scenarios_that_cannot_be_read_stay(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    torn = f"{AWARD}/scenarios/torn.yaml"
    save_file(town.desk, town.designer, draft, torn, b"steps: [{complete: decide, with: {decision: accept}}]\n", "")
    share = replace(DRAWN["cut_off"], parameter="cut_off_share", unit="fraction", value="60%")
    for path, why in ((torn, "缺少 start"), (f"{AWARD}/scenarios/gone.yaml", "已经不在了")):
        with pytest.raises(Invalid, match=why):
            propose_assistance(town.desk, town.designer, draft, replace(share, scenario=path))
    write_assistance(town.desk, town.designer, draft, share)
    after = tree(town, draft)
    ranking = after.package.element("lanshan_round", "rank_candidates").operation
    assert ranking is not None
    assert ranking.parameters["cut_off"] == "{share: param.cut_off_share}"
    path = f"{AWARD}/parameters.yaml"
    for value, unmet in (("2/3", True), ("3/5", False)):  # everybody has 60% of the full marks
        text = set_value(after.files[path].decode(), "cut_off_share", value).encode()
        changed = grown(town.desk, KEY, after, {**after.files, path: text})
        assert fails(town, changed, SEASON) is unmet


@pytest.mark.parametrize("name", sample(["correction", "correction_in_calendar_days"], 2))
def test_what_is_not_corrected_in_time_has_ended_and_no_round_more_is_given_than_the_clause_gives(
    town: Lakeside, name: str
) -> None:
    steps = (CityStep.WITHDRAWAL, CityStep.OBJECTION)
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=steps))
    write_assistance(town.desk, town.designer, draft, replace(DRAWN[name], scenario=SEASON))
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    after = tree(town, draft)
    path = next(path for path in after.filled if "/scenarios/" in path and "bu_zheng" in path)
    season = after.filled[path].decode()
    assert "{case: 甲2, outcome: lapsed, proves: [LN-2]}" in season
    assert "waiting: correct_material" in season or "task: correct_material" in season
    letter = "  - {case: 甲2, document: correction_lapsed, contains: [缺质量管理体系证书, %s]}\n"
    late = "视为放弃申报" if name == "correction" else "不予受理"
    done = played(town, after.package, {**after.filled, path: (season + letter % late).encode()}, path)
    assert [unmet.message.zh for unmet in done.unmet] == []
    asked = "  - {as: office, case: 甲, complete: decide, with: {decision: correct, missing: 还缺一份。}}\n"
    head, at, rest = season.partition("  - {as: office, case: 甲, complete: decide, with: {decision: accept}}")
    assert at, season
    once_more = {**after.filled, path: f"{head}{asked}{at}{rest}".encode()}
    refused = [unmet.message.zh for unmet in played(town, after.package, once_more, path).unmet]
    assert any("补正次数已经用完" in said for said in refused) == (name == "correction"), refused


def test_what_the_text_does_not_say_is_a_proposal_of_the_place_and_an_emptied_day_is_refused(town: Lakeside) -> None:
    said = replace(OUTLINE.clauses[1], text="撤销前应当告知获奖组织，给予7个工作日陈述申辩。")
    outline = replace(OUTLINE, clauses=(OUTLINE.clauses[0], said), steps=(CityStep.APPROVAL,), government="县政府")
    draft = start_city(town.desk, town.designer, outline)
    emptied = {"recovery_days": "", "hearing_days": "7", "ground": "弄虚作假"}
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["revocation"], answers=emptied))
    known = package_of(town.desk, draft).award.parameters
    assert (known["recovery_calendar_days"].source, known["hearing_working_days"].source) == (
        Basis.DEFAULT,
        Basis.STATED,
    )
    assert known["hearing_working_days"].values[-1].value == 7
    reports = replace(DRAWN["reports"], answers={"due": "", "correction_days": ""})
    with pytest.raises(Invalid, match="请回答“每年在几月几日前提交"):
        propose_assistance(town.desk, town.designer, draft, reports)
    with pytest.raises(Invalid, match="请回答“撤销的事由”"):
        propose_assistance(
            town.desk, town.designer, draft, replace(DRAWN["revocation_of_its_own"], answers={"ground": " "})
        )
    with pytest.raises(Invalid, match="请填写取值"):
        propose_assistance(town.desk, town.designer, draft, replace(DRAWN["correction"], value=" "))


def test_the_preview_plays_what_proves_other_clauses_and_says_what_would_fail(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.SCORING,)))
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["cut_off"], scenario=SEASON))
    weights = replace(DRAWN["weights"], clause="LN-1")
    assert propose_assistance(town.desk, town.designer, draft, weights).others.played == 0, "only where it is asked for"
    others = propose_assistance(town.desk, town.designer, draft, weights, others_s=600).others
    assert [one.articles for one in others.fail] == [("第2条",)]
    assert others.fail[0].unmet.zh
    quota = replace(DRAWN["quota"], clause="LN-1", value="5")
    others = propose_assistance(town.desk, town.designer, draft, quota, others_s=600).others
    assert (others.fail, others.played > 0, others.left) == ((), True, 0)
    assert others.red == ()
    unlikely = tree(town, draft).filled[SEASON].replace(b"outcome: accepted", b"outcome: refused")
    save_file(
        town.desk, town.designer, draft, SEASON, unlikely, open_file(town.desk, town.designer, draft, SEASON).hash
    )
    chosen = replace(quota, scenario=SEASON)
    red = propose_assistance(town.desk, town.designer, draft, chosen, others_s=600).others
    assert ([one.path for one in red.red], red.fail) == ([SEASON], ()), (
        "what fails already is said, and called no success"
    )
    short = propose_assistance(town.desk, town.designer, draft, quota, others_s=1e-9).others
    assert (short.played, short.left) == (0, others.played), "the rest is said, not waited for"


@pytest.mark.parametrize("name", ["bar", "bar_of_an_accident"])
def test_a_bar_is_proved_by_who_is_barred_on_its_last_day_and_by_who_is_free_the_day_after(
    town: Lakeside, name: str
) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN[name], scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    [made] = [change.after for change in shown.changes if "/scenarios/" in change.path]
    assert "result: not_met, proves: [LN-2]" in made, made
    assert "result: met" in made, made
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    path = next(change.path for change in shown.changes if "/scenarios/" in change.path)
    assert played(town, after.package, after.filled, path).passed
    entries = after.files[f"{AWARD}/parameters.yaml"].decode()
    for other in (int(typed.value) - 1, int(typed.value) + 1):
        changed = set_value(entries, typed.parameter if name != "bar" else "reapply_wait_years", other)
        bent = grown(town.desk, KEY, after, {**after.files, f"{AWARD}/parameters.yaml": changed.encode()})
        assert fails(town, bent, path), f"a bar of {other} years is told apart"


AUTHORITY = replace(
    OUTLINE,
    steps=(CityStep.RECOMMENDATION,),
    recommenders=(Recommender("recommender_1", "东乡局"),),
)
"""A city in which an application is examined once an authority has recommended it."""


def test_a_bar_is_reckoned_on_the_day_of_the_application_however_late_it_is_examined(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, AUTHORITY)
    typed = replace(DRAWN["bar"], scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    path, made = next((change.path, change.after) for change in shown.changes if "/scenarios/" in change.path)
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    assert played(town, after.package, after.filled, path).passed
    season = load_yaml(made)
    recommended = next(n for n, step in enumerate(season["steps"]) if step.get("complete") == "recommend")
    last = max(str(step["at"]) for step in season["steps"][:recommended] if "at" in step)
    late = date.fromisoformat(last[:10]) + timedelta(days=5)
    season["steps"].insert(recommended, {"until": late})
    for step in season["steps"][recommended + 1 :]:
        step.pop("at", None)
    done = played(town, after.package, {**after.filled, path: dump_yaml(season).encode()}, path)
    assert [unmet.message.zh for unmet in done.unmet] == [], "who is barred on the day of application stays so"


def test_from_what_a_bar_counts_is_never_assumed(town: Lakeside) -> None:
    """The words name no award of this place: whoever leaves it out by a call is asked, as on the page."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    told = Browser(make_app(town), town, "designer")

    def sent(clause: str, **answers: str) -> tuple[int, str]:
        body = {"kind": "bar", "clause": clause, "name": "再次申报", "unit": "years", "value": "2", "answers": answers}
        answer = told.send("POST", f"/api/v1/drafts/{draft}/assistance", body)
        return answer.status_code, answer.text

    refused = sent("LN-2")
    assert refused[0] == 422, refused
    assert "从什么时候算" in refused[1]
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "已获得自治区质量奖的组织，两年内不得申报本奖。"})
    assert sent("LN-2")[0] == 422
    assert sent("LN-2", since="event", what="获得自治区质量奖")[0] == 200
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "获得本奖的组织，两年内不得再次申报。"})
    assert sent("LN-2")[0] == 200, "the text says it itself"


def test_a_bar_that_is_changed_counts_from_what_it_counted_from(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = DRAWN["bar_of_a_revocation"]
    write_assistance(town.desk, town.designer, draft, typed)
    assert drawn_answers(package_of(town.desk, draft), typed.kind, typed.parameter) == {"since": "revocation"}
    longer = replace(typed, value="5", answers={}, scenario=SEASON)
    assert propose_assistance(town.desk, town.designer, draft, longer).expectation


def test_winners_of_a_tier_that_the_bar_spares_may_apply(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN["bar_but_for_a_tier"], scenario=SEASON)
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    [path] = [path for path, data in after.filled.items() if "/scenarios/" in path and b"proves: [LN-2]" in data]
    assert played(town, after.package, after.filled, path).passed
    spared = after.filled[path].replace(b"tier: tier_1", b"tier: tier_2")
    assert spared != after.filled[path]
    assert fails(town, replace(after, filled={**after.filled, path: spared}), path), "nobody is barred"
    with pytest.raises(Invalid, match="可以填写：质量奖、提名奖"):
        propose_assistance(
            town.desk, town.designer, draft, replace(typed, parameter="", answers={**FROM_AN_AWARD, "spared": "特等奖"})
        )


@pytest.mark.parametrize(
    "steps", sample([(), (CityStep.SCORING, CityStep.APPROVAL), (CityStep.RECOMMENDATION,)], 3), ids=str
)
def test_who_was_revoked_is_barred_in_the_next_round_by_a_row_of_the_conditions(
    town: Lakeside, steps: tuple[CityStep, ...]
) -> None:
    """The bar on record alone keeps nobody away: the conditions ask for it, and without the row the scenario fails."""
    recommenders = AUTHORITY.recommenders if CityStep.RECOMMENDATION in steps else ()
    outline = replace(OUTLINE, steps=steps, government="兰山县人民政府", recommenders=recommenders)
    draft = start_city(town.desk, town.designer, outline)
    typed = replace(DRAWN["revocation"], value="5", scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert "新增规则行“撤销奖励后不得申报的期限”" in str(shown.written)
    write_assistance(town.desk, town.designer, draft, typed)
    path = next(change.path for change in shown.changes if "/scenarios/" in change.path)
    after = tree(town, draft)
    assert played(town, after.package, after.filled, path).passed
    asked = "finding: no_ban_running, result: not_met, proves: [LN-2]}"
    assert asked in after.filled[path].decode(), after.filled[path].decode()
    table = f"{AWARD}/eligibility.dmn"
    sheet = read_sheet(after.filled[table], table)
    kept = tuple(row for row in sheet.rows if row.id != "no_ban_running")
    without = write_sheet(after.filled[table], table, replace(sheet, rows=kept))
    bare = grown(town.desk, KEY, after, {**after.files, table: without})
    assert [unmet.message.zh for unmet in played(town, bare.package, bare.filled, path).unmet], "the row is proved"
    further = replace(DRAWN["revocation_of_its_own"], clause="LN-1", scenario=SEASON, answers={"ground": "发生事故"})
    shown = propose_assistance(town.desk, town.designer, draft, further)
    assert any("result: not_met, proves: [LN-1]" in change.after for change in shown.changes)
    write_assistance(town.desk, town.designer, draft, further)
    rows = read_sheet(tree(town, draft).filled[table], table).rows
    assert [row.outputs[3] for row in rows if row.id == "no_ban_running"] == ['"LN-2 LN-1"'], "one row for all grounds"


def test_a_bar_that_a_revocation_writes_is_not_offered_a_second_time(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    text = "弄虚作假的，撤销称号，自撤销之日起5年内不得再次申报。"
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist").text
    assert 'value="5"' in page
    assert "这一条还写了" not in page


def test_the_phases_of_an_objection_end_within_the_period_that_the_article_gives_for_all(town: Lakeside) -> None:
    """受理5日、核查15日 within 30日 from receipt: what ends later than the whole is refused with the article."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN["objection"], value="15", answers={"acceptance": "5", "investigation": "16"})
    with pytest.raises(Invalid, match="第16个工作日才届满，超过依第2条“答复”的15个工作日"):
        propose_assistance(town.desk, town.designer, draft, typed)
    write_assistance(
        town.desk, town.designer, draft, replace(typed, answers={"acceptance": "5", "investigation": "10"})
    )
    late = package_of(town.desk, draft).award.parameters["objection_investigation_working_days"]
    for days, refused in ((15, False), (16, True)):
        assert bool(why_unlawful(package_of(town.desk, draft), late, days)) is refused
    path = f"{AWARD}/parameters.yaml"
    text = open_file(town.desk, town.designer, draft, path)
    wrong = set_value(text.content.decode(), "objection_investigation_working_days", 20).encode()
    save_file(town.desk, town.designer, draft, path, wrong, text.hash)
    [found] = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert (found.rule, found.element) == ("beyond_law", "parameters.objection_investigation_working_days.values")
    text = open_file(town.desk, town.designer, draft, path)
    entries = set_value(text.content.decode(), "objection_investigation_from", "step")
    entries = set_value(entries, "objection_investigation_working_days", 8)
    for forward, problems in ((7, 0), (8, 1)):
        opened = open_file(town.desk, town.designer, draft, path)
        changed = set_value(entries, "objection_forward_working_days", forward).encode()
        save_file(town.desk, town.designer, draft, path, changed, opened.hash)
        told = [p.rule for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
        assert told == ["beyond_law"] * problems, "what counts from the phase before it ends after that one"


def test_the_days_of_an_objection_are_those_that_were_typed(town: Lakeside) -> None:
    """“30日内办结” are calendar days: 30 of them, and never 30 working days, which are some six weeks."""
    outline = replace(OUTLINE, steps=(CityStep.OBJECTION,))
    draft = start_city(town.desk, town.designer, outline)
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "异议处理应当自收到异议之日起30日内办结。"})
    typed = replace(DRAWN["objection"], unit="calendar_days", value="30", scenario=SEASON)
    for days in ("30", "45"):
        with pytest.raises(Invalid, match=f"不能设为{days}个工作日：第2条写明不超过30日"):
            propose_assistance(town.desk, town.designer, draft, replace(typed, unit="working_days", value=days))
    write_assistance(town.desk, town.designer, draft, replace(typed, unit="working_days", value="12"))
    now = package_of(town.desk, draft).award.parameters["objection_reply_working_days"]
    assert (now.values[-1].value, now.source) == (12, Basis.DEFAULT)
    with pytest.raises(Invalid, match="不能设为30个工作日"):
        propose_parameter(town.desk, town.designer, draft, typed_as(now, value="30"))
    typed = replace(typed, answers={"counted": "receipt"})
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert shown.expectation == "办件 异议，任务 拟定书面答复，期限 2026年3月9日", "7 February and 30 days, a Monday"
    write_assistance(town.desk, town.designer, draft, typed)
    known = package_of(town.desk, draft).award.parameters
    whole = known["objection_reply_calendar_days"]
    assert (whole.values[-1].value, whole.maximum, whole.source) == (30, 30, Basis.STATED)
    assert "objection_reply_working_days" not in known, "one of the two is in force"
    page = (
        Browser(make_app(town), town, "designer")
        .get(f"/studio/drafts/{draft}/clauses/LN-2/assist?kind=objection_window")
        .text
    )
    assert [re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)[1] for name in ("parameter", "value")] == [
        whole.id,
        "30",
    ]


def test_the_phases_of_an_objection_that_is_drawn_are_written_and_held_to_their_own_clauses(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,)))
    said = ("自收到异议之日起5个工作日内决定是否受理。", "决定受理的，应当在15日内完成调查核实。")
    for clause, text in zip(("LN-1", "LN-2"), said, strict=True):
        change_clause(town.desk, town.designer, draft, clause, {"text": text})
    typed = replace(DRAWN["objection"], value="20", bound="")
    answers = {"acceptance": "4", "forwarding": "1", "investigation": "9", "finding": "2", "completion": "3"}
    write_assistance(town.desk, town.designer, draft, replace(typed, answers=answers))
    now = package_of(town.desk, draft).award.parameters
    ids = ("acceptance", "forward", "investigation", "finding", "completion", "reply")
    assert [now[f"objection_{phase}_working_days"].values[-1].value for phase in ids] == [4, 1, 9, 2, 3, 20]
    assert {now[f"objection_{phase}_working_days"].source for phase in ids[:5]} == {Basis.DEFAULT}
    with pytest.raises(Invalid, match="不能设为15个工作日：第2条写明不超过15日"):
        write_assistance(town.desk, town.designer, draft, replace(typed, answers={"investigation": "15"}))
    with pytest.raises(Invalid, match="不能设为6个工作日：第1条写明不超过5个工作日"):
        write_assistance(town.desk, town.designer, draft, replace(typed, clause="LN-1", answers={"acceptance": "6"}))
    late = package_of(town.desk, draft).award.parameters["objection_investigation_working_days"]
    for field in ({"value": "15"}, {"value": "15", "source": "stated", "maximum": "15"}):
        with pytest.raises(Invalid, match="第2条写明不超过15日"):
            propose_parameter(town.desk, town.designer, draft, typed_as(late, **field))


def typed_as(parameter: Parameter, **changed: str) -> TypedParameter:
    """Return a parameter as its page shows it, with some fields typed otherwise."""
    return TypedParameter(
        parameter.id, **{**shown_fields(parameter, str(parameter.values[-1].value)), "choices": "", **changed}
    )


def test_the_notice_of_an_article_is_proved_by_its_own_notice(town: Lakeside) -> None:
    """The call for applications is a notice, too, and comes first: it says nothing of how long the winners are posted."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["call"], clause="LN-1"))
    typed = TypedAssistance(
        AssistKind.NOTICE, "LN-2", "winners_notice_working_days", "公示", "working_days", "7", "minimum", scenario=SEASON
    )  # fmt: skip
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    [made] = [change.after for change in shown.changes if "/scenarios/" in change.path]
    [proof] = [line for line in made.splitlines() if "proves: [LN-2]" in line]
    assert "notice: winners" in proof, proof
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    path = f"{AWARD}/parameters.yaml"
    longer = set_value(after.files[path].decode(), typed.parameter, 9).encode()
    assert fails(town, grown(town.desk, KEY, after, {**after.files, path: longer}), SEASON)
    other = replace(typed, parameter="own_notice_days", name="另一个公示期")
    silent = propose_assistance(town.desk, town.designer, draft, other)
    assert silent.expected is None, "a parameter that no notice reads is proved by none"
    assert silent.remark is not None


def test_an_award_that_is_given_once_a_year_has_no_second_round_in_it(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "质量奖每年评审1次，由组织自愿申报。"})
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist").text
    assert "条文原文：“每年评审1次”" in page
    assert "没有读" not in page
    typed = replace(DRAWN["cycle"], value="1", scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    path, made = next((change.path, change.after) for change in shown.changes if "/scenarios/" in change.path)
    assert "outcome: too_early, on: 2026-03-15, proves: [LN-2]}" in made
    write_assistance(town.desk, town.designer, draft, typed)
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert [(p.file, p.message.zh) for p in errors] == []
    after = tree(town, draft)
    assert played(town, after.package, after.filled, path).passed
    ended = after.package.element("lanshan_round", "too_early")
    assert "LN-2" in ended.clauses
    document = load_yaml(made)
    later = document["steps"][-1]
    later["at"], later["with"]["deadline"] = "2027-01-12 09:00", date(2027, 2, 6)
    free = {**after.filled, path: dump_yaml(document).encode()}
    assert [one.message.zh for one in played(town, after.package, free, path).unmet], "the next year is free"


def test_a_bar_with_a_parameter_that_is_there_is_a_row_of_the_conditions_and_shown(town: Lakeside) -> None:
    """有效期内不得再次申报: the years are those of the title, which its own process reads; nobody is barred by that."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["validity"], clause="LN-1", scenario=SEASON))
    typed = replace(DRAWN["bar"], parameter="award_validity_years", name="", value="5", scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert "新增规则行“获奖后5年内不得申报”" in str(shown.written)
    assert shown.expectation, shown.remark
    write_assistance(town.desk, town.designer, draft, typed)
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert [(p.file, p.message.zh) for p in errors] == []
    after = tree(town, draft)
    path = next(change.path for change in shown.changes if "result: not_met, proves: [LN-2]" in change.after)
    assert played(town, after.package, after.filled, path).passed
    table = f"{AWARD}/eligibility.dmn"
    sheet = read_sheet(after.filled[table], table)
    without = write_sheet(after.filled[table], table, replace(sheet, rows=sheet.rows[:-1]))
    assert fails(town, grown(town.desk, KEY, after, {**after.files, table: without}), path)
    again = replace(typed, clause="LN-1")
    write_assistance(town.desk, town.designer, draft, again)
    rows = read_sheet(tree(town, draft).filled[table], table).rows
    assert [row.outputs[3] for row in rows] == ['"LN-1"', '"LN-2 LN-1"'], "one row, cited twice"
    with pytest.raises(Invalid, match="不能同时从别的时候算"):
        propose_assistance(town.desk, town.designer, draft, replace(typed, answers={"since": "revocation"}))


@pytest.mark.parametrize("name", sample(["quota", "bar", "revocation"], 3))
def test_an_assistant_that_is_used_again_writes_its_scenario_anew(town: Lakeside, name: str) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN[name], scenario=SEASON)
    write_assistance(town.desk, town.designer, draft, typed)
    before = {path for path in tree(town, draft).files if "/scenarios/" in path}
    again = replace(typed, value="2")
    shown = propose_assistance(town.desk, town.designer, draft, again)
    assert shown.expectation, shown.remark
    write_assistance(town.desk, town.designer, draft, again)
    after = tree(town, draft)
    assert {path for path in after.files if "/scenarios/" in path} == before, "none more, none less"
    for path in before:
        assert [one.message.zh for one in played(town, after.package, after.filled, path).unmet] == [], path


def test_an_expectation_that_is_written_again_takes_the_place_of_the_one_before(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = TypedAssistance(
        AssistKind.NOTICE, "LN-2", "winners_notice_working_days", "公示", "working_days", "7", scenario=SEASON
    )  # fmt: skip
    for value in ("7", "9"):
        write_assistance(town.desk, town.designer, draft, replace(typed, value=value))
        after = tree(town, draft)
        assert [one.message.zh for one in played(town, after.package, after.filled, SEASON).unmet] == []
        assert after.filled[SEASON].decode().count("proves: [LN-2]") == 1


def test_the_scenario_of_another_tier_stays_where_one_is_written_anew(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    first = replace(DRAWN["quota_of_a_tier"], scenario=SEASON)
    second = replace(first, parameter="most_teams", name="提名奖总数", tier="tier_2", value="3")
    for typed in (first, second, replace(first, value="1")):
        write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    shown = [path for path in after.files if "/scenarios/" in path and b"proves: [LN-2]" in after.files[path]]
    assert len(shown) == 2
    for path in shown:
        assert [one.message.zh for one in played(town, after.package, after.filled, path).unmet] == [], path
