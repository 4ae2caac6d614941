"""Play one scenario file with the package in whose folder it lies."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from service.casework.simulate import Played, Scenario, play, read_scenario
from service.casework.simulate.expecting.known_words import demand_known, demand_readable
from service.casework.simulate.stage.stage import empty_store
from service.catalog import Package, load_package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import WorkingCalendar
from service.domain.errors import Invalid
from service.domain.text import Text
from service.sdk import operations

if TYPE_CHECKING:
    from service.casework.simulate.playing.unknowns import Unknown


def play_file(scenario: Path, package: Package | None = None) -> Played:
    """Play a scenario file on a database of its own; ``package`` is its award's where that was read before.

    Raises Invalid when it lies in no award's folder, or expects what the package cannot bring about.
    """
    package, calendars, read = package or package_of(scenario), calendars_of_play(), read_scenario_file(scenario)
    demand_readable(package)
    demand_known(package, read)
    with empty_store() as store:
        return play(store, package, read, calendars, operations())


def unknowns_in(scenario: Path) -> tuple[Unknown, ...]:
    """Play a scenario file once more and return which formulas were unknown because of a missing name."""
    from service.casework.simulate.playing.unknowns import unknowns_of  # it needs the rules of the check

    with empty_store() as store:
        return unknowns_of(store, package_of(scenario), read_scenario_file(scenario), calendars_of_play(), operations())


def package_of(scenario: Path) -> Package:
    """Return the package in whose folder the scenario lies; it stays until the process ends."""
    here = scenario.resolve()
    for folder in here.parents:
        if (folder / "award.yaml").is_file():
            package = load_package(folder.parents[2], folder.parent.name, folder.name)
            gc.freeze()  # nobody need look through diagrams and forms for garbage
            return package
    raise Invalid(
        Text(
            f"{scenario} 不在任何奖项的文件夹下，请放到 processes/<辖区>/<奖项>/scenarios/ 中。",
            f"{scenario} lies in no award's folder: put it under processes/<jurisdiction>/<award>/scenarios/.",
        )
    )


@cache
def calendars_of_play() -> Mapping[str, WorkingCalendar]:
    """Return the calendars that plays count by: those that come with the program."""
    return load_calendars(bundled_calendars())


def read_scenario_file(scenario: Path) -> Scenario:
    """Return a scenario file; raises ScenarioMistake."""
    return read_scenario(scenario.read_bytes(), scenario.name)
