"""Pages of the monitor over one diagram: how long things stand where, and which way cases took, also as event logs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.monitoring.event_log import EventLog, as_csv, as_xes, event_log, event_log_with_names
from service.casework.queries.monitoring.heat import heat_state, view_heat
from service.casework.queries.monitoring.heat_tasks import list_heat_tasks
from service.casework.queries.monitoring.monitor_diagram import monitor_diagram
from service.casework.queries.monitoring.passed_flow import list_passed
from service.casework.queries.monitoring.process_path import path_state, view_path
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
    view = view_heat(the_desk(), the_actor(), read_chosen(request.args), read_days(request.args))
    crumbs((t("监控", "Monitor"), "/monitor"), (t("停留时间", "Time at steps"), None))
    return render_template("monitor/heat.html", view=view, periods=PERIODS)


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


@PAGES.get("/monitor/path")
@route_guard("monitor.view")
def path() -> ResponseReturnValue:
    """Show which way cases took."""
    return _path_page()


def _path_page(purpose: str = "", problem: str = "") -> str:
    view = view_path(the_desk(), the_actor(), read_chosen(request.args), read_days(request.args, 365))
    crumbs((t("监控", "Monitor"), "/monitor"), (t("实际路径", "Path taken"), None))
    names = the_actor().administers(view.chosen.package.jurisdiction.id)
    return render_template(
        "monitor/path.html", view=view, periods=PERIODS, names=names, purpose=purpose, problem=problem
    )


@PAGES.get("/monitor/path.json")
@route_guard("monitor.view")
def path_json() -> ResponseReturnValue:
    """Return the same for the picture."""
    asked, days = read_chosen(request.args), read_days(request.args, 365)
    return jsonify(elements=path_state(the_desk(), the_actor(), asked, days, language()))


@PAGES.get("/monitor/path/cases")
@route_guard("monitor.view")
def path_cases() -> ResponseReturnValue:
    """Show the cases behind the count of a flow."""
    args = request.args
    asked, days = read_chosen(args), read_days(args, 365)
    page = list_passed(the_desk(), the_actor(), asked, args.get("flow", "")[:120], days, cursor(args, "before"))
    chosen = page.chosen
    query = {"package": chosen.package.key, "process": chosen.process, "version": chosen.version, "days": days}
    crumbs(
        (t("监控", "Monitor"), "/monitor"),
        (t("实际路径", "Path taken"), f"/monitor/path?{urlencode(query)}"),
        (t("经过的办件", "Cases that passed"), None),
    )
    return render_template("monitor/path_cases.html", page=page, query={**query, "flow": page.flow})


@PAGES.get("/monitor/events.<any(xes, csv):form>")
@route_guard("monitor.view")
def events(form: str) -> ResponseReturnValue:
    """Hand out the event log, with numbers instead of names."""
    return _handed(event_log(the_desk(), the_actor(), read_chosen(request.args), read_days(request.args, 365)), form)


@PAGES.post("/monitor/events.<any(xes, csv):form>")
@route_guard("personal.reveal")
def named_events(form: str) -> ResponseReturnValue:
    """Hand it out with names, for a purpose that goes on record."""
    purpose = request.form.get("purpose", "")
    asked, days = read_chosen(request.args), read_days(request.args, 365)
    try:
        log = event_log_with_names(the_desk(), the_actor(), asked, days, purpose=purpose)
    except Invalid as refusal:
        return _path_page(purpose, say(refusal.message)), 422
    return _handed(log, form)


_FORMS: dict[str, tuple[Callable[[EventLog], Iterator[bytes]], str]] = {
    "xes": (as_xes, "application/xml"),
    "csv": (as_csv, "text/csv"),
}


def _handed(log: EventLog, form: str) -> Response:
    write, mimetype = _FORMS[form]
    response = Response(write(log), mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=event-log.{form}"
    return response
