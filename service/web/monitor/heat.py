"""Pages of the monitor over one diagram: how long things stand where, and the event log of its cases."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.monitoring.event_log import LogEvent, as_csv, event_log, event_log_with_names
from service.casework.queries.monitoring.heat import heat_state, view_heat
from service.casework.queries.monitoring.heat_tasks import list_heat_tasks
from service.casework.queries.monitoring.monitor_diagram import monitor_diagram
from service.domain.errors import Invalid
from service.web.frame.page.frame import crumbs
from service.web.frame.page.shown_diagram import shown_diagram
from service.web.frame.requests.current import language, say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.monitor_query import PERIODS, read_chosen, read_days, read_figure
from service.web.frame.requests.parse_values import cursor

PAGES = Blueprint("heat", __name__)


@PAGES.get("/monitor/heat")
@route_guard("monitor.view")
def heat() -> ResponseReturnValue:
    """Show how many stand where and how long."""
    return _heat_page()


def _heat_page(purpose: str = "", problem: str = "") -> str:
    view = view_heat(the_desk(), the_actor(), read_chosen(request.args), read_days(request.args))
    crumbs((t("监控", "Monitor"), "/monitor"), (t("停留时间", "Time at steps"), None))
    names = the_actor().administers(view.chosen.package.jurisdiction.id)
    return render_template(
        "monitor/heat.html", view=view, periods=PERIODS, names=names, purpose=purpose, problem=problem
    )


@PAGES.get("/monitor/heat.json")
@route_guard("monitor.view")
def heat_json() -> ResponseReturnValue:
    """Return the same for the picture."""
    asked, days = read_chosen(request.args), read_days(request.args)
    return jsonify(elements=heat_state(the_desk(), the_actor(), asked, days, language()))


@PAGES.get("/monitor/heat/tasks")
@route_guard("monitor.view")
def heat_tasks() -> ResponseReturnValue:
    """Show the tasks behind a number."""
    asked, figure = read_chosen(request.args), read_figure(request.args)
    page = list_heat_tasks(the_desk(), the_actor(), asked, figure, cursor(request.args, "before"))
    chosen = page.chosen
    query = {"package": chosen.package.key, "process": chosen.process, "version": chosen.version, "days": figure.days}
    crumbs(
        (t("监控", "Monitor"), "/monitor"),
        (t("停留时间", "Time at steps"), f"/monitor/heat?{urlencode(query)}"),
        (say(page.name), None),
    )
    wanted = {**query, "of": figure.of, "element": figure.element, "first": figure.first}
    return render_template("monitor/heat_tasks.html", page=page, query=wanted)


@PAGES.get("/monitor/version.bpmn")
@route_guard("monitor.view")
def version_diagram() -> ResponseReturnValue:
    """Return the BPMN of a diagram, as the version asked for has it."""
    asked = read_chosen(request.args)
    xml = monitor_diagram(the_desk(), the_actor(), asked.package, asked.process, asked.version)
    return shown_diagram(xml)


@PAGES.get("/monitor/events.csv")
@route_guard("monitor.view")
def events() -> ResponseReturnValue:
    """Hand out the event log, with numbers instead of names."""
    return _handed(event_log(the_desk(), the_actor(), read_chosen(request.args), read_days(request.args)))


@PAGES.post("/monitor/events.csv")
@route_guard("personal.reveal")
def named_events() -> ResponseReturnValue:
    """Hand it out with names, for a purpose that goes on record."""
    purpose = request.form.get("purpose", "")
    asked, days = read_chosen(request.args), read_days(request.args)
    try:
        return _handed(event_log_with_names(the_desk(), the_actor(), asked, days, purpose=purpose))
    except Invalid as refusal:
        return _heat_page(purpose, say(refusal.message)), 422


def _handed(events: Iterator[LogEvent]) -> Response:
    response = Response(as_csv(events), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=event-log.csv"
    return response
