"""What the assistant of a clause draws, on a city begun from blank: it passes the check and its scenario line needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from service.casework.simulate.playing.play import Played, play
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import DraftTree, grown, package_of, tree_of
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.law.assist_clause import Assistance, propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.parameters.change_parameter import TypedParameter, propose_parameter, shown_fields
from service.casework.studio.scenarios.play_scenarios import read_file
from service.catalog import Basis, Package, Parameter
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.coverage.matrix import ClauseStatus, matrix
from service.catalog.law.law import Clause
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.site import Recommender
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import set_value
from service.catalog.settings.settings import why_unlawful
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.table_sheets.sheet import read_sheet
from service.catalog.table_sheets.write import write_sheet
from service.domain.errors import Invalid, LaurelError
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside
from tests.support.tables import rows

KEY = "lanshan/quality_award"
AWARD = f"processes/{KEY}"
SEASON = f"{AWARD}/scenarios/first_season.yaml"
OUTLINE = CityOutline(
    "lanshan", "兰山县", "", "cn", "兰山县质量奖", "兰山县质量奖管理办法", date(2026, 1, 1), "县市场监管局", "评审委员会",
    (OutlinedTier("tier_1", "质量奖", 5), OutlinedTier("tier_2", "提名奖", 10)),
    tuple(Clause(f"LN-{number}", f"第{number}条", "other", "内容。", None, None) for number in (1, 2)),
    dict.fromkeys(("apply", "conditions", "acceptance", "vote", "notice", "conferral"), ("LN-1",)),
)  # fmt: skip


def typed_of(kind: AssistKind, *fields: str, **more: Any) -> TypedAssistance:
    return TypedAssistance(kind, "LN-2", *fields, **more)


DRAWN = {name: typed_of(AssistKind(kind), *fields, **more) for name, kind, fields, more in rows("clauses", "drawn")}
SCORED = (
    "prize", "revocation", "cut_off_by_rank", "weights", "interest_of_an_expert", "colleague_of_an_expert", "practice_of_an_expert",
)  # fmt: skip
STEPS = dict.fromkeys(SCORED, (CityStep.SCORING, CityStep.APPROVAL)) | {
    "equal_points": (CityStep.SCORING, CityStep.RANKING),
    "further_recommendation": (CityStep.RECOMMENDATION,),
}
"""What the place has already where it is not a plain one."""
LOOSER: dict[str, tuple[str, object]] = {
    "interest_of_an_expert": ("interest_lookback_years", 4),
    "colleague_of_an_expert": ("most_of_one_employer", 3),
    "practice_of_an_expert": ("least_practice_years", 5),
    "places_carried_over": ("", None),
}
"""The parameter and a value with which the season fails, where it is not the one that was typed; "" where none does."""

SHOWN_BELOW = {
    "bar", "bar_but_for_a_tier", "bar_of_an_accident", "call", "correction_in_calendar_days", "cut_off_before_the_second_stage",
    "rank_before_the_second_stage", "revocation", "revocation_of_its_own", "three_weights",
}  # fmt: skip


def tree(town: Lakeside, draft: int) -> DraftTree:
    with town.desk.store.read() as tx:
        return tree_of(town.desk, tx, draft)


def played(town: Lakeside, package: Package, filled: Mapping[str, bytes], path: str) -> Played:
    scenario = read_file(filled, path).scenario
    assert scenario is not None
    with empty_store() as store:
        return play(store, package, scenario, town.desk.calendars, town.desk.operations)


def unmet(town: Lakeside, after: DraftTree, path: str = SEASON, content: bytes | str | None = None) -> list[str]:
    """What a season of the draft expects in vain; ``content`` in its place where that is given."""
    data = content.encode() if isinstance(content, str) else content
    filled = after.filled if data is None else {**after.filled, path: data}
    return [one.message.zh for one in played(town, after.package, filled, path).unmet]


def errors(town: Lakeside, draft: int) -> list[str]:
    found = check_draft(town.desk, town.designer, draft).problems
    return [f"{p.file}: {p.message.zh}" for p in found if p.severity.name == "ERROR"]


def with_value(after: DraftTree, town: Lakeside, ident: str, value: object) -> DraftTree:
    path = f"{AWARD}/parameters.yaml"
    text = set_value(after.files[path].decode(), ident, value)
    return grown(town.desk, KEY, after, {**after.files, path: text.encode()})


def without_drawing(town: Lakeside, before: DraftTree, after: DraftTree, shown: Assistance) -> DraftTree:
    """The draft with parameter and scenario as they were written, and everything that was drawn taken back."""
    kept = {change.path for change in shown.changes if "/scenarios/" in change.path or "parameters" in change.path}
    files = {**after.files, **{path: data for path, data in before.files.items() if path not in kept}}
    gone = set(after.files) - set(before.files) - kept
    return grown(town.desk, KEY, before, {path: data for path, data in files.items() if path not in gone})


@pytest.mark.parametrize("name", [name for name in DRAWN if name not in SHOWN_BELOW])
def test_what_is_drawn_passes_the_check_and_the_scenario_line_needs_it(town: Lakeside, name: str) -> None:
    steps = STEPS.get(name, ())
    recommenders = AUTHORITY.recommenders if CityStep.RECOMMENDATION in steps else ()
    outline = replace(OUTLINE, steps=steps, government="兰山县人民政府", recommenders=recommenders)
    draft = start_city(town.desk, town.designer, outline)
    before = tree(town, draft)
    typed = replace(DRAWN[name], scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert tree(town, draft).revision == before.revision, "nothing is written before it is confirmed"
    assert shown.expectation, shown.remark
    write_assistance(town.desk, town.designer, draft, typed)
    assert errors(town, draft) == []
    after = tree(town, draft)
    [line] = [line for line in matrix([after.package]).lines if line.clause.id == "LN-2"]
    assert line.status is ClauseStatus.CARRIED_OUT
    path = next(change.path for change in shown.changes if "proves: [LN-2]" in change.after)
    for season in {path, SEASON}:
        assert unmet(town, after, season) == []
    if name not in (
        "majority",
        "colleague_of_an_expert",
    ):  # these are kept to everywhere: the setting is taken back below
        assert fails(town, without_drawing(town, before, after, shown), path)
    ident, value = LOOSER.get(name, (typed.parameter, 1 if typed.value.isdigit() else "> 1/2"))
    if ident:
        assert fails(town, with_value(after, town, ident, value), path)


def test_a_share_that_comes_to_nothing_leaves_the_award_vacant_and_is_told_before(town: Lakeside) -> None:
    """A fifth of the two applications of the season, rounded down, is no place: the law's result is a vacant award."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN["quota_by_a_share"], value="20%", scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed, others_s=60)
    assert shown.remark is not None
    assert "至少有5个申报才有1个名额" in shown.remark.zh
    assert shown.others.fail == (), "the season has as many applicants now as one place takes"
    before = load_yaml(tree(town, draft).filled[SEASON])
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    assert load_yaml(after.filled[SEASON])["organisations"].keys() == {"甲", "乙", "乙2", "乙3", "乙4"}
    assert unmet(town, after, SEASON) == []
    season = {**before, "steps": [step for step in before["steps"] if "vote" not in step]}
    season["expect"] = [{"case": "届", "reached": "no_votes"}, {"case": "届", "outcome": "vacant"}]
    season["expect"].append({"case": "甲", "outcome": "accepted"})
    assert unmet(town, after, SEASON, dump_yaml(season)) == []


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
    assert errors(town, draft) == []


def test_who_is_struck_by_an_objection_gets_no_award(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,)))
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["objection"], scenario=SEASON))
    after = tree(town, draft)
    path = next(path for path in after.filled if "/scenarios/" in path and "yi_yi" in path)
    upheld = after.filled[path].decode().replace("result: unsubstantiated", "result: substantiated_condition")
    head = upheld.partition("expect:")[0]
    upheld = f"{head}expect:\n  - {{case: 甲, outcome: disqualified}}\n  - {{case: 届, outcome: vacant}}\n"
    assert unmet(town, after, path, upheld) == []


def test_where_the_procedure_is_another_the_step_is_not_drawn_but_said(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    path = f"{AWARD}/round.bpmn"
    content = tree(town, draft).filled[path].replace(b'"confer"', b'"give"')
    opened = open_file(town.desk, town.designer, draft, path)
    save_file(town.desk, town.designer, draft, path, content, opened.hash)
    with pytest.raises(Invalid, match="不能自动画上"):
        propose_assistance(town.desk, town.designer, draft, DRAWN["prize"])


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
    assert errors(town, draft) == []
    [season] = [path for path in after.filled if path.startswith(f"{AWARD}/scenarios/") and path != SEASON]
    assert unmet(town, after, season) == []
    assert fails(town, with_value(after, town, "call_day", "02-26"), season)
    kept = replace(DRAWN["call"], value="兰山县人民政府")
    changed = propose_assistance(town.desk, town.designer, draft, kept).changes
    assert not any("call_at_once: yes" in change.after for change in changed)


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
    assert errors(town, draft) == []
    after = tree(town, draft)
    head, at, _ = after.filled[SEASON].decode().partition("  - case: 届\n    vote:")
    head = head if at else after.filled[SEASON].decode().partition("  - {case: 届, vote:")[0]
    vacant = f"{head}expect:\n  - {{case: 届, outcome: vacant}}\n  - {{case: 甲, outcome: accepted}}\n"
    assert unmet(town, after, SEASON, vacant) == []


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
    assert errors(town, draft) == []
    again = replace(weights, value="50%", second="50%")
    assert {
        change.path.rpartition("/")[2] for change in propose_assistance(town.desk, town.designer, draft, again).changes
    } == {"parameters.yaml"}


@pytest.mark.parametrize("name", ["correction", "correction_in_calendar_days"])
def test_what_is_not_corrected_in_time_has_ended_and_no_round_more_is_given_than_the_clause_gives(
    town: Lakeside, name: str
) -> None:
    steps = (CityStep.WITHDRAWAL, CityStep.OBJECTION)
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=steps))
    write_assistance(town.desk, town.designer, draft, replace(DRAWN[name], scenario=SEASON))
    assert errors(town, draft) == []
    after = tree(town, draft)
    path = next(path for path in after.filled if "/scenarios/" in path and "bu_zheng" in path)
    season = after.filled[path].decode()
    assert "{case: 甲2, outcome: lapsed, proves: [LN-2]}" in season
    assert "waiting: correct_material" in season or "task: correct_material" in season
    letter = "  - {case: 甲2, document: correction_lapsed, contains: [缺质量管理体系证书, %s]}\n"
    late = "视为放弃申报" if name == "correction" else "不予受理"
    assert unmet(town, after, path, season + letter % late) == []
    asked = "  - {as: office, case: 甲, complete: decide, with: {decision: correct, missing: 还缺一份。}}\n"
    head, at, rest = season.partition("  - {as: office, case: 甲, complete: decide, with: {decision: accept}}")
    assert at, season
    once_more = {**after.filled, path: f"{head}{asked}{at}{rest}".encode()}
    refused = [unmet.message.zh for unmet in played(town, after.package, once_more, path).unmet]
    assert any("补正次数已经用完" in said for said in refused) == (name == "correction"), refused


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
    assert unmet(town, after, path) == []
    for other in (int(typed.value) - 1, int(typed.value) + 1):
        assert fails(town, with_value(after, town, typed.parameter, other), path), (
            f"a bar of {other} years is told apart"
        )


AUTHORITY = replace(OUTLINE, steps=(CityStep.RECOMMENDATION,), recommenders=(Recommender("recommender_1", "东乡局"),))
"""A city in which an application is examined once an authority has recommended it."""


def test_a_bar_is_reckoned_on_the_day_of_the_application_however_late_it_is_examined(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, AUTHORITY)
    typed = replace(DRAWN["bar"], scenario=SEASON)
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    path, made = next((change.path, change.after) for change in shown.changes if "/scenarios/" in change.path)
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    assert unmet(town, after, path) == []
    season = load_yaml(made)
    recommended = next(n for n, step in enumerate(season["steps"]) if step.get("complete") == "recommend")
    last = max(str(step["at"]) for step in season["steps"][:recommended] if "at" in step)
    late = date.fromisoformat(last[:10]) + timedelta(days=5)
    season["steps"].insert(recommended, {"until": late})
    for step in season["steps"][recommended + 1 :]:
        step.pop("at", None)
    assert unmet(town, after, path, dump_yaml(season)) == [], "who is barred on the day of application stays so"


def test_winners_of_a_tier_that_the_bar_spares_may_apply(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = replace(DRAWN["bar_but_for_a_tier"], scenario=SEASON)
    write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    [path] = [path for path, data in after.filled.items() if "/scenarios/" in path and b"proves: [LN-2]" in data]
    assert unmet(town, after, path) == []
    spared = after.filled[path].replace(b"tier: tier_1", b"tier: tier_2")
    assert spared != after.filled[path]
    assert fails(town, replace(after, filled={**after.filled, path: spared}), path), "nobody is barred"
    with pytest.raises(Invalid, match="可以填写：质量奖、提名奖"):
        propose_assistance(
            town.desk,
            town.designer,
            draft,
            replace(typed, parameter="", answers={"since": "award", "spared": "特等奖"}),
        )


@pytest.mark.parametrize("steps", [(), (CityStep.RECOMMENDATION,)], ids=str)
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
    assert unmet(town, after, path) == []
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


def typed_as(parameter: Parameter, **changed: str) -> TypedParameter:
    """Return a parameter as its page shows it, with some fields typed otherwise."""
    return TypedParameter(
        parameter.id, **{**shown_fields(parameter, str(parameter.values[-1].value)), "choices": "", **changed}
    )


def test_a_time_limit_runs_from_the_day_that_its_clause_names_or_that_somebody_says(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    decide = f"{AWARD}/application.bpmn#decide"
    limit = typed_of(
        AssistKind.TIME_LIMIT, "decision_days_here", "受理期限", "working_days", "15", "maximum", element=decide
    )

    def due() -> str:
        return package_of(town.desk, draft).element("lanshan_application", "decide").due

    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "自申报截止之日起15个工作日内作出是否受理的决定。"})
    write_assistance(town.desk, town.designer, draft, limit)
    assert due() == "workdays(param.decision_days_here, date(round.deadline))"
    assert (errors(town, draft), unmet(town, tree(town, draft))) == ([], [])
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "办公室应当自受理之日起15个工作日内审查完毕。"})
    with pytest.raises(Invalid, match="请回答“期限从什么时候起算"):
        propose_assistance(town.desk, town.designer, draft, limit)
    write_assistance(town.desk, town.designer, draft, replace(limit, answers={"starts": "task"}))
    assert due() == "workdays(param.decision_days_here)"


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
    assert errors(town, draft) == []
    after = tree(town, draft)
    assert unmet(town, after, path) == []
    ended = after.package.element("lanshan_round", "too_early")
    assert "LN-2" in ended.clauses
    document = load_yaml(made)
    later = document["steps"][-1]
    later["at"], later["with"]["deadline"] = "2027-01-12 09:00", date(2027, 2, 6)
    free = {**after.filled, path: dump_yaml(document).encode()}
    assert [one.message.zh for one in played(town, after.package, free, path).unmet], "the next year is free"


def test_an_expectation_that_is_written_again_takes_the_place_of_the_one_before(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    typed = TypedAssistance(
        AssistKind.NOTICE, "LN-2", "winners_notice_working_days", "公示", "working_days", "7", scenario=SEASON
    )  # fmt: skip
    for value in ("7", "9"):
        write_assistance(town.desk, town.designer, draft, replace(typed, value=value))
        after = tree(town, draft)
        assert unmet(town, after, SEASON) == []
        assert after.filled[SEASON].decode().count("proves: [LN-2]") == 1
