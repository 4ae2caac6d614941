"""Sittings and their minutes, appointments of a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.queries.ballots.sittings import list_sittings, minutes_of_sitting, view_sitting
from service.casework.queries.own_place.next_up import coming_sittings
from service.casework.queries.people.experts import list_declared_ties
from service.casework.review.appointments import DoubleBooked, when
from service.casework.review.keep_appointments import (
    appointments_as_calendar,
    booking_of,
    cancel_appointment,
    list_appointments,
    move_appointment,
)
from service.casework.review.sittings import (
    MOST_PAPERS,
    MOST_POINTS,
    MOST_WORDS,
    CalledAlready,
    attend_sitting,
    call_sitting,
    close_sitting,
    lay_papers,
    write_minutes,
)
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.page.files import hand_out
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about_package
from service.web.frame.page.parts import next_up_unless
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import offer_file, route_guard
from service.web.frame.requests.parse_values import instant, read_form_number, row_id_or_none, row_ids
from service.web.frame.requests.refusals import status_of

PAGES = Blueprint("sittings", __name__)


@PAGES.get("/cases/<int:case_id>/sittings")
@route_guard("sitting.view")
def of_case(case_id: int) -> ResponseReturnValue:
    """List the sittings about a case, and call one."""
    return _render_list(case_id)


@PAGES.post("/cases/<int:case_id>/sittings")
@route_guard("sitting.call")
def call(case_id: int) -> ResponseReturnValue:
    """Call a sitting."""
    form = request.form
    try:
        made = call_sitting(
            the_desk(),
            the_actor(),
            case_id,
            form.get("role", ""),
            form.get("title", ""),
            form.get("room", ""),
            instant("starts_at"),
            form.get("agenda", "").splitlines(),
            beside="beside" in form,
            people=row_ids("person"),
        )
    except Invalid as refusal:
        return _render_list(case_id, say(refusal.message), asked=isinstance(refusal, CalledAlready))
    flash(t("已召集，成员会收到消息。", "Called; its members get a message."))
    return redirect(f"/sittings/{made}", 303)


def _export_minutes(_format: str, sitting_id: int) -> Response:
    return hand_out(minutes_of_sitting(the_desk(), the_actor(), sitting_id))


@PAGES.get("/sittings/<int:sitting_id>")
@route_guard("sitting.view")
@offer_file("sitting.minutes", _export_minutes, "docx")
def one(sitting_id: int) -> ResponseReturnValue:
    """Show a sitting."""
    return _render_page(sitting_id)


@PAGES.post("/sittings/<int:sitting_id>/attend")
@route_guard("sitting.attend")
def sign_in(sitting_id: int) -> ResponseReturnValue:
    """Sign in or excuse oneself, or note it of somebody."""
    excused = request.form.get("do") == "excuse"
    attend_sitting(the_desk(), the_actor(), sitting_id, row_id_or_none(request.form, "person"), excused=excused)
    flash(t("已记请假。", "Noted as excused.") if excused else t("签到成功。", "Signed in."))
    return redirect(f"/sittings/{sitting_id}", 303)


@PAGES.post("/sittings/<int:sitting_id>/minutes")
@route_guard("sitting.call")
def write(sitting_id: int) -> ResponseReturnValue:
    """Keep what was said; close the sitting, or call it off."""
    do, version = request.form.get("do", ""), read_form_number("version")
    words, uncounted = request.form.get("words", ""), "uncounted" in request.form
    try:
        if do == "cancel":
            close_sitting(the_desk(), the_actor(), sitting_id, version, cancelled=True, uncounted=uncounted)
        else:
            write_minutes(the_desk(), the_actor(), sitting_id, version, words)
        if do == "close":
            close_sitting(the_desk(), the_actor(), sitting_id, version + 1, uncounted=uncounted)
    except Invalid as refusal:
        return _render_page(sitting_id, say(refusal.message))
    flash(
        {"cancel": t("会议已取消。", "Called off."), "close": t("会议已结束。", "Closed.")}.get(
            do, t("已保存。", "Saved.")
        )
    )
    return redirect(f"/sittings/{sitting_id}", 303)


@PAGES.post("/sittings/<int:sitting_id>/papers")
@route_guard("sitting.call")
def lay(sitting_id: int) -> ResponseReturnValue:
    """Lay the ticked documents before the sitting."""
    chosen = row_ids("paper")
    try:
        lay_papers(the_desk(), the_actor(), sitting_id, read_form_number("version"), chosen)
    except Invalid as refusal:
        return _render_page(sitting_id, say(refusal.message), chosen)
    flash(t("会议材料已保存，名单上的成员可以查阅。", "Kept: who is called may read these papers."))
    return redirect(f"/sittings/{sitting_id}", 303)


def _render_list(case_id: int, problem: str = "", *, asked: bool = False) -> Response:
    view = list_sittings(the_desk(), the_actor(), case_id)
    about_package(view.package)
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (view.title, f"/cases/{case_id}"), (t("会议", "Sittings"), None))
    page = render_template("review/sittings.html", view=view, problem=problem, asked=asked, most=MOST_POINTS)
    return make_response(page, 422 if problem else 200)


def _render_page(sitting_id: int, problem: str = "", ticked: Sequence[int] | None = None) -> Response:
    """Show a sitting; with ``ticked`` the problem is about these papers."""
    view = view_sitting(the_desk(), the_actor(), sitting_id)
    about_package(view.package)
    above = (view.case_title, f"/cases/{view.row.case_id}") if view.watched else (t("待办", "Tasks"), "/tasks")
    set_breadcrumbs(above, (view.row.title, None))
    context = {"problem": problem, "ticked": ticked, "most": MOST_WORDS, "most_papers": MOST_PAPERS}
    page = render_template("review/sitting.html", view=view, row=view.row, **context)
    return make_response(page, 422 if problem else 200)


@PAGES.get("/appointments")
@route_guard("review.view")
def appointments() -> ResponseReturnValue:
    """List coming defences and visits."""
    return _render_appointments()


@PAGES.get("/appointments.ics")
@route_guard("review.view")
def calendar() -> ResponseReturnValue:
    """Hand out the reader's appointments as a calendar file."""
    return _build_calendar(appointments_as_calendar(the_desk(), the_actor(), request.host))


@PAGES.get("/cases/<int:case_id>/appointments.ics")
@route_guard("review.view")
def case_calendar(case_id: int) -> ResponseReturnValue:
    """Hand out the appointments of a case as a calendar file."""
    return _build_calendar(appointments_as_calendar(the_desk(), the_actor(), request.host, case_id))


@PAGES.post("/appointments/<int:appointment_id>")
@route_guard("review.manage")
def move(appointment_id: int) -> ResponseReturnValue:
    """Move an appointment, or cancel it."""
    typed = request.form
    try:
        if typed.get("act") == "cancel":
            cancel_appointment(the_desk(), the_actor(), appointment_id, typed.get("reason", ""))
            flash(t("已取消并通知各方。", "Cancelled; everybody is told."))
        else:
            starts = instant("starts")
            booking = booking_of(
                typed.get("stage", ""),
                typed.get("room", ""),
                starts,
                read_form_number("minutes", Text("时长（分钟）", "Minutes")),
                typed.get("note", ""),
            )
            move_appointment(the_desk(), the_actor(), appointment_id, booking)
            flash(t("已改期并通知各方。", "Moved; everybody is told."))
    except (DoubleBooked, Invalid, Conflict) as refusal:
        return _render_appointments(say(refusal.message), status_of(refusal))
    return redirect("/appointments")


def _render_appointments(problem: str = "", status_code: int = 200) -> Response:
    set_breadcrumbs((t("会议与评审安排", "Meetings and appointments"), None))
    lines = list_appointments(the_desk(), the_actor())
    manages = GUARDS["review.manage"].admits(the_actor())
    sittings = coming_sittings(the_desk(), the_actor()) if GUARDS["sitting.view"].admits(the_actor()) else ()
    page = render_template(
        "review/appointments.html",
        lines=lines,
        sittings=sittings,
        ties=list_declared_ties(the_desk(), the_actor()),
        problem=problem,
        manages=manages,
        when=when,
        local=_format_local,
        next_up_view=next_up_unless(lines or sittings),
    )
    return make_response(page, status_code)


def _build_calendar(text: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="laurel.ics"'
    return answer


def _format_local(instant: datetime) -> str:
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"
