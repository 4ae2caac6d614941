"""The assistants of an appeal and of equal votes: shown first, checked, and each season needs what they draw."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import DraftTree, grown
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_files import FileChange, save_files
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import Assistance, propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog import build_catalog
from service.catalog.assistants.tie_drawing import AGE_AS_SCORE
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.coverage.matrix import ClauseStatus, matrix
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import set_value
from service.catalog.patterns.patterns import fill_patterns
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.tree import read_sources
from service.domain.errors import Invalid
from tests.integration.studio.test_categories_of_a_place import errors
from tests.integration.studio.test_drawn_clauses import (
    DRAWN,
    KEY,
    OUTLINE,
    PROCESSES,
    SEASON,
    fails,
    played,
    tree,
)
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

APPEAL_TEXT = "对异议处理结果不服的，可以自收到答复之日起7日内向省市场监督管理局申诉，省市场监督管理局应当自收到申诉之日起20日内作出决定。"
APPEAL = TypedAssistance(
    AssistKind.APPEAL, "LN-2", "", "申诉期限", "calendar_days", "7", "exactly", scenario=SEASON,
    answers={"authority": "省市场监督管理局", "decision": "20日"},
)  # fmt: skip
TIE_TEXT = "得票相同而名额不足的，成立时间较早的组织优先。"
TIE = TypedAssistance(AssistKind.TIE, "LN-2", "", scenario=SEASON, answers={"order": "older"})


def needed(
    town: Lakeside, draft: int, designer: Any, key: str, typed: TypedAssistance, kept: tuple[str, ...]
) -> tuple[DraftTree, Assistance, str]:
    """Write what an assistant shows: the check finds nothing new, the season holds, and fails once all but ``kept`` is taken back."""
    before = tree(town, draft)
    shown = propose_assistance(town.desk, designer, draft, typed)
    assert tree(town, draft).revision == before.revision, "nothing is written before it is confirmed"
    assert shown.expectation, shown.remark
    write_assistance(town.desk, designer, draft, typed)
    after = tree(town, draft)
    path = next(change.path for change in shown.changes if f"proves: [{typed.clause}]" in change.after)
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, path).unmet] == []
    [line] = [line for line in matrix([after.package]).lines if line.clause.id == typed.clause]
    assert line.status is ClauseStatus.CARRIED_OUT
    written = {change.path for change in shown.changes}
    old = {one: before.filled[one] for one in written if one in before.filled and not one.endswith(kept)}
    assert fails(town, grown(town.desk, key, after, {**after.files, **old}), path), "without what is drawn it fails"
    return after, shown, path


def real_city(town: Lakeside, name: str) -> tuple[int, Any, str, str]:
    """Return a draft of a city of the repository, who draws it, its key and its first clause."""
    key = f"{name}/quality_award"
    files = read_sources(PROCESSES, frozenset({"urumqi", "kizilsu", "qingyuan", "ganzhou", "yining"} - {name}))
    deploy_package(town.desk, SYSTEM, build_catalog(fill_patterns(files)[0]).package(key), sources=files)
    designer = replace(town.designer, seats=tuple(replace(seat, jurisdiction=name) for seat in town.designer.seats))
    draft = open_draft(town.desk, designer, key, "助手")
    return draft, designer, key, next(iter(tree(town, draft).package.law.clauses))


def test_an_appeal_is_read_asked_shown_and_drawn(town: Lakeside) -> None:
    outline = replace(OUTLINE, steps=(CityStep.OBJECTION,))
    draft = start_city(town.desk, town.designer, outline)
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["objection"], clause="LN-1", scenario=SEASON))
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": APPEAL_TEXT})
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist").text
    for field, said in (("value", "7"), ("authority", "省市场监督管理局"), ("decision", "20日")):
        assert f'name="{field}"' in page
        assert f'value="{said}"' in page
    after, shown, path = needed(town, draft, town.designer, KEY, APPEAL, ("parameters.yaml", ".yaml"))
    assert errors(town, draft) == []
    assert shown.remark is not None
    assert "写入后要改它的日子" in shown.remark.zh
    held = after.package.award.parameters
    assert {held[ident].values[-1].value for ident in ("appeal_calendar_days", "appeal_decision_calendar_days")} == {
        7,
        20,
    }
    [body] = after.package.jurisdiction.bodies_with(str(held["appeal_decider"].values[-1].value))
    assert body.text.zh == "省市场监督管理局"
    text = after.files[after.package.parameters_file].decode()
    for ident in ("appeal_calendar_days", "appeal_decision_calendar_days"):
        other = {after.package.parameters_file: set_value(text, ident, 9).encode()}
        assert fails(town, grown(town.desk, KEY, after, {**after.files, **other}), path), f"the season shows {ident}"
    again = replace(APPEAL, unit="working_days", value="5", answers={"authority": "评审委员会", "decision": "10"})
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": "对答复不服的，可以申诉。"})
    write_assistance(town.desk, town.designer, draft, replace(again, scenario="", bound=""))
    changed = tree(town, draft).package.award.parameters
    assert {one for one in changed if one.startswith("appeal")} == {
        "appeal_working_days",
        "appeal_decision_working_days",
        "appeal_decider",
    }
    assert changed["appeal_decider"].values[-1].value == "committee"
    assert errors(town, draft) == []


def test_other_seasons_with_an_objection_are_played_and_wait_by_one_click(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,)))
    write_assistance(town.desk, town.designer, draft, replace(DRAWN["objection"], clause="LN-1", scenario=SEASON))
    before = tree(town, draft)
    [goes_on] = [path for path in before.filled if "/scenarios/" in path and b"lodge: objection" in before.filled[path]]
    ends = f"{goes_on.rpartition('/')[0]}/ends_with_the_reply.yaml"
    season = load_yaml(before.filled[goes_on].decode())
    replied = next(n for n, step in enumerate(season["steps"]) if step.get("complete") == "sign_reply")
    del season["steps"][replied + 1 :]
    season |= {"title": "答复即止", "expect": [{"case": "异议", "status": "ended"}]}
    save_files(town.desk, town.designer, draft, [FileChange(ends, "", dump_yaml(season))], "one more season")
    now = tree(town, draft)
    assert [played(town, now.package, now.filled, path).passed for path in (goes_on, ends)] == [True, True]
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": APPEAL_TEXT})
    shown = propose_assistance(town.desk, town.designer, draft, APPEAL, others_s=600)
    assert set(shown.touched) == {goes_on, ends}
    assert {one.path for one in shown.others.fail} == {ends}
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/clauses/LN-2/assist"
    fields = {key: getattr(APPEAL, key) for key in ("parameter", "name", "unit", "value", "bound", "scenario")}
    sent = {"kind": "appeal", **fields, **APPEAL.answers, "confirm": "yes"}
    answer = browser.post(here, sent)
    assert answer.headers["Location"] == f"/studio/drafts/{draft}/scenarios"
    page = browser.get(answer.headers["Location"]).text
    assert "答复即止" in page


def test_where_no_objections_are_handled_there_is_no_appeal(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    with pytest.raises(Invalid, match="先用助手“异议期限”"):
        propose_assistance(town.desk, town.designer, draft, APPEAL)


def test_a_real_city_gets_an_appeal_behind_its_objections(town: Lakeside) -> None:
    draft, designer, key, clause = real_city(town, "urumqi")
    season = f"processes/{key}/scenarios/objections.yaml"
    typed = replace(APPEAL, clause=clause, bound="", scenario=season)
    before = check_draft(town.desk, designer, draft).problems
    needed(town, draft, designer, key, typed, ("parameters.yaml", ".yaml"))
    assert [p.message.zh for p in check_draft(town.desk, designer, draft).problems if p not in before] == []


def test_of_two_with_as_many_votes_the_older_is_elected(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": TIE_TEXT})
    page = Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist").text
    assert '<option value="older" selected>' in page
    assert "data-by-hand" not in page
    after, shown, _ = needed(town, draft, town.designer, KEY, TIE, ("parameters.yaml", "/scenarios/"))
    assert shown.remark is AGE_AS_SCORE
    assert errors(town, draft) == []
    assert after.package.award.parameters["vote_tie"].source.value == "stated"
    assert after.package.award.processes["application"].facts["founded_on"] == "date"


@pytest.mark.parametrize("order", ["ballot", "chair", "vacant"])
def test_another_order_of_equals_is_the_rule_of_the_ballot(town: Lakeside, order: str) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    write_assistance(town.desk, town.designer, draft, replace(TIE, scenario="", answers={"order": "older"}))
    write_assistance(town.desk, town.designer, draft, replace(TIE, answers={"order": order}))
    after = tree(town, draft)
    agenda = after.package.element("lanshan_round", "set_agenda")
    assert agenda.operation is not None
    assert "founded_on" not in agenda.operation.parameters["values"]
    assert errors(town, draft) == []


def test_an_order_by_points_needs_points(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    with pytest.raises(Invalid, match="没有评审得分"):
        propose_assistance(town.desk, town.designer, draft, replace(TIE, answers={"order": "score"}))


def test_a_real_city_puts_the_older_before_the_younger(town: Lakeside) -> None:
    draft, designer, key, clause = real_city(town, "yining")
    season = f"processes/{key}/scenarios/chair_decides.yaml"
    before = check_draft(town.desk, designer, draft).problems
    typed = replace(TIE, clause=clause, scenario=season)
    needed(town, draft, designer, key, typed, ("parameters.yaml", "/scenarios/"))
    assert [p.message.zh for p in check_draft(town.desk, designer, draft).problems if p not in before] == []
