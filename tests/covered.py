"""Counts the lines of the program that the tests run, and prints them by folder before pytest's own last line.

A plug-in of pytest: ``pytest -p tests.covered``. It stands before anything imports the program. A process that a test
starts (the command line, a server that is killed) is not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover  # type: ignore[attr-defined]

_PROGRAM = ["service", "handlers"]
_SHOWN = 10
_COUNTER = Slipcover(immediate=True, source=_PROGRAM)
ImportManager(_COUNTER, FileMatcher(sources=_PROGRAM)).__enter__()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each folder, the files with most lines that no test ran, and the whole."""
    for line in _told(_COUNTER.get_coverage()["files"]):
        terminalreporter.write_line(line)


def _told(files: dict[str, dict[str, list[int]]]) -> Iterator[str]:
    ran: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for name, lines in files.items():
        folder = "/".join(Path(name).parent.parts[:2])
        ran[folder] += len(lines["executed_lines"])
        missed[folder] += len(lines["missing_lines"])
    yield "\nLines that the tests ran:"
    for folder in sorted(ran):
        yield _line(folder, ran[folder], missed[folder])
    yield _line("all", ran.total(), missed.total())
    yield "Most lines that no test ran:"
    for name in sorted(files, key=lambda name: -len(files[name]["missing_lines"]))[:_SHOWN]:
        yield f"{len(files[name]['missing_lines']):>8}  {name}"


def _line(name: str, ran: int, missed: int) -> str:
    return f"  {name:<20}{ran / ((ran + missed) or 1):>7.1%}  of {ran + missed}"
