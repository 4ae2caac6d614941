"""A tie found while scoring: declared on a page of its own beside the sheet, decided on the page of the panel."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.tasks.task_form import view_task_form
from service.casework.review.late_ties import decide_late_tie, declare_late_tie
from service.casework.review.ties import KINDS
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.heading import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import number

PAGES = Blueprint("late_ties", __name__)


@PAGES.get("/tasks/<int:task_id>/tie")
@route_guard("task.view")
def ask(task_id: int) -> ResponseReturnValue:
    """Ask what the tie is."""
    return _page(task_id)


@PAGES.post("/tasks/<int:task_id>/tie")
@route_guard("review.declare")
def declare(task_id: int) -> ResponseReturnValue:
    """Declare a tie to the applicant whose sheet it is."""
    kind, text = request.form.get("kind", ""), request.form.get("text", "")
    try:
        declare_late_tie(the_desk(), the_actor(), task_id, kind, text)
    except (Invalid, Conflict) as refusal:
        return _page(task_id, say(refusal.message), status_of(refusal))
    flash(
        t(
            "已申明并告知办公室。决定以前材料不再开放，不能评分；结果发消息给您。",
            "Declared, and the office is told. Until it decides the file is closed and nothing is scored; a message tells you.",
        )
    )
    return redirect("/appointments#ties")


@PAGES.post("/cases/<int:case_id>/panel/<int:panel_id>/tie")
@route_guard("review.manage")
def decide(case_id: int, panel_id: int) -> ResponseReturnValue:
    """Decide on it, with a reason; who is recused is replaced."""
    person = number("person", Text("谁的申明", "Whose declaration"))
    recuse, reason = request.form.get("do") == "recuse", request.form.get("reason", "")
    try:
        view = decide_late_tie(the_desk(), the_actor(), case_id, panel_id, person, reason, recuse=recuse)
    except (Invalid, Conflict) as refusal:
        flash(say(refusal.message), "warning")
        return redirect(f"/cases/{case_id}/panel")
    done = t("已决定回避并补抽。", "Recused and replaced.") if recuse else t("已决定不予回避。", "Not recused.")
    flash(t(view.problem, view.problem_en) or done, "warning" if view.problem else "ok")
    return redirect(f"/cases/{case_id}/panel")


def _page(task_id: int, problem: str = "", status: int = 200) -> Response:
    task = view_task_form(the_desk(), the_actor(), task_id, drafted=False)
    about_package(task.package)
    crumbs(
        (t("待办", "Tasks"), "/tasks"), (task.title, f"/tasks/{task_id}"), (t("申明利害关系", "Declare a tie"), None)
    )
    kinds = [{"value": kind, "label": say(name)} for kind, name in KINDS.items()]
    page = render_template("review/late_tie.html", task=task, problem=problem, kinds=kinds)
    return make_response(page, status)
