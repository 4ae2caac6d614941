"""What a play tells of each step and expectation, what the season came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import handlers
from service.casework.simulate import Scenario, read_scenario
from service.casework.simulate.playing.scenario_result import How, ScenarioResult, play_for_result
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


def test_a_kind_of_case_that_there_is_not_is_told_in_a_sentence(package: Package) -> None:
    text = (
        "title: 打错\nstart: 2026-01-05\nsteps:\n  - {start: nothing, at: 2026-01-05 09:00, as: office}\nexpect: []\n"
    )
    found = played(package, read_scenario(text.encode(), "wrong"))
    assert not found.passed
    [line] = found.lines
    assert line.how is How.UNMET
    assert "没有办件种类“nothing”" in line.messages[0].zh
