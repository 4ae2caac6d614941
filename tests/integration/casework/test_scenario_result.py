"""What a play tells of each step and expectation, what the season came to, and what comes out otherwise under other rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import handlers
from service.casework.simulate import Scenario, read_scenario
from service.casework.simulate.playing.scenario_result import How, ScenarioResult, play_for_result
from service.casework.simulate.seasons.cause_of_difference import with_causes
from service.casework.simulate.seasons.season_difference import Otherwise, season_differences
from service.casework.simulate.stage.empty_store import empty_store
from service.catalog import Package, load_catalog
from service.sdk import operations
from tests.support.passing import CALENDARS
from tests.support.tree import PROJECT, lay_out

handlers.load()
CITY = PROJECT / "tests" / "data" / "example_city"
FOLDER = CITY / "processes" / "example_city" / "quality_award" / "scenarios"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    root = lay_out(tmp_path_factory.mktemp("example_city"), CITY)
    return load_catalog(root).package("example_city/quality_award")


def scenario(name: str = "clean_season", values: Mapping[str, Any] | None = None) -> Scenario:
    path = Path(FOLDER / f"{name}.yaml")
    return replace(read_scenario(path.read_bytes(), name), parameters=values or {})


def played(package: Package, season: Scenario, **ways: Any) -> ScenarioResult:
    with empty_store() as store:
        return play_for_result(store, package, season, CALENDARS, operations(), **ways)


def test_every_step_and_expectation_is_told(package: Package) -> None:
    """Each step of the file has a line with its time; every expectation at the end has one."""
    season = scenario()
    found = played(package, season)
    assert found.passed
    assert len(found.lines) == len(season.moves)
    assert len(found.expected) == len(season.expect)
    assert {line.how for line in (*found.lines, *found.expected)} == {How.MET}
    started = next(line for line in found.lines if line.verb == "start")
    assert started.at == "2026-03-02T09:00+08:00"
    assert "启动" in started.words.zh


def test_an_expectation_that_fails_says_what_was_found_instead(package: Package) -> None:
    """A longer notice moves its last day: the line names the day wanted and the day found."""
    values = {"winners_notice_working_days": 12}
    found = played(package, scenario(values=values), past_refusals=True)
    assert not found.passed
    notice = next(line for line in found.expected if any(d.key == "last_day" for d in line.deviations))
    assert [(d.key, d.wanted, d.found) for d in notice.deviations if d.key == "last_day"] == [
        ("last_day", "2026-03-26", "2026-03-30")
    ]
    assert "应当 末日 2026年3月26日，实际 末日 2026年3月30日" in [message.zh for message in notice.messages]


def test_what_is_missing_is_told_in_words(package: Package) -> None:
    """Where nothing of the kind was found, what there is instead is named as a reader knows it, not as it is kept."""
    season = scenario()
    asked = {"case": "甲", "fact": "no_such_fact", "value": "met"}
    found = played(package, replace(season, expect=(asked,)))
    told = found.expected[0].messages[0].zh
    assert told.startswith("与期望不同，实际：")
    assert "；奖金：500,000元；" in told
    assert not {"{", "'", "datetime"} & set(told)


def test_what_was_not_reached_is_told_too(package: Package) -> None:
    """A step that cannot be played ends the play; the rest is listed as not reached."""
    season = scenario()
    cut = replace(season, moves=tuple(m for m in season.moves if m.verb != "members"))
    found = played(package, cut)
    states = [line.how for line in found.lines]
    assert How.UNMET in states
    assert states[-1] is How.NOT_REACHED
    assert {line.how for line in found.expected} == {How.NOT_REACHED}
    assert len(found.lines) == len(cut.moves)


def test_the_same_facts_under_other_rules_differ_in_days_with_their_clauses(package: Package) -> None:
    """Two more days of notice: the notice ends later, and the difference cites its clause."""
    before = played(package, scenario()).record
    after = played(package, scenario(values={"winners_notice_working_days": 12}), past_refusals=True).record
    assert before is not None
    assert after is not None
    moved = [d for d in season_differences(before, after) if d.otherwise is Otherwise.DAY]
    notice = next(d for d in moved if d.lasting == "notice")
    assert notice.before == "2026-03-13/2026-03-26"
    assert notice.after == "2026-03-13/2026-03-30"
    assert notice.clauses
    assert season_differences(before, before) == ()


def test_winners_are_told_of(package: Package) -> None:
    """An applicant whom the vote does not carry loses its award in the difference."""
    season = scenario()
    voted = tuple(
        replace(m, value={**m.value, "甲": "ynnnnnnnn"}, keys={**m.keys, "vote": {**m.value, "甲": "ynnnnnnnn"}})
        if m.verb == "vote"
        else m
        for m in season.moves
    )
    before = played(package, season).record
    after = played(package, replace(season, moves=voted), past_refusals=True).record
    assert before is not None
    assert after is not None
    lost = [d for d in season_differences(before, after) if d.otherwise is Otherwise.WINNER]
    assert [(d.case, d.before, d.after) for d in lost] == [("甲", "quality", "")]


def test_a_prize_taken_away_under_one_version_alone_is_told_once(package: Package) -> None:
    """Whatever other cases of the same winner tell of it; where the season stopped before, it was not come to."""
    before = played(package, scenario()).record
    assert before is not None
    winner = next(end for end in before.ends.values() if end.awards and end.process == "application")
    taken = (("quality", date(2027, 3, 5)),)
    ends = {nick: replace(end, revoked=taken) for nick, end in before.ends.items() if end.subject == winner.subject}
    after = replace(before, ends={**before.ends, **ends})
    [one] = season_differences(before, after)
    assert (one.otherwise, one.before, one.after) == (Otherwise.REVOKED, "", "quality 2027-03-05")
    [other] = season_differences(after, before)
    assert (other.before, other.after) == ("quality 2027-03-05", "")
    [stopped] = with_causes((other,), after, before, package, stopped=True)
    assert stopped.otherwise is Otherwise.NOT_REACHED


def test_a_kind_of_case_that_there_is_not_is_told_in_a_sentence(package: Package) -> None:
    text = (
        "title: 打错\nstart: 2026-01-05\nsteps:\n  - {start: nothing, at: 2026-01-05 09:00, as: office}\nexpect: []\n"
    )
    found = played(package, read_scenario(text.encode(), "wrong"))
    assert not found.passed
    [line] = found.lines
    assert line.how is How.UNMET
    assert "没有办件种类“nothing”" in line.messages[0].zh
