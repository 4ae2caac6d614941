"""Clauses that speak of what others wrote: how every prize is paid, how somebody is heard before a revocation."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.catalog import Basis
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


def write(designer: Browser, address: str) -> str:
    """Write what the assistant at ``address`` proposes, as it stands there; returns where that leads."""
    page = designer.get(address).text
    kind = re.search(r'name="kind" value="(\w+)"', page)
    sent: dict[str, Any] = {**proposed(page), "element": "", "scenario": "", "confirm": "yes"}
    sent |= {"kind": kind[1]} if kind else {}
    sent["recover"] = ["certificate", "plaque", "prize"]
    done = designer.post(address.partition("?")[0], sent)
    assert done.status_code == 302, re.search(r'class="note note-late"[^>]*>(.*?)</', done.text, re.S)
    return str(done.headers["Location"])


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


def test_two_shares_of_votes_stay_told_though_the_attendance_is_the_same_share(designer: Browser, draft: int) -> None:
    page = designer.get(f"/studio/drafts/{draft}/clauses/LJ-14-1/assist").text

    assert "“第一轮获得到会委员三分之二以上同意的”" in page
    assert "“获得到会委员半数以上同意的”" in page
