"""Prints which operations of the interface for programs never answered well in a run, before pytest's own last line.

A plug-in of pytest, as ``tests.covered`` is. What an operation answers well is held to the OpenAPI document by
`tests.support.held_answers`, in every run. An operation that answers nothing but 204 has no shape to hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from service.web.api.openapi import document
from tests.support.held_answers import HELD, operations

_KEY = "held_answers"
_ELSEWHERE: set[str] = set()

UNANSWERED: Mapping[str, str] = {
    "POST /api/v1/drafts/{draft}/recording/tasks/{task}/day": "needs a year without calendar on the stage",
}
"""Operations of which neither the contract test nor another test gets a good answer with a body, and why."""


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
    """Print how many operations answered well, and of the others how many are known not to."""
    for line in told(_ELSEWHERE | set(HELD.seen)):
        terminalreporter.write_line(line)


def told(good: set[str]) -> Iterator[str]:
    """Yield what is printed where the operations ``good`` answered well: the others with a body, by name unless known."""
    every, shaped = operations(), with_body()
    yield f"{len(every & good)} of {len(every)} operations of the interface answered well, as their document says."
    missing = shaped - good
    yield f"  {len(missing)} with a body never did, {len(missing & set(UNANSWERED))} of them with a reason (tests/held.py)"
    yield from (f"  never: {name}" for name in sorted(missing - set(UNANSWERED)))


def with_body() -> set[str]:
    """Return the operations that answer well with a body."""
    paths = document()["paths"]
    return {
        f"{m.upper()} {path}" for path, known in paths.items() for m, one in known.items() if "200" in one["responses"]
    }
