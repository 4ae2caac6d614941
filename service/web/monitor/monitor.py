"""Pages of the monitor: figures, diagrams with counts, incidents, timers."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.due.hold import find_hold
from service.casework.queries.monitoring.ending_notices import list_ending_notices
from service.casework.queries.monitoring.list_timers import list_timers
from service.casework.queries.monitoring.monitor import view_monitor
from service.casework.queries.monitoring.monitor_diagram import monitor_diagram, monitor_state
from service.web.frame.page.frame import crumbs
from service.web.frame.page.names import award_name, city_name, kind_name
from service.web.frame.page.shown_diagram import shown_diagram
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import dated_cursor, day_asked, day_cursor
from service.web.monitor.incidents import retry_and_tell

PAGES = Blueprint("monitor", __name__)
_MAY = {
    "resumes": "hold.resume",
    "watches": "health.view",
    "archives": "archive.make",
    "retention": "retention.view",
    "batches": "case.intervene",
}


@PAGES.get("/monitor")
@route_guard("monitor.view")
def monitor() -> ResponseReturnValue:
    """Show the figures, the diagram with counts, incidents."""
    args = request.args
    view = view_monitor(
        the_desk(), the_actor(), args.get("jurisdiction", ""), args.get("package", ""), args.get("process", "")
    )
    crumbs((t("监控", "Monitor"), None))
    hold = find_hold(the_desk(), the_actor())
    may = {name: GUARDS[action].admits(the_actor()) for name, action in _MAY.items()}
    return render_template("monitor/monitor.html", view=view, hold=hold, **may)


@PAGES.get("/monitor/timers")
@route_guard("monitor.view")
def timers() -> ResponseReturnValue:
    """Show what waits for time, and until when."""
    crumbs((t("监控", "Monitor"), "/monitor"), (t("期限", "Timers"), None))
    args = request.args
    place, kind = args.get("jurisdiction", "")[:60], args.get("process", "")[:60]
    after, award, on = dated_cursor(args, "after"), args.get("award", "")[:60], day_asked(args, "day")
    page = list_timers(the_desk(), the_actor(), place, after, kind, award, on)
    return render_template(
        "monitor/timers.html", page=page, args=args, kind_name=kind_name, award_name=award_name, place=place
    )


@PAGES.get("/monitor/notices")
@route_guard("monitor.view")
def notices() -> ResponseReturnValue:
    """Show the public notices that end this week."""
    crumbs((t("监控", "Monitor"), "/monitor"), (t("本周届满公示", "Notices ending this week"), None))
    place, after = request.args.get("jurisdiction", ""), day_cursor(request.args, "after")
    page = list_ending_notices(the_desk(), the_actor(), place, after)
    return render_template("monitor/notices.html", page=page, rows=page.rows, place=place, city_name=city_name)


@PAGES.get("/monitor/diagram.bpmn")
@route_guard("monitor.view")
def diagram() -> ResponseReturnValue:
    """Return the BPMN of a diagram."""
    xml = monitor_diagram(the_desk(), the_actor(), request.args.get("package", ""), request.args.get("process", ""))
    return shown_diagram(xml)


@PAGES.get("/monitor/diagram.json")
@route_guard("monitor.view")
def state() -> ResponseReturnValue:
    """Return how much waits where on that diagram."""
    args = request.args
    elements = monitor_state(the_desk(), the_actor(), args.get("package", ""), args.get("process", ""), language())
    return jsonify(elements=elements)


@PAGES.post("/monitor/incidents/<int:incident_id>/retry")
@route_guard("incident.retry")
def retry(incident_id: int) -> ResponseReturnValue:
    """Try again what failed."""
    retry_and_tell(incident_id)
    return redirect("/monitor#incidents")
