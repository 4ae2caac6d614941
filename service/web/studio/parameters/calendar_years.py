"""Pages of the years of the working calendar that were typed in the program: taken in by a second person, withdrawn."""

from __future__ import annotations

from collections.abc import Callable

from flask import make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.studio.parameters.calendar_years import PROPOSED, list_years, view_year
from service.casework.studio.parameters.decide_year import decide_year
from service.casework.studio.parameters.study_calendar import count_year, foresee_year
from service.casework.studio.parameters.withdraw_year import withdraw_year
from service.domain.errors import LaurelError
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_pages
from service.web.studio.parameters.calendar import year_file_answer

PAGES = studio_pages("studio_years", "/studio/calendar")


@PAGES.get("")
@route_guard("draft.view")
def index() -> ResponseReturnValue:
    """Show every year; ?count= is the proposed one of which it is counted what would move."""
    return _page(count=request.args.get("count", 0, type=int))


@PAGES.get("/<int:ident>.yaml")
@route_guard("draft.view")
def file(ident: int) -> ResponseReturnValue:
    """Send the file of a year."""
    row = view_year(the_desk(), the_actor(), ident)
    return year_file_answer(row.content, row.year)


@PAGES.post("/<int:ident>/decide")
@route_guard("calendar.decide")
def decide(ident: int) -> ResponseReturnValue:
    """Take a proposed year in, or return it."""
    approved, reason = request.form.get("act") == "approve", request.form.get("reason", "")
    said = (
        t("已载入，今后的计算都按它。", "Taken in: everything counts by it from now on.")
        if approved
        else t("已退回。", "Returned.")
    )
    return _do(lambda: decide_year(the_desk(), the_actor(), ident, approved, reason), said)


@PAGES.post("/<int:ident>/withdraw")
@route_guard("calendar.decide")
def withdraw(ident: int) -> ResponseReturnValue:
    """Withdraw a year."""
    reason = request.form.get("reason", "")
    return _do(lambda: withdraw_year(the_desk(), the_actor(), ident, reason), t("已撤回。", "Withdrawn."))


def _do(work: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        work()
    except LaurelError as error:
        return make_response(_page(say(error.message)), status_of(error))
    flash(said)
    return redirect("/studio/calendar")


def _page(problem: str = "", count: int = 0) -> str:
    crumbs((t("设计", "Studio"), "/studio"), (t("日历年份", "Years of the calendar"), None))
    desk, actor = the_desk(), the_actor()
    years = list_years(desk, actor)
    counted = [line.row.id for line in years if line.row.state == PROPOSED and line.row.id == count]
    moved = {ident: foresee_year(desk, actor, ident) for ident in counted}
    counts = {ident: count_year(desk, actor, ident) for ident in counted}
    layers = desk.calendars
    page = {"years": years, "moved": moved, "counts": counts, "layers": layers, "problem": problem}
    may_correct = GUARDS["calendar.foresee"].admits(actor)
    return render_template("studio/calendar_years.html", may_correct=may_correct, **page)
