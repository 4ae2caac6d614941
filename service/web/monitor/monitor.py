"""Running work as administrators watch it: overview, timers, diagrams, heat, acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BuildError

from service.casework.access.book.kinds import ActKind
from service.casework.access.guards import GUARDS
from service.casework.due.hold import find_hold
from service.casework.lists import Table
from service.casework.queries.monitoring.event_log import as_csv, event_log
from service.casework.queries.monitoring.heat import mark_elements, view_heat
from service.casework.queries.monitoring.list_timers import TIMERS, list_timers
from service.casework.queries.monitoring.monitor import monitor_diagram, view_monitor
from service.casework.queries.monitoring.overview import OVERVIEW, export_overview, list_ending_notices, view_overview
from service.casework.queries.people.ratings import list_ratings
from service.casework.queries.proof.book import (
    BOOK,
    LOG,
    OUTCOMES,
    BookQuery,
    export_book,
    export_log,
    read_book,
    read_log,
)
from service.casework.queries.proof.case_acts import FOUND, find_cases, read_case_acts
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store.models import ActRow
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.page.list_page import address_of, offer_table, show_list
from service.web.frame.page.names import award_name, kind_name, translate_name
from service.web.frame.page.parts import answer_diagram, offer_score_books
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.list_query import PERIODS, read_chosen, read_days
from service.web.frame.requests.parse_values import (
    dated_cursor,
    dated_place,
    day_cursor,
    find_query_cursor,
    find_query_day,
    row_id_or_none,
)

PAGES = Blueprint("monitor", __name__)


@PAGES.get("/monitor")
@route_guard("monitor.view")
def monitor() -> ResponseReturnValue:
    """Show what went wrong, what is late or due, and how many stand where."""
    args = request.args
    view = view_monitor(the_desk(), the_actor(), args.get("jurisdiction", ""), args.get("package", ""))
    set_breadcrumbs((t("监控", "Monitor"), None))
    hold = find_hold(the_desk(), the_actor())
    return render_template("monitor/monitor.html", view=view, hold=hold)


@PAGES.get("/monitor/timers")
@route_guard("monitor.view")
def timers() -> ResponseReturnValue:
    """Show what waits for time, and until when."""
    set_breadcrumbs((t("监控", "Monitor"), "/monitor"), (t("期限", "Timers"), None))
    args = request.args
    place, kind = args.get("jurisdiction", "")[:60], args.get("process", "")[:60]
    after, award, on = dated_cursor(args, "after"), args.get("award", "")[:60], find_query_day(args, "day")
    timer_page = list_timers(the_desk(), the_actor(), place, after, kind, award, on)
    filters = {name: args.get(name, "") for name in ("jurisdiction", "award", "process", "day")}
    names = {"kind_name": kind_name, "award_name": award_name, "place": place}
    return render_template(
        "monitor/timers.html", found=timer_page, args=args, **names, **show_list(TIMERS, filters, timer_page.page)
    )


def _show_overview(args: Mapping[str, str]) -> dict[str, Any]:
    place = _read_place(args)
    filters = {"jurisdiction": place, "format": "xlsx"}
    return {"view": view_overview(the_desk(), the_actor(), place), "export_url": address_of(OVERVIEW, filters)}


def _read_place(args: Mapping[str, str]) -> str:
    return args.get("jurisdiction", "")[:60]


def _show_heat(args: Mapping[str, str]) -> dict[str, Any]:
    view = view_heat(the_desk(), the_actor(), read_chosen(args), read_days(args))
    return {"view": view, "state": {"elements": mark_elements(view, language())}, "periods": PERIODS}


def _show_notices(args: Mapping[str, str]) -> dict[str, Any]:
    place = args.get("jurisdiction", "")
    page = list_ending_notices(the_desk(), the_actor(), place, day_cursor(args, "after"))
    return {"page": page, "place": place}


def _show_ratings(args: Mapping[str, str]) -> dict[str, Any]:
    view = list_ratings(the_desk(), the_actor(), day_cursor(args, "after"), dated_cursor(args, "before"))
    after = f"{view.after[0].isoformat()}_{view.after[1]}" if view.after else None
    return {"view": view, "after": after, "before": dated_place(view.before)}


_PARTS = {
    "overview": ("monitor.view", Text("总览", "Overview"), _show_overview),
    "heat": ("monitor.view", Text("停留时间", "Time at steps"), _show_heat),
    "notices": ("monitor.view", Text("本周届满公示", "Notices ending this week"), _show_notices),
    "ratings": ("rating.view", Text("好差评", "Ratings"), _show_ratings),
}
"""Parts of the report by their name in the address: who may see one, its title, what it shows."""


@PAGES.get("/monitor/report")
@route_guard("monitor.view")
@offer_table(
    "monitor.view", lambda: export_overview(the_desk(), the_actor(), _read_place(request.args), translate_name)
)
def report() -> ResponseReturnValue:
    """Show the part of the report that ``?part=`` names, the first where it names none."""
    part_name = request.args.get("part", "")
    part = part_name if part_name in _PARTS else next(iter(_PARTS))
    set_breadcrumbs((t("报表", "Reports"), None))
    parts = {name: label for name, (action, label, _) in _PARTS.items() if GUARDS[action].admits(the_actor())}
    return render_template("monitor/report.html", part=part, parts=parts, **_PARTS[part][2](request.args))


@PAGES.get("/book")
@route_guard("book.read")
@offer_table("book.export", lambda: _export_book())
def book() -> ResponseReturnValue:
    """Show who did what, newest first."""
    set_breadcrumbs((t("操作日志", "Book of acts"), None))
    args = request.args
    query = _read_book_query()
    page = read_book(the_desk(), the_actor(), query, find_query_cursor(args, "before"), _find_address)
    filters = {name: args[name] for name in BOOK.conditions if args.get(name)} | {"outcome": query.outcome}
    return render_template(
        "monitor/book.html",
        kinds=list(ActKind),
        kind_name=next((kind.value for kind in ActKind if kind.chain == query.kind), None),
        outcomes=OUTCOMES,
        asked=filters,
        shown=query,
        **show_list(BOOK, filters, page),
    )


def _export_book() -> Table:
    return export_book(the_desk(), the_actor(), _read_book_query(), translate_name, _find_address)


def _find_address(row: ActRow) -> str:
    """Return the address at which somebody was turned away, "" where the book does not say it."""
    endpoint = str(row.data.get("use_case") or "")
    try:
        return url_for(endpoint, **row.data.get("asked", {})) if "." in endpoint else ""
    except BuildError:  # an address of a former version, or one that names more than the book keeps
        return ""


@PAGES.get("/book/cases")
@route_guard("book.read")
def book_cases() -> ResponseReturnValue:
    """Find a case by name or number, to read who did what on it."""
    set_breadcrumbs((t("操作日志", "Book of acts"), "/book"), (t("办件操作记录", "Acts on cases"), None))
    asked = request.args.get("q", "")[:100]
    cases = find_cases(the_desk(), the_actor(), asked)
    return render_template(
        "monitor/case_acts.html", view=None, asked=asked, cases=cases, most=FOUND, kind_name=kind_name
    )


@PAGES.get("/book/cases/<int:case_id>")
@route_guard("book.read")
def book_case(case_id: int) -> ResponseReturnValue:
    """Show who did what on one case, without what was written."""
    view = read_case_acts(the_desk(), the_actor(), case_id, _find_address)
    above = t("办件操作记录", "Acts on cases")
    set_breadcrumbs((t("操作日志", "Book of acts"), "/book"), (above, "/book/cases"), (view.case.title, None))
    return render_template("monitor/case_acts.html", view=view)


def _read_book_query() -> BookQuery:
    text, since, until = _read_log_query()
    args = request.args
    return BookQuery(
        args.get("kind", ""),
        text,
        since,
        until,
        by_people=args.get("program") != "1",
        outcome=args["outcome"] if args.get("outcome") in OUTCOMES else "",
        own_reading=args.get("own") == "1",
        case_id=row_id_or_none(args, "case"),
    )


def _read_log_query() -> tuple[str, date | None, date | None]:
    args = request.args
    return args.get("q", "")[:100], find_query_day(args, "since"), find_query_day(args, "until")


@PAGES.get("/log")
@route_guard("monitor.view")
@offer_table("case.export", lambda: export_log(the_desk(), the_actor(), *_read_log_query(), translate_name))
def log() -> ResponseReturnValue:
    """Show what happened in cases, newest first."""
    set_breadcrumbs((t("办理日志", "Log of cases"), None))
    args = request.args
    text, since, until = _read_log_query()
    page = read_log(the_desk(), the_actor(), text, find_query_cursor(args, "before"), since, until)
    asked = {"q": text} | {name: day.isoformat() for name, day in (("since", since), ("until", until)) if day}
    days = [(day, list(entries)) for day, entries in groupby(page.lines, lambda entry: local_date(entry.event.at))]
    return render_template(
        "monitor/log.html",
        asked=asked,
        since=since,
        until=until,
        days=days,
        score_books=offer_score_books(),
        **show_list(LOG, asked, page),
    )


@PAGES.get("/monitor/version.bpmn")
@route_guard("monitor.view")
def version_diagram() -> ResponseReturnValue:
    """Return the BPMN of a diagram, as the version asked for has it."""
    selection = read_chosen(request.args)
    xml = monitor_diagram(the_desk(), the_actor(), selection.package, selection.process, selection.version)
    return answer_diagram(xml)


@PAGES.get("/monitor/events.csv")
@route_guard("monitor.view")
def events() -> ResponseReturnValue:
    """Hand out the event log, with numbers instead of names."""
    export = event_log(the_desk(), the_actor(), read_chosen(request.args), read_days(request.args))
    response = Response(as_csv(export), mimetype="text/csv")
    response.headers["Content-Disposition"] = "attachment; filename=event-log.csv"
    return response
