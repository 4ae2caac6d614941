"""Counts the lines of the program that the tests run, and prints them by folder before pytest's own last line.

A plug-in of pytest: ``PYTEST_PLUGINS=tests.covered pytest``, so that it stands before anything imports the program, in
each of several processes (``-n 3``) too. A process that a test starts (the command line, a server that is killed) is
not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slipcover import FileMatcher, ImportManager, Slipcover  # type: ignore[attr-defined]

_PROGRAM = ["service", "handlers"]
_SHOWN = 10
_KEY = "covered"
_COUNTER = Slipcover(immediate=True, source=_PROGRAM)
ImportManager(_COUNTER, FileMatcher(sources=_PROGRAM)).__enter__()


Lines = dict[str, tuple[set[int], set[int]]]
"""Lines of each file that ran, and that did not."""

_ELSEWHERE: list[Lines] = []
"""What the other processes of a run have counted."""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what one process of several has counted to the one that prints."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = {name: [sorted(ran), sorted(missed)] for name, (ran, missed) in _counted().items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what another process has counted."""
    found = getattr(node, "workeroutput", {}).get(_KEY, {})
    _ELSEWHERE.append({name: (set(ran), set(missed)) for name, (ran, missed) in found.items()})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print a line for each folder, the files with most lines that no test ran, and the whole."""
    for line in _told(_together(_ELSEWHERE or [_counted()])):
        terminalreporter.write_line(line)


def _counted() -> Lines:
    files = _COUNTER.get_coverage()["files"]
    return {name: (set(lines["executed_lines"]), set(lines["missing_lines"])) for name, lines in files.items()}


def _together(counts: list[Lines]) -> Lines:
    """Return what any of several processes ran; a line is missed where none of them ran it."""
    whole: Lines = {}
    for counted in counts:
        for name, (ran, missed) in counted.items():
            before = whole.get(name, (set(), set()))
            whole[name] = before[0] | ran, before[1] | missed
    return {name: (ran, missed - ran) for name, (ran, missed) in whole.items()}


def _told(files: Lines) -> Iterator[str]:
    ran: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for name, (executed, missing) in files.items():
        folder = "/".join(Path(name).parent.parts[:2])
        ran[folder] += len(executed)
        missed[folder] += len(missing)
    yield "\nLines that the tests ran:"
    for folder in sorted(ran):
        yield _line(folder, ran[folder], missed[folder])
    yield _line("all", ran.total(), missed.total())
    yield "Most lines that no test ran:"
    for name in sorted(files, key=lambda name: -len(files[name][1]))[:_SHOWN]:
        yield f"{len(files[name][1]):>8}  {name}"


def _line(name: str, ran: int, missed: int) -> str:
    return f"  {name:<20}{ran / ((ran + missed) or 1):>7.1%}  of {ran + missed}"
