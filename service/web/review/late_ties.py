"""A tie found while scoring: declared on a page of its own beside the sheet."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.tasks.task_form import view_task_form
from service.casework.review.late_ties import declare_late_tie
from service.casework.review.ties import KINDS
from service.domain.errors import Conflict, Invalid
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.heading import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.frame.requests.guarding import route_guard

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
            "已申明，评审停下等决定。决定以前材料不再开放，不能评分；结果发消息给您。",
            "Declared; the review waits for the decision. Until then the file is closed and nothing is scored; a message tells you.",
        )
    )
    return redirect("/appointments#ties")


def _page(task_id: int, problem: str = "", status: int = 200) -> Response:
    task = view_task_form(the_desk(), the_actor(), task_id, drafted=False)
    about_package(task.package)
    crumbs(
        (t("待办", "Tasks"), "/tasks"), (task.title, f"/tasks/{task_id}"), (t("申明利害关系", "Declare a tie"), None)
    )
    kinds = [{"value": kind, "label": say(name)} for kind, name in KINDS.items()]
    page = render_template("review/late_tie.html", task=task, problem=problem, kinds=kinds)
    return make_response(page, status)
