"""Prints the minutes that each part of the tests took beside what it may take, before pytest's own last line.

A plug-in of pytest, as ``tests.covered`` is. A part's minutes are the seconds of its tests, shared by the processes
that ran them: how long the run would be if it had this part alone.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.longest_first import keep
from tests.support.turns import EVERYTHING, turn

BUDGETS = {"unit and integration": 5.0, "scenarios": 3.0, "browser": 6.0, "chaos and fuzz": 3.0}
"""Minutes on a quiet machine of two cores."""

FOLDERS = {
    "architecture": "unit and integration",
    "unit": "unit and integration",
    "integration": "unit and integration",
    "scenarios": "scenarios",
    "browser": "browser",
    "chaos": "chaos and fuzz",
    "fuzz": "chaos and fuzz",
}
STATIC = 1.0
WHOLE = 25.0
_SHOWN = 8
_SLOWEST = 5
_PLACES = 3
"""Parts of a test's address that name its folder, as in tests/integration/web."""


class Spent:
    """The seconds of every test, by file."""

    def __init__(self) -> None:
        self.began = time.time()
        self.files: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a test's beginning, itself or its end."""
        self.files[report.nodeid.partition("::")[0]] += report.duration  # type: ignore[assignment]

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        """Print a line for each part, the files that took longest, and the whole."""
        processes = int(getattr(config.option, "numprocesses", None) or 1)
        for line in told(dict(self.files), processes, self.began, time.time()):
            terminalreporter.write_line(line)
        if os.environ.get("LAUREL_KEEP_SECONDS"):
            keep(self.files)


def told(files: dict[str, float], processes: int, began: float, now: float) -> Iterator[str]:
    """Yield what is printed of the seconds of ``files``.

    ``LAUREL_BEGAN`` says when set-up began, which installs what is not there yet and has no budget of its own,
    ``LAUREL_CHECKED`` when the static checks did.
    """
    minutes: Counter[str] = Counter()
    for name, seconds in files.items():
        minutes[part_of(name)] += seconds / processes / 60  # type: ignore[assignment]
    first, checks = (float(os.environ.get(name) or began) for name in ("LAUREL_BEGAN", "LAUREL_CHECKED"))
    yield f"\nMinutes of each part, by {processes} process{'es' * (processes > 1)}:"
    if first < began:
        yield f"  {'set-up':<22}{(min(checks, began) - first) / 60:>6.1f}"
    if checks < began:
        yield _line("static", (began - checks) / 60, STATIC)
    for name, budget in BUDGETS.items():
        if name in minutes:
            yield _line(name, minutes[name], budget)
    yield _line("the whole so far", (now - first) / 60, WHOLE)
    for name, budget in BUDGETS.items():
        if minutes[name] > budget:
            yield from _where(name, files, minutes[name], processes)
    yield "Files that took longest, in seconds:"
    for name in sorted(files, key=lambda name: -files[name])[:_SHOWN]:
        yield f"{files[name]:>8.0f}  {name}"
    if not EVERYTHING:
        yield f"What is tried in part was chosen by LAUREL_TURN={turn()}."


def _where(name: str, files: dict[str, float], minutes: float, processes: int) -> Iterator[str]:
    """Say where the time of a part that is over its budget went: its slowest files, each with its share of the part."""
    inside = {file: seconds / processes / 60 for file, seconds in files.items() if part_of(file) == name}
    slowest = sorted(inside, key=lambda file: -inside[file])[:_SLOWEST]
    yield f"Where the {minutes:.1f} minutes of {name} went, {len(slowest)} of {len(inside)} files:"
    for file in slowest:
        yield f"  {inside[file]:>6.1f}  {inside[file] / minutes:>4.0%}  {file}"


def part_of(file: str) -> str:
    """Return the part whose minutes a file's tests are."""
    places = file.split("/")
    return FOLDERS.get(places[1], "unit and integration") if len(places) >= _PLACES else "unit and integration"


def _line(name: str, minutes: float, budget: float) -> str:
    more = minutes - budget
    over = f"  over its budget by {more:.1f} ({more / budget:.0%})" if more > 0 else ""
    return f"  {name:<22}{minutes:>6.1f} of {budget:g}{over}"


def pytest_configure(config: pytest.Config) -> None:
    """Count in the process that prints."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Spent(), "spent")
