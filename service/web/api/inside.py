"""API routes of the inside of a case: tokens, timers, variables; its draws; the event log; a doubtful clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, request

from service.casework.queries.cases.case_status import case_status
from service.casework.queries.cases.inside_case import inside_case
from service.casework.queries.monitoring.event_log import LogEvent, as_csv, event_log
from service.web.api.arguments import Query, people_sought, whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import inside as schemas
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.monitor_query import PERIODS, read_days, read_named

_SOUGHT: Query = {"q": people_sought("only the variables that say these words: in their name, label or any value")}
_LOG: Query = {
    "package": "jurisdiction/award",
    "process": "id of a diagram; the busiest when empty",
    "version": "a published version; all when empty",
    "days": whole("how many days to look back; 365 when left out", 1, PERIODS[-1]),
}


def register(api: Blueprint) -> None:
    """Add the routes."""
    case = "/cases/<int:case_id>"
    for operation, work in (
        (ApiOperation("GET", f"{case}/inside", "monitor.view", "Look inside a case", schemas.InsideCaseOut, query=_SOUGHT), look_inside),
        (ApiOperation("GET", f"{case}/status", "case.view", "Get whether a case runs", schemas.StatusOut), status_of_case),
        (ApiOperation("GET", "/monitor/log", "monitor.view", "Get the event log as CSV", HandedFileOut, query=_LOG), log_of_events),
    ):  # fmt: skip
        add_route(api, operation, work)


def look_inside(case_id: int) -> Any:
    """Look."""
    return inside_case(the_desk(), the_actor(), case_id, request.args.get("q", ""))


def status_of_case(case_id: int) -> dict[str, Any]:
    """Get."""
    return {"status": case_status(the_desk(), the_actor(), case_id)}


def log_of_events() -> dict[str, Any]:
    """Hand out."""
    return _handed(event_log(the_desk(), the_actor(), read_named(request.args), read_days(request.args, 365)))


def _handed(events: Iterator[LogEvent]) -> dict[str, Any]:
    return handed("event-log.csv", "text/csv", b"".join(as_csv(events)))
