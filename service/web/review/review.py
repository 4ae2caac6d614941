"""Expert review: the register, draws, panels, dossiers, appointments."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.queries.experts import list_experts, view_draws, view_expert
from service.casework.reading.dossier import Dossier, view_dossier
from service.casework.review.appointments import DoubleBooked, when
from service.casework.review.expert_register import (
    NewExpert,
    add_expert,
    change_expert,
    lift_recusal,
    note_interest,
    set_expert_status,
    train_expert,
)
from service.casework.review.keep_appointments import (
    appointments_as_calendar,
    booking_of,
    cancel_appointment,
    list_appointments,
    move_appointment,
)
from service.casework.review.replace_member import replace_member
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid
from service.domain.review import shown
from service.domain.text import Text
from service.web.frame.current import say, t, the_actor, the_desk
from service.web.frame.failure_status import status_of
from service.web.frame.frame import crumbs, flash
from service.web.frame.guarding import route_guard
from service.web.frame.heading import about, about_packages
from service.web.frame.typed import day, day_or_none, instant, number, words

PAGES = Blueprint("review", __name__)

_STAGES = {
    "material_review": Text("材料评审", "Document review"),
    "defence": Text("陈述答辩", "Oral defence"),
    "on_site_review": Text("现场评审", "Site visit"),
}
"""Stages as most regulations name them; where a city's diagrams have a step of that id, its name goes before."""


@PAGES.get("/experts")
@route_guard("experts.view")
def experts() -> ResponseReturnValue:
    """List the register of experts."""
    crumbs((t("评审专家", "Experts"), None))
    return _list({})


@PAGES.post("/experts")
@route_guard("experts.manage")
def add() -> ResponseReturnValue:
    """Put somebody on the register."""
    crumbs((t("评审专家", "Experts"), None))
    try:
        ident = add_expert(the_desk(), the_actor(), _typed_expert())
    except (Invalid, Conflict) as refusal:
        return _list(dict(request.form), say(refusal.message), status_of(refusal))
    flash(t("已入库，可在“人员”页面为其设置密码。", "On the register; set a password on the page People."))
    return redirect(f"/experts/{ident}")


@PAGES.get("/experts/<int:expert_id>")
@route_guard("experts.view")
def expert(expert_id: int) -> ResponseReturnValue:
    """Show an expert with everything on record."""
    return _expert(expert_id)


@PAGES.post("/experts/<int:expert_id>")
@route_guard("experts.manage")
def change(expert_id: int) -> ResponseReturnValue:
    """Bring an entry up to date."""
    return _done(
        expert_id,
        lambda: change_expert(the_desk(), the_actor(), expert_id, number("version"), _typed_expert()),
        t("已保存，修改前的内容留存在记录中。", "Saved; what was there before stays on record."),
    )


@PAGES.post("/experts/<int:expert_id>/trainings")
@route_guard("experts.manage")
def train(expert_id: int) -> ResponseReturnValue:
    """Record a training."""
    typed = request.form

    def act() -> None:
        hours = number("hours") if typed.get("hours") else None
        held = day("held_on")
        train_expert(
            the_desk(), the_actor(), expert_id, typed.get("title", ""), held, hours, day_or_none("valid_until")
        )

    return _done(expert_id, act, t("培训已登记。", "The training is recorded."))


@PAGES.post("/experts/<int:expert_id>/status")
@route_guard("experts.manage")
def status(expert_id: int) -> ResponseReturnValue:
    """Suspend, disqualify or restore an expert."""
    typed = request.form
    return _done(
        expert_id,
        lambda: set_expert_status(
            the_desk(),
            the_actor(),
            expert_id,
            number("version"),
            typed.get("status", ""),
            typed.get("reason", ""),
            day_or_none("until"),
            typed.get("scores", "drop"),
        ),
        t("资格状态已变更并留存记录。", "The status is changed and on record."),
    )


@PAGES.post("/experts/<int:expert_id>/interests")
@route_guard("experts.manage")
def interest(expert_id: int) -> ResponseReturnValue:
    """Put a tie to an organisation on record."""
    typed = request.form
    return _done(
        expert_id,
        lambda: note_interest(
            the_desk(),
            the_actor(),
            expert_id,
            number("body"),
            typed.get("kind", ""),
            typed.get("text", ""),
            day_or_none("last_day"),
        ),
        t("利害关系已登记，抽取时自动比对。", "On record; draws match it from now on."),
    )


@PAGES.post("/experts/<int:expert_id>/recusals/<int:recusal_id>/lift")
@route_guard("experts.manage")
def lift(expert_id: int, recusal_id: int) -> ResponseReturnValue:
    """End a recusal with a reason."""
    reason = request.form.get("reason", "")
    return _done(
        expert_id, lambda: lift_recusal(the_desk(), the_actor(), recusal_id, reason), t("回避已解除。", "Lifted.")
    )


@PAGES.get("/cases/<int:case_id>/draws")
@route_guard("experts.view")
def draws(case_id: int) -> ResponseReturnValue:
    """Show the draws of a case, computed again from their records."""
    found = view_draws(the_desk(), the_actor(), case_id)
    of_case = found[0].case_title if found else t("办件", "Case")
    crumbs((t("办件", "Cases"), "/cases"), (of_case, f"/cases/{case_id}"), (t("抽取记录", "Draws"), None))
    return render_template("review/draws.html", draws=found, case_id=case_id)


@PAGES.get("/cases/<int:case_id>/dossier")
@route_guard("review.view")
def dossier(case_id: int) -> ResponseReturnValue:
    """Show the dossier of an application, to read and to print."""
    return _dossier(case_id, view_dossier(the_desk(), the_actor(), case_id))


@PAGES.get("/cases/<int:case_id>/panel")
@route_guard("review.manage")
def panel(case_id: int) -> ResponseReturnValue:
    """Show the panels of a case, to replace a member."""
    return _panel(case_id)


@PAGES.post("/cases/<int:case_id>/panel/<int:panel_id>/replace")
@route_guard("review.manage")
def replace_one(case_id: int, panel_id: int) -> ResponseReturnValue:
    """Replace one named member with a reason."""
    try:
        view = replace_member(
            the_desk(), the_actor(), case_id, panel_id, number("person"), request.form.get("reason", "")
        )
    except (Invalid, Conflict) as refusal:
        return _panel(case_id, say(refusal.message), status_of(refusal))
    text = view.problem or t("已更换，补抽记录已留存。", "Replaced; the draw is on record.")
    flash(text, "warning" if view.problem else "ok")
    return redirect(f"/cases/{case_id}/panel")


@PAGES.post("/cases/<int:case_id>/recusals/<int:recusal_id>/lift")
@route_guard("experts.manage")
def lift_in_case(case_id: int, recusal_id: int) -> ResponseReturnValue:
    """End a recusal from the applicant of a case with a reason, whoever it is that was kept away."""
    try:
        lift_recusal(the_desk(), the_actor(), recusal_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        return _panel(case_id, say(refusal.message), status_of(refusal))
    flash(t("回避已解除。", "Lifted."))
    return redirect(f"/cases/{case_id}/panel")


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
                typed.get("stage", ""), typed.get("room", ""), starts, number("minutes"), typed.get("note", "")
            )
            move_appointment(the_desk(), the_actor(), appointment_id, booking)
            flash(t("已改期并通知各方。", "Moved; everybody is told."))
    except (DoubleBooked, Invalid, Conflict) as refusal:
        return _appointments(say(refusal.message), status_of(refusal))
    return redirect("/appointments")


@PAGES.app_template_global("stage_name")
def stage_name(stage: str) -> str:
    """Return the name of a stage of review: in Chinese the city's own word, as its diagrams have it."""
    drawn = (d.elements[stage].name for p in about_packages() for d in p.diagrams.values() if stage in d.elements)
    return t(next(filter(None, drawn), ""), "") or say(_STAGES.get(stage)) or stage


def _list(typed: dict[str, str], problem: str = "", status_code: int = 200) -> Response:
    view = list_experts(the_desk(), the_actor(), request.values.get("jurisdiction", ""), request.args.get("q", ""))
    about(view.jurisdiction)
    manages = GUARDS["experts.manage"].admits(the_actor(), view.jurisdiction)
    page = render_template("review/experts.html", view=view, typed=typed, problem=problem, manages=manages)
    return make_response(page, status_code)


def _expert(expert_id: int, problem: str = "", status_code: int = 200) -> Response:
    view = view_expert(the_desk(), the_actor(), expert_id)
    crumbs((t("评审专家", "Experts"), "/experts"), (view.line.name, None))
    about(view.line.row.jurisdiction)
    manages = GUARDS["experts.manage"].admits(the_actor(), view.line.row.jurisdiction)
    page = render_template("review/expert.html", view=view, problem=problem, manages=manages)
    return make_response(page, status_code)


def _done(expert_id: int, act: object, words: str) -> Response:
    try:
        act()  # type: ignore[operator]
    except (Invalid, Conflict) as refusal:
        return _expert(expert_id, say(refusal.message), status_of(refusal))
    flash(words)
    return make_response(redirect(f"/experts/{expert_id}"))


def _dossier(case_id: int, view: Dossier) -> ResponseReturnValue:
    about(view.case.jurisdiction, view.case.award)
    crumbs((t("办件", "Cases"), "/cases"), (view.applicant, f"/cases/{case_id}"), (t("评审档案", "Dossier"), None))
    return render_template("review/dossier.html", view=view, shown=shown, when=when)


def _panel(case_id: int, problem: str = "", status_code: int = 200) -> Response:
    view = view_dossier(the_desk(), the_actor(), case_id)
    found = view_draws(the_desk(), the_actor(), case_id)
    about(view.case.jurisdiction, view.case.award)
    crumbs((t("办件", "Cases"), "/cases"), (view.applicant, f"/cases/{case_id}"), (t("评审组", "Panel"), None))
    page = render_template("review/panel.html", view=view, draws=found, problem=problem)
    return make_response(page, status_code)


def _appointments(problem: str = "", status_code: int = 200) -> Response:
    crumbs((t("评审安排", "Appointments"), None))
    lines = list_appointments(the_desk(), the_actor())
    manages = GUARDS["review.manage"].admits(the_actor())
    page = render_template(
        "review/appointments.html", lines=lines, problem=problem, manages=manages, when=when, local=_local
    )
    return make_response(page, status_code)


def _calendar(text: str) -> Response:
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/calendar; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="laurel.ics"'
    return answer


def _typed_expert() -> NewExpert:
    typed = request.form
    new = NewExpert(
        jurisdiction=typed.get("jurisdiction", ""),
        login=typed.get("login", ""),
        name=typed.get("name", ""),
        employer=typed.get("employer", ""),
        place=typed.get("place", ""),
        education=typed.get("education", ""),
        practising_since=day("practising_since"),
        sectors=words("sectors"),
        qualifications=words("qualifications"),
        term_from=day_or_none("term_from"),
        term_until=day_or_none("term_until"),
        email=typed.get("email", ""),
    )
    if typed.get("trained_on"):
        new = replace(new, training=typed.get("training", ""), trained_on=day("trained_on"))
    return new


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(CHINA):%Y-%m-%d %H:%M}"
