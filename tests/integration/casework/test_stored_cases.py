"""Cases that an earlier version stored go on as they went on there, on every diagram."""

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
from service.catalog.feel import FUNCTIONS
from service.engine import Engine
from service.sdk import operations
from tests.support.passing import CALENDARS
from tests.support.stored_cases import StoredCase, places, stored_cases, surroundings, take
from tests.support.tree import PROJECT, lay_out

DIAGRAMS, CASES = stored_cases()


@pytest.fixture(scope="module")
def engine() -> Engine:
    engine = Engine(FUNCTIONS)
    for award, diagrams in DIAGRAMS.items():
        engine.load(award, diagrams, late=True)
    return engine


def test_every_diagram_of_then_has_a_case_under_way(engine: Engine) -> None:
    under_way = {process for case in CASES for process in (case.process, *(place[0] for place in case.before))}
    drawn = {process for award in DIAGRAMS for process in engine._definition(award).processes}
    assert len(drawn) > 150
    assert drawn - under_way == set()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.process}")
def test_a_stored_case_loads_steps_and_is_saved(engine: Engine, case: StoredCase) -> None:
    instance = engine.restore(case.award, case.state, surroundings(case.variables))
    assert places(instance) == case.before
    take(instance, case.act)
    assert places(instance) == case.after
    again = engine.restore(case.award, instance.dump(), surroundings(case.variables))
    assert places(again) == case.after


# What a play tells of each step and expectation, what the season came to.

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
