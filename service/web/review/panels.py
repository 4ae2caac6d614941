"""Panels, their draws, and ties that come to light late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.people.experts import view_draws
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.reading.dossier import Dossier, distance_of, view_dossier
from service.casework.reading.stages import drawn_name, usual_name
from service.casework.reading.submissions import sort_submissions
from service.casework.review.appointments import when
from service.casework.review.draw_panel import replace_member
from service.casework.review.ties_on_record import declare_late_tie, lift_recusal
from service.casework.subjects.ties import KINDS
from service.domain.errors import Conflict, Invalid
from service.domain.review import shown
from service.domain.text import Text
from service.web.frame.page.form_shown import build_papers_view
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about, about_package, about_packages
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import read_form_number
from service.web.frame.requests.refusals import record_error_status, status_of

PAGES = Blueprint("panels", __name__)


@PAGES.get("/cases/<int:case_id>/draws")
@route_guard("experts.view")
def draws(case_id: int) -> ResponseReturnValue:
    """Show the draws of a case, computed again from their records."""
    draw_views = view_draws(the_desk(), the_actor(), case_id)
    of_case = draw_views[0].case_title if draw_views else t("办件", "Case")
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (of_case, f"/cases/{case_id}"), (t("抽取记录", "Draws"), None))
    return render_template("review/draws.html", draws=draw_views, case_id=case_id)


@PAGES.get("/cases/<int:case_id>/dossier")
@route_guard("review.view")
def dossier(case_id: int) -> ResponseReturnValue:
    """Show the dossier of an application, to read and to print."""
    return _render_dossier(case_id, view_dossier(the_desk(), the_actor(), case_id))


@PAGES.get("/cases/<int:case_id>/panel")
@route_guard("review.manage")
def panel(case_id: int) -> ResponseReturnValue:
    """Show the panels of a case, to replace a member."""
    return _render_panel(case_id)


@PAGES.post("/cases/<int:case_id>/panel/<int:panel_id>/replace")
@route_guard("review.manage")
def replace_panel_member(case_id: int, panel_id: int) -> ResponseReturnValue:
    """Replace one named member with a reason."""
    try:
        view = replace_member(
            the_desk(),
            the_actor(),
            case_id,
            panel_id,
            read_form_number("person", Text("更换谁", "Whom to replace")),
            request.form.get("reason", ""),
        )
    except (Invalid, Conflict) as refusal:
        return _render_panel(case_id, say(refusal.message), status_of(refusal))
    text = t(view.problem, view.problem_en) or t("已更换，补抽记录已留存。", "Replaced; the draw is on record.")
    flash(text, "warning" if view.problem else "ok")
    return redirect(f"/cases/{case_id}/panel")


@PAGES.post("/cases/<int:case_id>/recusals/<int:recusal_id>/lift")
@route_guard("experts.manage")
def lift_in_case(case_id: int, recusal_id: int) -> ResponseReturnValue:
    """End a recusal from the applicant of a case with a reason, of any person."""
    try:
        lift_recusal(the_desk(), the_actor(), recusal_id, request.form.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        return _render_panel(case_id, say(refusal.message), status_of(refusal))
    flash(t("回避已解除。", "Lifted."))
    return redirect(f"/cases/{case_id}/panel")


PAGES.add_app_template_global(shown, "in_points")


@PAGES.app_template_global("stage_name")
def stage_name(stage: str) -> str:
    """Return the name of a stage of review: in Chinese the city's own word, as its diagrams have it."""
    return t(drawn_name(about_packages(), stage), "") or say(usual_name(stage))


def _render_dossier(case_id: int, view: Dossier) -> ResponseReturnValue:
    about(view.case.jurisdiction, view.case.award)
    set_breadcrumbs(
        (t("办件", "Cases"), "/cases"), (view.applicant, f"/cases/{case_id}"), (t("评审档案", "Dossier"), None)
    )
    person = the_actor().person_id
    distances = {stage.panel: distance_of(stage, person) for stage in view.stages}
    waiting = {
        s.panel for s in view.stages if s.state != "closed" and any(sheet.row.person_id == person for sheet in s.sheets)
    }
    papers = build_papers_view(f"/cases/{case_id}/dossier", case_id, sort_submissions(view.submissions), view.files)
    shows = {
        "when": when,
        "distances": distances,
        "waiting": waiting,
        "signed": _format_signed,
        "papers": papers,
    }
    return render_template("review/dossier.html", view=view, **shows)


def _format_signed(points: Fraction) -> str:
    return f"{'+' if points > 0 else '−' if points < 0 else ''}{shown(abs(points))}"


def _render_panel(case_id: int, problem: str = "", status_code: int = 200) -> Response:
    view = view_dossier(the_desk(), the_actor(), case_id)
    draw_views = view_draws(the_desk(), the_actor(), case_id)
    about(view.case.jurisdiction, view.case.award)
    set_breadcrumbs((t("办件", "Cases"), "/cases"), (view.applicant, f"/cases/{case_id}"), (t("评审组", "Panel"), None))
    page = render_template("review/panel.html", view=view, draws=draw_views, problem=problem)
    return make_response(page, status_code)


@PAGES.get("/tasks/<int:task_id>/tie")
@route_guard("task.view")
def ask_late_tie(task_id: int) -> ResponseReturnValue:
    """Ask what the tie is."""
    return _late_tie_page(task_id)


@PAGES.post("/tasks/<int:task_id>/tie")
@route_guard("review.declare")
def take_late_tie(task_id: int) -> ResponseReturnValue:
    """Declare a tie to the applicant whose sheet it is."""
    kind, text = request.form.get("kind", ""), request.form.get("text", "")
    try:
        declare_late_tie(the_desk(), the_actor(), task_id, kind, text)
    except (Invalid, Conflict) as refusal:
        status, at = record_error_status(refusal), refusal.field if isinstance(refusal, Invalid) else ""
        errors = [{"id": at, "message": say(refusal.message)}] if at else []
        return _late_tie_page(task_id, "" if at else say(refusal.message), status, errors)
    flash(
        t(
            "已申明，评审停下等决定。决定以前材料不再开放，不能评分；结果发消息给您。",
            "Declared; the review waits for the decision. Until then the file is closed and nothing is scored; a message tells you.",
        )
    )
    return redirect("/appointments#ties")


def _late_tie_page(
    task_id: int, problem: str = "", status: int = 200, errors: Sequence[Mapping[str, str]] = ()
) -> Response:
    task = view_task_form(the_desk(), the_actor(), task_id, drafted=False)
    about_package(task.package)
    set_breadcrumbs(
        (t("待办", "Tasks"), "/tasks"), (task.title, f"/tasks/{task_id}"), (t("申明利害关系", "Declare a tie"), None)
    )
    kinds = [{"value": kind, "label": say(name)} for kind, name in KINDS.items()]
    page = render_template("review/late_tie.html", task=task, problem=problem, kinds=kinds, errors=errors)
    return make_response(page, status)
