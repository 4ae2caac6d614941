"""``laurel simulate``: play scenarios with the same casework, store and handlers as the web, under a virtual clock."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.casework.simulate import Played, Scenario, play, read_scenario
from service.casework.simulate.expecting.known_words import require_defined_words, require_readable
from service.casework.simulate.stage.stage import empty_store
from service.catalog import Package, load_package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import WorkingCalendar
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.sdk import operations

if TYPE_CHECKING:
    from service.casework.simulate.playing.unknowns import Unknown


def play_file(scenario: Path, package: Package | None = None) -> Played:
    """Play a scenario file on a database of its own; ``package`` is its award's where that was read before.

    Raises Invalid when it lies in no award's folder, or expects what the package cannot bring about.
    """
    package, calendars, read = package or package_of(scenario), calendars_of_play(), read_scenario_file(scenario)
    require_readable(package)
    require_defined_words(package, read)
    with empty_store() as store:
        return play(store, package, read, calendars, operations())


def unknowns_in(scenario: Path) -> tuple[Unknown, ...]:
    """Play a scenario file once more and return which formulas were unknown because of a missing name."""
    from service.casework.simulate.playing.unknowns import unknowns_of  # it needs the rules of the check

    with empty_store() as store:
        return unknowns_of(store, package_of(scenario), read_scenario_file(scenario), calendars_of_play(), operations())


def package_of(scenario: Path) -> Package:
    """Return the package in whose folder the scenario lies; it stays until the process ends."""
    path = scenario.resolve()
    for folder in path.parents:
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


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """How one scenario went; ``unmet`` has a line for each expectation that was not met, none when it passed."""

    scenario: Path
    unmet: tuple[str, ...]


def scenarios_below(folder: Path) -> list[Path]:
    """Return the scenarios in every ``scenarios`` folder below (or at) ``folder``; raises Invalid without any."""
    paths = [path for path in folder.resolve().rglob("*.yaml") if path.parent.name == "scenarios"]
    if not paths:
        raise Invalid(
            Text(
                f"{folder} 下没有剧本，剧本放在 processes/<辖区>/<奖项>/scenarios/ 中。",
                f"There is no scenario below {folder}: they lie in processes/<jurisdiction>/<award>/scenarios/.",
            )
        )
    return sorted(paths)


def play_all(scenarios: list[Path]) -> Iterator[ScenarioOutcome]:
    """Play ``scenarios`` and yield what came of each as it ends; the longest texts begin first, so that none is left over."""
    longest_first = sorted(scenarios, key=lambda path: -path.stat().st_size)
    processes = multiprocessing.get_context("fork")  # what is loaded is shared
    with processes.Pool(min(os.cpu_count() or 1, len(scenarios))) as pool:
        yield from pool.imap_unordered(_play_scenario, longest_first)


def _play_scenario(scenario: Path) -> ScenarioOutcome:
    try:
        played = play_file(scenario, _load_package(scenario.parent))
    except LaurelError as error:
        return ScenarioOutcome(scenario, (error.message.zh,))
    return ScenarioOutcome(scenario, tuple(f"{u.where} {u.message.zh}" for u in played.unmet))


@cache
def _load_package(folder: Path) -> Package:
    return package_of(folder)


@click.command("simulate")
@click.argument("scenario", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print passed, timeline and unmet as JSON (one scenario only).")
def simulate(scenario: Path, as_json: bool) -> None:
    """Play SCENARIO (a file below an award's scenarios folder) and say what was not as expected.

    Where it failed, it also says which formulas read a name that was not there. A folder plays every scenario
    below it, one line each.
    """
    if scenario.is_dir():
        sys.exit(0 if _run_scenarios(scenario, as_json) else 1)
    played = play_file(scenario)
    unknowns = () if played.passed else unknowns_in(scenario)
    report = as_dict(played, unknowns)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _format_story(played, unknowns))
    sys.exit(0 if played.passed else 1)


def _run_scenarios(folder: Path, as_json: bool) -> bool:
    """Print how each scenario below ``folder`` went; returns whether all passed."""
    if as_json:
        raise Invalid(Text("--json 只用于单个剧本，请给出一个文件。", "--json is for one scenario: give a file."))
    scenarios, failed = scenarios_below(folder), 0
    for number, outcome in enumerate(play_all(scenarios), 1):
        failed += bool(outcome.unmet)
        place = outcome.scenario.relative_to(folder.resolve())
        click.echo(f"{'✗' if outcome.unmet else '✓'} {number}/{len(scenarios)} {place}")
        for line in outcome.unmet:
            click.echo(f"    未达到：{line}")
    click.echo(f"{len(scenarios)}个剧本，未通过{failed}个 / {len(scenarios)} scenarios, {failed} failed")
    return failed == 0


def as_dict(played: Played, unknowns: Sequence[Unknown] = ()) -> dict[str, object]:
    """Return ``{passed, timeline: [{at, case, element, what, clauses}], unmet: [{where, message}], unknown: [{element, expression, names}]}``.

    ``unknown`` is empty where the scenario passed.
    """
    return {
        "passed": played.passed,
        "timeline": [
            {"at": h.at, "case": h.case, "element": h.element, "what": h.what, "clauses": list(h.clauses)}
            for h in played.timeline
        ],
        "unmet": [{"where": u.where, "message": u.message.zh} for u in played.unmet],
        "unknown": [{"element": u.element, "expression": u.expression, "names": list(u.names)} for u in unknowns],
    }


def _format_story(played: Played, unknowns: Sequence[Unknown]) -> str:
    lines = [f"{h.at[:16].replace('T', ' ')}  {h.case}  {h.what}" for h in played.timeline]
    lines += [f"未达到：{u.where} {u.message.zh}" for u in played.unmet]
    lines += [f"读到未知 / unknown: {'、'.join(u.names)} ← {u.element or '?'}：{u.expression}" for u in unknowns]
    return "\n".join([played.scenario.title, *lines, "通过 / passed" if played.passed else "未通过 / failed"])
