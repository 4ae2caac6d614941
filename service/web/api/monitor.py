"""API routes of the monitor: figures, overview, heat, path and timers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.monitoring.heat import view_heat
from service.casework.queries.monitoring.list_timers import list_timers
from service.casework.queries.monitoring.monitor import view_monitor
from service.casework.queries.monitoring.overview import view_overview
from service.web.api.arguments import Query, calendar_day, instant_place, whole
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import monitor as schemas
from service.web.frame.requests.current import the_actor, the_desk
from service.web.frame.requests.monitor_query import PERIODS, read_days, read_named
from service.web.frame.requests.parse_values import dated_cursor, dated_place, day_asked

_PLACE: Query = {"jurisdiction": "one place; all that are overseen when empty"}
_DIAGRAM: Query = {
    "package": "jurisdiction/award",
    "process": "id of a diagram; the busiest when empty",
    "version": "a published version; all when empty",
    "days": whole("how many days to look back; 90 when left out", 1, PERIODS[-1]),
}


def register(api: Blueprint) -> None:
    """Add the routes."""
    one: Query = {**_PLACE, "package": "jurisdiction/award whose steps are counted"}
    timer_query: Query = {
        **_PLACE,
        "award": "one award",
        "process": "one kind of case",
        "day": calendar_day("the day with which the limits end"),
        "after": instant_place(),
    }
    for path, summary, out, query, work in (
        ("/monitor", "Key figures, and what waits at each step", schemas.MonitorOut, one, monitor_figures),
        ("/monitor/overview", "Sums by place and kind of case", schemas.OverviewOut, _PLACE, monitor_overview),
        ("/monitor/heat", "How many stand where, and how long", schemas.HeatOut, _DIAGRAM, monitor_heat),
        ("/monitor/timers", "Timers that run, soonest first", schemas.TimerPageOut, timer_query, monitor_timers),
    ):
        add_route(api, ApiOperation("GET", path, "monitor.view", summary, out, query=query), work)


def monitor_figures() -> Any:
    """Figures and steps."""
    args = request.args
    return view_monitor(the_desk(), the_actor(), args.get("jurisdiction", "")[:60], args.get("package", "")[:130])


def monitor_overview() -> Any:
    """Sums."""
    return view_overview(the_desk(), the_actor(), request.args.get("jurisdiction", "")[:60])


def monitor_heat() -> Any:
    """Heat of a diagram."""
    return view_heat(the_desk(), the_actor(), read_named(request.args), read_days(request.args))


def monitor_timers() -> dict[str, Any]:
    """A page of timers."""
    args = request.args
    place, kind = args.get("jurisdiction", "")[:60], args.get("process", "")[:60]
    after, award, on = dated_cursor(args, "after"), args.get("award", "")[:60], day_asked(args, "day")
    page = list_timers(the_desk(), the_actor(), place, after, kind, award, on)
    return {"timers": page.lines, "total": page.total, "next": dated_place(page.after)}
