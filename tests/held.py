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

_DRAFT = "/api/v1/drafts/{draft}"
_RECORDING = "a recording is played by its pages (studio/test_recording…); the calls lead to the same use cases"
_SCENARIOS = "needs a season that passed in the draft; tried by its page (studio/test_scenario_edit, test_traps)"
_LISTS = "needs a workbook in base64; read in and refused by its page (integration/spreadsheets)"
_FILES = "no form of the towns of tests has a file there; the same attaching is tried of a task"
UNANSWERED: Mapping[str, str] = {
    "POST /api/v1/ballots/{ballot_id}/hall": "two tellers enter a vote; tried by its page (integration/ballots)",
    "GET /api/v1/calendar/years/{year}": "needs a notice that was pasted; tried by its page (studio/test_calendar_years)",
    "POST /api/v1/cases/{case_id}/actions/{action}/uploads": _FILES,
    "POST /api/v1/start/{jurisdiction}/{award}/{process}/uploads": _FILES,
    "POST /api/v1/cases/{case_id}/applicants": _LISTS,
    "GET /api/v1/cases/{case_id}/applicants/template": _LISTS,
    "POST /api/v1/lists/experts": _LISTS,
    "POST /api/v1/lists/scores": _LISTS,
    "POST /api/v1/register/{jurisdiction}/{award}/import": _LISTS,
    "POST /api/v1/cases/{case_id}/panels/{panel_id}/replace": "needs a drawn panel; the use case is tried (integration/review)",
    "POST /api/v1/clock/{hold}/extend": "needs a limit that ran out in an outage; tried by its page (jobs/test_clock_watch)",
    "GET /api/v1/documents/{document_id}/pdf": "needs the typesetter, which desks of the interface do without (documents)",
    f"POST {_DRAFT}/document/print": "needs the typesetter, which desks of the interface do without (documents)",
    f"POST {_DRAFT}/cities": "a whole city is drawn by its pages (studio/test_new_city)",
    f"PUT {_DRAFT}/folder": "needs a whole package as it was handed out; the use case is tried (studio/test_transfer)",
    f"POST {_DRAFT}/last-save/undo": "needs a save to undo; tried by its page (studio/test_drafts)",
    f"GET {_DRAFT}/recording": _RECORDING,
    f"GET {_DRAFT}/recording/deeds": _RECORDING,
    f"POST {_DRAFT}/recording/deeds": _RECORDING,
    f"POST {_DRAFT}/recording/deeds/form": _RECORDING,
    f"POST {_DRAFT}/recording/scenario": _RECORDING,
    f"POST {_DRAFT}/recording/tasks/{{task}}": _RECORDING,
    f"POST {_DRAFT}/recording/tasks/{{task}}/day": _RECORDING,
    f"POST {_DRAFT}/recording/votes": _RECORDING,
    f"POST {_DRAFT}/scenario/copy": _SCENARIOS,
    f"POST {_DRAFT}/scenarios/step": _SCENARIOS,
    f"POST {_DRAFT}/scenarios/step/write": _SCENARIOS,
    f"POST {_DRAFT}/traps/{{trap}}/keep": _SCENARIOS,
    f"PUT {_DRAFT}/scoring": "needs an edition of the city's own; tried by its page (studio)",
    f"POST {_DRAFT}/shared": "needs a piece that a city changed; tried by its page (studio/test_shared_pieces)",
    "POST /api/v1/epoch/{ident}/drop": "needs a database that was restored; releasing is tried (deploy/test_epoch)",
    "POST /api/v1/health/trial": "needs a mail server and somebody who is alarmed; the use case is tried (jobs/test_alarms)",
    "POST /api/v1/moves/{batch}/stop": "needs a move that still runs; tried by its page (law/test_move_batch)",
    "POST /api/v1/objections/track/documents/{document_id}": "needs an answer on paper; tried by its page (objections)",
    "POST /api/v1/retention/rules": "needs a place with rules of its own; tried by its page (web/test_retention_page)",
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
