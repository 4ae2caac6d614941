"""Pages of the years of the working calendar that were typed in the program: taken in by a second person, withdrawn."""

from __future__ import annotations

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.studio.parameters.calendar_years import (
    PROPOSED,
    decide_year,
    foresee_year,
    list_years,
    view_year,
    withdraw_year,
)
from service.domain.values.typed_numbers import whole_number
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import guarded_page, studio_pages
from service.web.studio.parameters.calendar import year_file_answer

PAGES = studio_pages("studio_years", "/studio/calendar")


@PAGES.get("")
@route_guard("draft.view")
def index() -> ResponseReturnValue:
    """Show every year; ?count= is the proposed one of which it is counted what would move."""
    return _render_page(count=request.args.get("count", 0, type=int))


@PAGES.get("/<int:ident>.yaml")
@route_guard("draft.view")
def file(ident: int) -> ResponseReturnValue:
    """Send the file of a year."""
    row = view_year(the_desk(), the_actor(), ident)
    return year_file_answer(row.content, row.year)


@PAGES.post("")
@route_guard("calendar.decide")
def decide() -> ResponseReturnValue:
    """Take a proposed year in, return it, or withdraw one that was taken in."""
    act, reason = request.form.get("do", ""), request.form.get("reason", "")
    desk, actor, ident = the_desk(), the_actor(), whole_number(request.form.get("year", "")) or 0

    def decide_and_return() -> ResponseReturnValue:
        if act == "withdraw":
            withdraw_year(desk, actor, ident, reason)
            flash(t("已撤回。", "Withdrawn."))
        elif act == "approve":
            decide_year(desk, actor, ident, True, reason)
            flash(t("已载入，今后的计算都按它。", "Taken in: everything counts by it from now on."))
        else:
            decide_year(desk, actor, ident, False, reason)
            flash(t("已退回。", "Returned."))
        return redirect("/studio/calendar")

    return guarded_page(decide_and_return, _render_page)


def _render_page(problem: str = "", count: int = 0) -> str:
    set_breadcrumbs((t("设计", "Studio"), "/studio"), (t("日历年份", "Years of the calendar"), None))
    desk, actor = the_desk(), the_actor()
    years = list_years(desk, actor)
    counted = [line.row.id for line in years if line.row.state == PROPOSED and line.row.id == count]
    moved = {ident: foresee_year(desk, actor, ident) for ident in counted}
    layers = desk.calendars
    page = {"years": years, "moved": moved, "layers": layers, "problem": problem}
    may_correct = GUARDS["calendar.foresee"].admits(actor)
    return render_template("studio/calendar_years.html", may_correct=may_correct, **page)
