"""Clauses that speak of what others wrote: how every prize is paid, how somebody is heard before a revocation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from service.casework.studio.drafts.draft_tree import package_of, tree_of
from service.casework.studio.law.assist_clause import write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog import Basis
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.tree import Files
from service.catalog.uses.parameter_users import users_of_parameters
from tests.integration.studio.test_lawyers_city import proposed, rows
from tests.support.browsers import Browser
from tests.support.lakeside import Lakeside

LAW = Path(__file__).parents[2] / "data" / "readings" / "lanjiang.txt"
FIRST = {
    "name": "澜江市", "id": "lanjiang", "name_en": "Lanjiang", "award_name": "澜江市质量卓越奖", "calendar": "cn",
    "office": "澜江市市场监督管理局", "committee": "澜江市质量卓越奖评审委员会", "tiers": "金奖 3\n银奖 6",
    "law_title": "澜江市质量卓越奖管理办法", "since": "2026-01-01", "prefix": "LJ", "government": "澜江市人民政府",
    "steps": ["scoring", "objection", "approval", "recommendation"],
}  # fmt: skip
FOLDER = "processes/lanjiang/quality_award/scenarios"


@pytest.fixture
def designer(browse: Callable[..., Browser]) -> Browser:
    return browse("designer")


@pytest.fixture
def draft(town: Lakeside, designer: Browser) -> int:
    third = designer.post("/studio/new/steps", {**FIRST, **rows(LAW.read_text())}).text
    assert "东川区市场监督管理局 5\n西岭区市场监督管理局 4\n南湖县市场监督管理局 3" in third
    sent = {**proposed(third), **FIRST, **rows(LAW.read_text()), "vote_ballots": "1"}
    sent["recommenders"] = "东川区市场监督管理局 5\n西岭区市场监督管理局 4\n南湖县市场监督管理局 3"
    made = designer.post("/studio/new", sent)
    assert made.status_code == 302, re.search(r'class="note note-late"[^>]*>(.*?)</', made.text, re.S)
    return int(made.headers["Location"].split("/")[3])


def write(designer: Browser, address: str, scenario: str = "") -> str:
    """Write what the assistant at ``address`` proposes, as it stands there; returns where that leads."""
    page = designer.get(address).text
    kind = re.search(r'name="kind" value="(\w+)"', page)
    sent: dict[str, Any] = {**proposed(page), "element": "", "scenario": scenario, "confirm": "yes"}
    sent |= {"kind": kind[1]} if kind else {}
    sent["recover"] = ["certificate", "plaque", "prize"]
    done = designer.post(address.partition("?")[0], sent)
    assert done.status_code == 302, re.search(r'class="note note-late"[^>]*>(.*?)</', done.text, re.S)
    return str(done.headers["Location"])


def filled(town: Lakeside, draft: int) -> Files:
    with town.desk.store.read() as tx:
        return tree_of(town.desk, tx, draft).filled


def test_places_of_each_district_are_what_the_text_says(town: Lakeside, draft: int) -> None:
    places = package_of(town.desk, draft).award.parameters["recommendation_places"]

    assert (places.source, places.clauses) == (Basis.STATED, ("LJ-9-1",))


def test_parts_of_a_prize_are_written_for_every_tier(town: Lakeside, designer: Browser, draft: int) -> None:
    clauses = f"/studio/drafts/{draft}/clauses"
    assert write(designer, write(designer, f"{clauses}/LJ-21-1/assist")).endswith("clause=LJ-21-1")

    further = write(designer, f"{clauses}/LJ-22-1/assist")
    assert further.endswith("LJ-22-1/assist?kind=prize&tier=tier_2")
    assert "同一条的分期也适用于“银奖”" in designer.get(further).text
    assert write(designer, further).endswith("clause=LJ-22-1")

    parts = package_of(town.desk, draft).award.parameters["prize_parts"].values[-1].value
    assert isinstance(parts, tuple | list)
    assert [(one["tier"], one["share"], one.get("after")) for one in parts] == [
        ("tier_1", 0.5, None), ("tier_1", 0.3, "report_1"), ("tier_1", 0.2, "report_2"),
        ("tier_2", 0.5, None), ("tier_2", 0.3, "report_1"), ("tier_2", 0.2, "report_2"),
    ]  # fmt: skip


def test_a_hearing_changes_the_revocation_there_is_and_makes_no_second_ground(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    clauses = f"/studio/drafts/{draft}/clauses"
    write(designer, f"{clauses}/LJ-26-0b/assist")
    write(designer, f"{clauses}/LJ-26-1/assist")

    hearing = f"{clauses}/LJ-27-1/assist"
    asked = proposed(designer.get(hearing).text)
    assert (asked["parameter"], asked["ground"], asked["hearing_days"]) == (
        "false_material_ban_years", "以弄虚作假手段获奖", "5",
    )  # fmt: skip
    write(designer, hearing)

    package = package_of(town.desk, draft)
    assert [p.id for p in package.award.parameters.values() if "LJ-27-1" in p.clauses] == [
        "false_material_ban_years", "hearing_working_days",
    ]  # fmt: skip


def test_each_prize_is_carried_by_its_own_votes_though_the_attendance_is_the_same_share(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    first = f"/studio/drafts/{draft}/clauses/LJ-14-1/assist"
    asked = proposed(designer.get(first).text)
    assert (asked["tier"], asked["value"], asked["second"]) == ("tier_1", ">= 2/3", "2/3")

    assert write(designer, write(designer, first)).endswith("clause=LJ-14-1")

    known = package_of(town.desk, draft).award.parameters.values()
    votes = {p.name: p.values[-1].value for p in known if "LJ-14-1" in p.clauses and p.name.endswith("通过所需票数")}
    assert votes["第十四条金奖通过所需票数"] == ">= 2/3"
    assert votes["第十四条银奖通过所需票数"] == ">= 1/2"


def test_who_grants_more_time_is_the_head_of_the_office_that_handles_it(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    objections = f"/studio/drafts/{draft}/clauses/LJ-17-1/assist"
    assert proposed(designer.get(objections).text)["extended_by"] == "office"
    write(designer, objections)

    decider = package_of(town.desk, draft).award.parameters["objection_extension_decider"]
    assert (decider.values[-1].value, decider.source, decider.clauses) == ("office", Basis.STATED, ("LJ-17-1",))


def test_who_grants_more_time_is_the_places_own_where_the_text_does_not_say_it(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    change_clause(
        town.desk, town.designer, draft, "LJ-17-1", {"text": "10个工作日内答复；情况复杂的，可以延长5个工作日。"}
    )
    answers = {"hold": "all", "counted": "step", "extension": "5", "extended_by": "chair"}
    typed = TypedAssistance(AssistKind.OBJECTION_WINDOW, "LJ-17-1", "", "", "working_days", "10", answers=answers)
    write_assistance(town.desk, town.designer, draft, typed)
    known = package_of(town.desk, draft).award.parameters
    assert (known["objection_extension_decider"].source, known["objection_extension_decider"].values[-1].value) == (
        Basis.DEFAULT, "chair",
    )  # fmt: skip
    assert known["objection_extension_working_days"].source is Basis.STATED

    write_assistance(town.desk, town.designer, draft, replace(typed, answers={**answers, "extended_by": "office"}))
    decider = package_of(town.desk, draft).award.parameters["objection_extension_decider"]
    assert (decider.source, decider.values[-1].value) == (Basis.DEFAULT, "office"), "another choice is written too"


def test_a_role_reads_how_long_its_term_is(town: Lakeside, designer: Browser, draft: int) -> None:
    write(designer, f"/studio/drafts/{draft}/clauses/LJ-4-1/assist?kind=term")

    readers = users_of_parameters(package_of(town.desk, draft))
    names = {ident: [user.name for user in readers[ident]] for ident in ("term_years", "most_term_years")}
    assert names == {"term_years": ["评审委员会"], "most_term_years": ["评审委员会"]}


def test_each_prize_is_shown_in_a_season_of_its_own_called_after_the_article(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    clauses, season = f"/studio/drafts/{draft}/clauses", f"{FOLDER}/first_season.yaml"
    write(designer, write(designer, f"{clauses}/LJ-21-1/assist"))
    write(designer, write(designer, f"{clauses}/LJ-22-1/assist", season), season)

    titles = [file.title for file in scenario_files(filled(town, draft), "lanjiang/quality_award")]
    assert sorted(title for title in titles if "第二十二条" in title) == [
        "第二十二条：金奖奖金",
        "第二十二条：银奖奖金",
    ]


def test_a_parameter_that_nobody_named_is_called_after_article_and_matter(
    town: Lakeside, designer: Browser, draft: int
) -> None:
    cut_off = f"/studio/drafts/{draft}/clauses/LJ-12-1/assist?kind=cut_off"
    page = designer.get(cut_off).text
    assert proposed(page)["name"] == "第十二条入围最低分"
    assert 'value="入围的分数线或者名次' not in page

    asked = TypedAssistance(
        AssistKind.CUT_OFF,
        "LJ-12-1",
        "",
        "第十二条入围最低分",
        "count",
        "12",
        answers={"before": "second", "tie": "all"},
    )
    write_assistance(town.desk, town.designer, draft, asked)
    names = [p.name for p in package_of(town.desk, draft).award.parameters.values() if "LJ-12-1" in p.clauses]
    assert "第十二条入围名次" in names, "the name that was proposed is that of the unit chosen"


@pytest.mark.parametrize(("clause", "how"), [("LJ-15-1", "仍相同的怎样决定"), ("LJ-16-1", "")])
def test_what_no_assistant_writes_is_told_with_how_it_is_drawn(
    designer: Browser, draft: int, clause: str, how: str
) -> None:
    page = designer.get(f"/studio/drafts/{draft}/clauses/{clause}/assist").text
    assert how in page
    assert ("data-by-hand" in page) is bool(how)
