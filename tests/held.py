"""Prints which operations of the interface for programs never answered well in a run, before pytest's own last line.

A plug-in of pytest, as ``tests.covered`` is. What an operation answers well is held to the OpenAPI document by
`tests.support.held_answers`, in every run.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.held_answers import HELD, operations

_KEY = "held_answers"
_ELSEWHERE: set[str] = set()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what one process of several has seen to the one that prints."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_KEY] = sorted(HELD.seen)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what another process has seen."""
    _ELSEWHERE.update(getattr(node, "workeroutput", {}).get(_KEY, ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how many operations answered well, and each that did not."""
    every, good = operations(), _ELSEWHERE | set(HELD.seen)
    terminalreporter.write_line(
        f"{len(every & good)} of {len(every)} operations of the interface answered well, as their document says."
    )
    for name in sorted(every - good):
        terminalreporter.write_line(f"  never: {name}")
