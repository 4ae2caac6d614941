"""What the further steps of a place begun from blank do in its round: who is struck, who waits, how often is voted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from service.casework.simulate.playing.scenario_result import play_for_result
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.drafts.open_draft import start_city
from service.casework.studio.scenarios.run_scenarios import UnsettledDay, read_file, unsettled_days
from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.steps import CityStep
from service.catalog.source.formatting import dump_yaml, load_yaml
from tests.support.lakeside import Lakeside
from tests.support.new_place import OUTLINE, SEASON, played, tree

Rows = Sequence[Mapping[str, Any]]
LODGED = {
    "kind": "person", "name": "李某", "telephone": "13900000000", "address": "本地一号", "email": None, "signature": "李某",
    "identity_proof": "file:身份证.pdf", "content": "该组织申报材料中的事迹不属实。", "evidence_list": "情况说明",
    "evidence": "file:说明.pdf", "declared": True,
}  # fmt: skip
VACANT = {"case": "届", "outcome": "vacant"}


def objected(organisation: str) -> list[dict[str, Any]]:
    """An objection to an organisation on the list, up to its inquiry."""
    return [
        {
            "as": "甲",
            "lodge": "objection",
            "parent": organisation,
            "notice": "届/winners",
            "name": "异议",
            "with": LODGED,
        },
        {"as": "office", "case": "异议", "complete": "check_objection", "with": {"check_result": "complete"}},
        {"as": "office", "case": "异议", "complete": "forward_objection", "with": {"request": "请核查。"}},
    ]


def answered(opinion: str, result: str) -> list[dict[str, Any]]:
    steps = {
        "investigate_by_office": {"facts": "经核查，事实清楚。", "opinion": opinion, "reasons": "有原始记录。"},
        "find_objection": {"finding_result": result, "reasons": "经核查，事实清楚。"},
        "sign_reply": {"to_objector": "已经核查完毕。"},
    }
    return [{"as": "office", "case": "异议", "complete": task, "with": filled} for task, filled in steps.items()]


def season(town: Lakeside, outline: CityOutline, edit: Callable[[list[Any], int], Rows], expect: Rows) -> Any:
    """The draft of a place and its files, its first season played otherwise from the vote (the number of its step) on."""
    after = tree(town, start_city(town.desk, town.designer, outline))
    document = load_yaml(after.filled[SEASON].decode())
    steps = document["steps"]
    document["steps"] = [*edit(steps, next(n for n, step in enumerate(steps) if "vote" in step))]
    document["expect"] = [*expect]
    return after, {**after.filled, SEASON: dump_yaml(document).encode()}


def unmet(town: Lakeside, outline: CityOutline, edit: Callable[[list[Any], int], Rows], *expect: Any) -> list[str]:
    after, files = season(town, outline, edit, expect)
    return [one.message.zh for one in played(town, after.package, files, SEASON).unmet]


@pytest.mark.parametrize("steps", [(), (CityStep.OBJECTION,)], ids=["plain", "objection"])
def test_who_withdraws_after_the_vote_gets_no_award(town: Lakeside, steps: tuple[CityStep, ...]) -> None:
    leaves = {"as": "甲", "case": "甲", "action": "withdraw", "with": {"reason": "另有安排。", "confirmed": True}}
    none = {"case": "甲", "award": "tier_1", "no": True}
    assert unmet(
        town,
        replace(OUTLINE, steps=(*steps, CityStep.WITHDRAWAL)),
        lambda rows, vote: [*rows[: vote + 1], leaves, {"until": date(2026, 4, 30)}],
        {"case": "甲", "outcome": "withdrawn"}, none, VACANT,
    ) == []  # fmt: skip


@pytest.mark.parametrize(
    ("result", "expect"),
    [
        ("substantiated_condition", [{"case": "甲", "outcome": "disqualified"}, VACANT]),
        ("unsubstantiated", [{"case": "甲", "award": "tier_1"}, {"case": "届", "outcome": "conferred"}]),
    ],
)
def test_who_is_struck_by_an_objection_gets_no_award(town: Lakeside, result: str, expect: list[Any]) -> None:
    opinion = "untrue" if result == "unsubstantiated" else "true"
    assert (
        unmet(
            town,
            replace(OUTLINE, steps=(CityStep.OBJECTION,)),
            lambda rows, vote: [*rows[: vote + 1], *objected("甲"), *answered(opinion, result), *rows[vote + 1 :]],
            *expect,
        )
        == []
    )


@pytest.mark.parametrize("steps", [(), (CityStep.APPROVAL,)], ids=["plain", "approval"])
def test_an_open_objection_holds_only_whom_it_concerns(town: Lakeside, steps: tuple[CityStep, ...]) -> None:
    def edit(rows: list[Any], vote: int) -> Rows:
        for row in rows:
            if row.get("name") == "乙":
                row["with"] = {**row["with"], "founded": date(2015, 1, 1)}
        accept = {"as": "office", "case": "乙", "complete": "decide", "with": {"decision": "accept"}}
        approved = rows[vote + 1 :]
        later = [{**row, "at": "2026-03-15 10:00"} if "at" in row else {**row} for row in approved if "complete" in row]
        for row in later:
            if "decided_on" in (row.get("with") or {}):
                row["with"] = {**row["with"], "decided_on": date(2026, 3, 15)}
        halfway = [
            {"expect": {"case": "甲", "award": "tier_1"}},
            {"expect": {"case": "乙", "award": "tier_2", "no": True}},
        ]
        ballots = [{"case": "届", "vote": {"甲": "yyy", "乙": "nnn"}}, {"case": "届", "vote": {"乙": "yyy"}}]
        open_one = [*rows[: vote - 1], accept, rows[vote - 1], *ballots, *objected("乙"), *approved, *halfway]
        return [*open_one, *answered("untrue", "unsubstantiated"), *later]

    outline = replace(
        OUTLINE, steps=(CityStep.OBJECTION, CityStep.SEPARATE, *steps), government="兰山县人民政府", objection_days=20,
        tiers=tuple(replace(tier, places=1) for tier in OUTLINE.tiers),
    )  # fmt: skip
    expect = [{"case": "乙", "award": "tier_2"}, {"case": "届", "outcome": "conferred"}]
    assert unmet(town, outline, edit, *expect) == []


@pytest.mark.parametrize(
    ("ballots", "votes", "expect"),
    [(1, ["ynn"], VACANT), (2, ["ynn", "yyn"], {"case": "甲", "award": "tier_1"}), (2, ["ynn", "ynn"], VACANT)],
)
def test_who_did_not_get_the_votes_is_voted_on_as_often_as_was_answered(
    town: Lakeside, ballots: int, votes: list[str], expect: Any
) -> None:
    outline = replace(OUTLINE, vote_ballots=ballots, tiers=OUTLINE.tiers[:1])  # no second tier to be voted into
    held = [{"case": "届", "vote": {"甲": papers}} for papers in votes]
    assert unmet(town, outline, lambda rows, vote: [*rows[:vote], *held, *rows[vote + 1 :]], expect) == []


@pytest.mark.parametrize(("day", "early"), [(date(2025, 12, 31), True), (date(2026, 1, 5), False)])
def test_an_award_that_is_given_once_a_year_has_no_second_round_in_it(town: Lakeside, day: date, early: bool) -> None:
    begun = {
        "at": "2025-12-01 09:00", "as": "office", "start": "round", "name": "又一届",
        "with": {"round_name": "第二届", "deadline": day},
    }  # fmt: skip
    outline = replace(OUTLINE, since=date(2025, 1, 1), steps=(CityStep.CYCLE,), cycle_years=1)
    expect = {"case": "又一届", "outcome": "too_early", **({} if early else {"no": True})}
    assert unmet(town, outline, lambda rows, _: [*rows, begun], expect) == []


def test_a_play_that_waits_for_a_day_of_an_unpublished_year_names_it(town: Lakeside) -> None:
    """A season of a place over the new year brings the days off that are not published; without them it waits."""
    outline, conferred = replace(OUTLINE, since=date(2026, 11, 23)), {"case": "届", "outcome": "conferred"}
    after, files = season(town, outline, lambda rows, vote: rows, [conferred])
    assert [one.message.zh for one in played(town, after.package, files, SEASON).unmet] == []
    waiting = load_yaml(files[SEASON].decode())
    del waiting["calendar_years"]
    scenario = read_file({**files, SEASON: dump_yaml(waiting).encode()}, SEASON).scenario
    assert scenario is not None
    with empty_store() as store:
        result = play_for_result(store, after.package, scenario, town.desk.calendars, town.desk.operations)
    assert unsettled_days(result) == (UnsettledDay("公示进行中", 2027),)
