"""Pages of the monitor: figures, diagrams with counts, incidents, timers."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.due.confirm_clock import confirm_clock, view_clock_doubt
from service.casework.due.extend_lapsed import extend_lapsed
from service.casework.due.release_epoch import restored_at
from service.casework.queries.monitoring.ending_notices import list_ending_notices
from service.casework.queries.monitoring.list_timers import list_timers
from service.casework.queries.monitoring.monitor import view_monitor
from service.casework.queries.monitoring.monitor_diagram import monitor_diagram, monitor_state
from service.domain.errors import Conflict, Invalid
from service.domain.wording.counted import counted
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.names import award_name, city_name, kind_name
from service.web.frame.page.shown_diagram import shown_diagram
from service.web.frame.requests.current import language, say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import dated_cursor, day, day_asked, day_cursor, row_ids
from service.web.monitor.incidents import retry_and_tell

PAGES = Blueprint("monitor", __name__)
_MAY = {
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
    doubt = view_clock_doubt(the_desk(), the_actor(), dated_cursor(args, "lapsing"))
    restored = restored_at(the_desk(), the_actor())
    may = {name: GUARDS[action].admits(the_actor()) for name, action in _MAY.items()}
    return render_template("monitor/monitor.html", view=view, doubt=doubt, restored=restored, **may)


@PAGES.post("/monitor/clock/<int:hold>")
@route_guard("clock.confirm")
def confirm(hold: int) -> ResponseReturnValue:
    """Confirm that the clock is right: what it held goes on."""
    try:
        confirm_clock(the_desk(), the_actor(), hold, request.form.get("reason", ""))
        flash(t("已确认，到期事项继续办理。", "Confirmed: what is due goes on."))
    except (Invalid, Conflict) as refusal:
        flash(say(refusal.message), "error")
    return redirect("/monitor")


@PAGES.post("/monitor/clock/<int:hold>/extend")
@route_guard("lapse.decide")
def extend(hold: int) -> ResponseReturnValue:
    """Let limits that would lapse once the clock is confirmed run until another day."""
    try:
        reason = request.form.get("reason", "")
        found = extend_lapsed(the_desk(), the_actor(), hold, row_ids("item"), day("last_day"), reason)
        if found.extended or not found.refused:
            said = f"{counted(found.extended, 'limit runs', 'limits run')} on; those concerned are told."
            flash(t(f"已顺延 {found.extended} 个期限，并告知有关人员。", said))
        for one in found.refused:
            flash(f"{one.case_title}{t('：', ': ') if one.case_title else ''}{say(one.why)}", "error")
    except (Invalid, Conflict) as refusal:
        flash(say(refusal.message), "error")
    return redirect("/monitor#clock")


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
