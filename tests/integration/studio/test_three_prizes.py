"""A regulation with three prizes, places by industry and a bar of its own for each prize, as a newcomer builds it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from service.casework.simulate.playing.play import play
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.law.read_clause import read_clause_text
from service.casework.studio.scenarios.play_scenarios import read_file
from service.catalog import Basis
from service.catalog.clause_kinds.clause_assistants import AssistKind
from tests.integration.studio.test_clauses_of_all_tiers import write
from tests.integration.studio.test_lawyers_city import proposed, rows
from tests.support.browsers import Browser
from tests.support.lakeside import Lakeside

LAW = Path(__file__).parents[2] / "data" / "readings" / "linjiang.txt"
FIRST = {
    "name": "临江州", "id": "linjiang", "name_en": "Linjiang", "award_name": "临江州州长质量奖", "calendar": "cn",
    "office": "临江州州长质量奖评审委员会秘书处", "committee": "临江州州长质量奖评审委员会",
    "tiers": "特等奖 1\n一等奖 3\n二等奖 5", "law_title": "临江州州长质量奖评审办法", "since": "2026-01-01", "prefix": "LJ",
    "government": "临江州人民政府", "steps": ["scoring", "objection", "approval", "recommendation"],
}  # fmt: skip
PLACES = "青浦县人民政府 4\n石门县人民政府 4\n柳河县人民政府 4\n临江市人民政府 6"


@pytest.fixture
def designer(browse: Callable[..., Browser]) -> Browser:
    return browse("designer")


@pytest.fixture
def draft(town: Lakeside, designer: Browser) -> int:
    third = designer.post("/studio/new/steps", {**FIRST, **rows(LAW.read_text())}).text
    assert PLACES in third
    read = proposed(third)
    assert (read["window_days"], read["call_by"], read["recommend_days"]) == ("40", "02-28", "12")
    made = designer.post("/studio/new", {**read, **FIRST, **rows(LAW.read_text()), "recommenders": PLACES})
    assert made.status_code == 302, re.search(r'class="note note-late"[^>]*>(.*?)</', made.text, re.S)
    return int(made.headers["Location"].split("/")[3])


def test_the_first_season_holds_though_the_time_to_apply_ends_in_a_festival(town: Lakeside, draft: int) -> None:
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    scenario = read_file(tree.filled, "processes/linjiang/quality_award/scenarios/first_season.yaml").scenario
    assert scenario is not None
    with empty_store() as store:
        played = play(store, tree.package, scenario, town.desk.calendars, town.desk.operations)
    assert [unmet.message.zh for unmet in played.unmet] == []


def test_the_time_to_apply_is_written_by_its_clause_and_the_diagram_stays_sound(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    write(designer, f"/studio/drafts/{draft}/clauses/LJ-7-1/assist")

    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert {problem.rule for problem in errors} == {"uncovered_clause"}


def test_each_prize_has_the_bar_that_the_text_gives_it(town: Lakeside, designer: Browser, draft: int) -> None:
    first = f"/studio/drafts/{draft}/clauses/LJ-9-1/assist"
    asked = proposed(designer.get(first).text)
    assert (asked["tier"], asked["value"], asked["unit"]) == ("tier_1", "true", "boolean")

    assert write(designer, write(designer, write(designer, first))).endswith("clause=LJ-9-1")

    known = [one for one in package_of(town.desk, draft).award.parameters.values() if "LJ-9-1" in one.clauses]
    assert {one.values[-1].value for one in known} == {True, 4, 2}
    assert {one.source for one in known} == {Basis.STATED}


def test_industries_that_share_a_number_have_one_each_and_none_takes_that_of_another(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    first = f"/studio/drafts/{draft}/clauses/LJ-4-1/assist"
    for group in ("制造业", "服务业", "农业", "建筑业"):
        asked = proposed(designer.get(f"{first}?kind=group_places&tier={group}").text)
        assert (asked["group"], asked["parameter"]) == (group, "")
    made = {**asked, "kind": "group_places", "group": "制造业", "value": "4", "equals": "vacant", "confirm": "yes"}
    assert designer.post(first, made).status_code == 302

    [limit] = [
        p.id
        for p in package_of(town.desk, draft).award.parameters.values()
        if p.unit == "count" and "LJ-4-1" in p.clauses
    ]
    other = designer.post(first, {**made, "group": "旅游业", "parameter": limit})
    assert other.status_code == 422
    assert "是“制造业”的名额，“旅游业”的要另写一个" in other.text


def test_who_is_meant_by_a_clause_is_who_it_speaks_of(town: Lakeside, designer: Browser, draft: int) -> None:
    term = proposed(designer.get(f"/studio/drafts/{draft}/clauses/LJ-5-1/assist").text)
    assert term["holder"] == "committee"

    interest = read_clause_text(town.desk, town.designer, draft, "LJ-6-1")
    assert interest.kind is AssistKind.EXPERT_BAR
    assert not interest.condition
    assert (interest.reading.fields["limit"], interest.reading.fields["value"]) == ("interest", "3")
