"""API routes of the inside of a case: tokens, timers, variables; its draws; the event log; a doubtful clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, request

from service.casework.due.confirm_clock import confirm_clock, view_clock_doubt
from service.casework.due.extend_lapsed import Extended, extend_lapsed
from service.casework.queries.cases.case_status import case_status
from service.casework.queries.cases.inside_case import inside_case
from service.casework.queries.cases.variables import variable_history
from service.casework.queries.monitoring.event_log import LogEvent, as_csv, event_log, event_log_with_names
from service.casework.queries.people.experts import view_draws
from service.web.api.arguments import Query, instant_place, people_sought, row_place, whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import inside as schemas
from service.web.api.schemas.files import HandedFileOut, handed
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.monitor_query import PERIODS, read_days, read_named
from service.web.frame.requests.parse_values import cursor, dated_cursor, dated_place

_ONWARD = {"after": instant_place("where the page before ended: its ``next``")}
_SOUGHT: Query = {"q": people_sought("only the variables that say these words: in their name, label or any value")}
_BACK = {"after": row_place()}
_LOG: Query = {
    "package": "jurisdiction/award",
    "process": "id of a diagram; the busiest when empty",
    "version": "a published version; all when empty",
    "days": whole("how many days to look back; 365 when left out", 1, PERIODS[-1]),
}


def register(api: Blueprint) -> None:
    """Add the routes."""
    case, doubt = "/cases/<int:case_id>", "/clock/<int:hold>"
    for operation, work in (
        (ApiOperation("GET", f"{case}/inside", "monitor.view", "Look inside a case", schemas.InsideCaseOut, query=_SOUGHT), look_inside),
        (ApiOperation("GET", f"{case}/variables/<name>", "monitor.view", "List what a variable was", schemas.VariableHistoryOut, query=_BACK), old_values),
        (ApiOperation("GET", f"{case}/status", "case.view", "Get whether a case runs", schemas.StatusOut), status_of_case),
        (ApiOperation("GET", f"{case}/draws", "experts.view", "List the draws of a case", schemas.DrawsOut), draws_of_case),
        (ApiOperation("GET", "/monitor/log", "monitor.view", "Get the event log as CSV", HandedFileOut, query=_LOG), log_of_events),
        (ApiOperation("POST", "/monitor/log", "personal.reveal", "Get it with names, on record", HandedFileOut, schemas.PurposeIn, _LOG), named_log_of_events),
        (ApiOperation("GET", "/clock", "monitor.view", "Get what a doubtful clock holds", schemas.ClockDoubtOut, query=_ONWARD), clock_doubt),
        (ApiOperation("POST", f"{doubt}/confirm", "clock.confirm", "Confirm the system's time", None, schemas.ClockConfirmIn), confirm_time),
        (ApiOperation("POST", f"{doubt}/extend", "lapse.decide", "Let limits run on", schemas.ExtendedOut, schemas.ExtendLapsedIn), extend_limits),
    ):  # fmt: skip
        add_route(api, operation, work)


def look_inside(case_id: int) -> Any:
    """Look."""
    return inside_case(the_desk(), the_actor(), case_id, request.args.get("q", ""))


def old_values(case_id: int, name: str) -> Any:
    """Get."""
    return variable_history(the_desk(), the_actor(), case_id, name, cursor(request.args, "after"))


def status_of_case(case_id: int) -> dict[str, Any]:
    """Get."""
    return {"status": case_status(the_desk(), the_actor(), case_id)}


def draws_of_case(case_id: int) -> dict[str, Any]:
    """List."""
    return {"draws": view_draws(the_desk(), the_actor(), case_id)}


def log_of_events() -> dict[str, Any]:
    """Hand out."""
    return _handed(event_log(the_desk(), the_actor(), read_named(request.args), read_days(request.args, 365)))


def named_log_of_events(body: dict[str, Any]) -> dict[str, Any]:
    """Hand out."""
    asked, days = read_named(request.args), read_days(request.args, 365)
    return _handed(event_log_with_names(the_desk(), the_actor(), asked, days, purpose=body["purpose"]))


def _handed(events: Iterator[LogEvent]) -> dict[str, Any]:
    return handed("event-log.csv", "text/csv", b"".join(as_csv(events)))


def clock_doubt() -> dict[str, Any]:
    """Get."""
    found = view_clock_doubt(the_desk(), the_actor(), dated_cursor(request.args, "after"))
    if found is None:
        nothing = {"total": 0, "limits": [], "may_confirm": False, "missed": [], "more_missed": False}
        return {"hold": None, "why": None, "now": None, **nothing, "next": None}
    names = ("why", "now", "total", "limits", "may_confirm", "missed", "more_missed")
    told = {name: getattr(found, name) for name in names}
    return {"hold": found.hold.id, **told, "next": dated_place(found.after)}


def confirm_time(body: dict[str, Any], hold: int) -> None:
    """Confirm."""
    confirm_clock(the_desk(), the_actor(), hold, body["reason"])


def extend_limits(body: dict[str, Any], hold: int) -> Extended:
    """Extend."""
    return extend_lapsed(the_desk(), the_actor(), hold, body["items"], body["last_day"], body["reason"])
