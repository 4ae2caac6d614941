"""Pages of appointments for defences and visits: the list, calendar files, moving and cancelling."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.queries.own_place.coming_sittings import coming_sittings
from service.casework.queries.people.declared_ties import list_declared_ties
from service.casework.review.appointments import DoubleBooked, when
from service.casework.review.keep_appointments import (
    appointments_as_calendar,
    booking_of,
    cancel_appointment,
    list_appointments,
    move_appointment,
)
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.next_up import next_up_unless
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import instant, number

PAGES = Blueprint("appointments", __name__)


@PAGES.get("/appointments")
@route_guard("review.view")
def appointments() -> ResponseReturnValue:
    """List coming defences and visits."""
    return _appointments()


@PAGES.get("/appointments.ics")
@route_guard("review.view")
def calendar() -> ResponseReturnValue:
    """Hand out the reader's appointments as a calendar file."""
    return _calendar(appointments_as_calendar(the_desk(), the_actor(), request.host))


@PAGES.get("/cases/<int:case_id>/appointments.ics")
@route_guard("review.view")
def case_calendar(case_id: int) -> ResponseReturnValue:
    """Hand out the appointments of a case as a calendar file."""
    return _calendar(appointments_as_calendar(the_desk(), the_actor(), request.host, case_id))


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
            starts = instant(typed.get("starts", ""))
            booking = booking_of(
                typed.get("stage", ""),
                typed.get("room", ""),
                starts,
                number("minutes", Text("时长（分钟）", "Minutes")),
                typed.get("note", ""),
            )
            move_appointment(the_desk(), the_actor(), appointment_id, booking)
            flash(t("已改期并通知各方。", "Moved; everybody is told."))
    except (DoubleBooked, Invalid, Conflict) as refusal:
        return _appointments(say(refusal.message), status_of(refusal))
    return redirect("/appointments")


def _appointments(problem: str = "", status_code: int = 200) -> Response:
    crumbs((t("评审安排", "Appointments"), None))
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
        local=_local,
        next_up_view=next_up_unless(lines or sittings),
    )
    return make_response(page, status_code)


def _calendar(text: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="laurel.ics"'
    return answer


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"
