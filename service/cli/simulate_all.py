"""``laurel simulate FOLDER``: every scenario below a folder, in as many processes as the machine has processors."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.catalog import Package
from service.cli.play_file import package_of, play_file
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """How one scenario went; ``unmet`` has a line for each expectation that was not met, none when it passed."""

    scenario: Path
    unmet: tuple[str, ...]


def scenarios_below(folder: Path) -> list[Path]:
    """Return the scenarios in every ``scenarios`` folder below (or at) ``folder``; raises Invalid without any."""
    found = [path for path in folder.resolve().rglob("*.yaml") if path.parent.name == "scenarios"]
    if not found:
        raise Invalid(
            Text(
                f"{folder} 下没有剧本，剧本放在 processes/<辖区>/<奖项>/scenarios/ 中。",
                f"There is no scenario below {folder}: they lie in processes/<jurisdiction>/<award>/scenarios/.",
            )
        )
    return sorted(found)


def play_all(scenarios: list[Path]) -> Iterator[ScenarioOutcome]:
    """Play ``scenarios`` and yield what came of each as it ends; the longest texts begin first, so that none is left over."""
    longest_first = sorted(scenarios, key=lambda path: -path.stat().st_size)
    processes = multiprocessing.get_context("fork")  # what is loaded is shared
    with processes.Pool(min(os.cpu_count() or 1, len(scenarios))) as pool:
        yield from pool.imap_unordered(_outcome, longest_first)


def _outcome(scenario: Path) -> ScenarioOutcome:
    try:
        played = play_file(scenario, _package(scenario.parent))
    except LaurelError as error:
        return ScenarioOutcome(scenario, (error.message.zh,))
    return ScenarioOutcome(scenario, tuple(f"{u.where} {u.message.zh}" for u in played.unmet))


@cache
def _package(folder: Path) -> Package:
    return package_of(folder)
