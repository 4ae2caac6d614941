"""Routes for tasks besides completing one: claim, release, delegate, send back, take back."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.tasks.view_task import TaskView, view_task
from service.casework.tasks.claim import claim_task, release_task
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.send_back import send_back, take_back
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.heading import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none, row_id_or_none
from service.web.frame.requests.sign_in import page_before

PAGES = Blueprint("task_acts", __name__)


@PAGES.post("/tasks/<int:task_id>/claim")
@route_guard("task.claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Make the task one's own."""
    claim_task(the_desk(), the_actor(), task_id, _version())
    flash(t("已认领，请在期限内办理。", "The task is yours."))
    return redirect(f"/tasks/{task_id}")


@PAGES.post("/tasks/<int:task_id>/release")
@route_guard("task.claim")
def release(task_id: int) -> ResponseReturnValue:
    """Put the task back for colleagues."""
    release_task(the_desk(), the_actor(), task_id, _version())
    flash(t("已放回，本单位其他人员可以认领。", "Released: colleagues can claim it."))
    return redirect(page_before())


@PAGES.get("/tasks/<int:task_id>/delegate")
@route_guard("task.delegate")
def delegate_page(task_id: int) -> ResponseReturnValue:
    """Ask to whom and why."""
    return _delegate_page(view_task(the_desk(), the_actor(), task_id, handing_on=True))


@PAGES.post("/tasks/<int:task_id>/delegate")
@route_guard("task.delegate")
def delegate(task_id: int) -> ResponseReturnValue:
    """Hand the task to a colleague."""
    person, reason = row_id_or_none(request.form, "person"), request.form.get("reason", "")
    try:
        if person is None:
            raise Invalid(Text("请选择转办给谁。", "Choose to whom."))
        delegate_task(the_desk(), the_actor(), task_id, _version(), person, reason)
    except Invalid as refusal:
        view = view_task(the_desk(), the_actor(), task_id, handing_on=True)
        return _delegate_page(view, say(refusal.message), person, reason)
    except Conflict as late:
        view = view_task(the_desk(), the_actor(), task_id, handing_on=True)
        if not view.rights.hand_on:
            raise
        return _delegate_page(view, _looked_at_anew(late), person, reason, 409)
    flash(t("已转办，对方会在待办中看到您写的原因。", "Delegated; your colleague sees your reason."))
    return redirect("/tasks")


@PAGES.get("/tasks/<int:task_id>/send-back")
@route_guard("task.send_back")
def send_back_page(task_id: int) -> ResponseReturnValue:
    """Ask for the reason, for browsers without dialogs."""
    return _send_back_page(view_task(the_desk(), the_actor(), task_id))


@PAGES.post("/tasks/<int:task_id>/send-back")
@route_guard("task.send_back")
def send_back_now(task_id: int) -> ResponseReturnValue:
    """Return the case to the step before, or to an earlier one."""
    reason, to, inside = (request.form.get(name, "") for name in ("reason", "to", "inside"))
    try:
        own = send_back(the_desk(), the_actor(), task_id, _version(), reason, to or None, inside=inside)
    except Invalid as refusal:
        return _send_back_page(view_task(the_desk(), the_actor(), task_id), say(refusal.message), reason, inside)
    except Conflict as late:
        view = view_task(the_desk(), the_actor(), task_id)
        if not view.rights.send_back:
            raise
        return _send_back_page(view, _looked_at_anew(late), reason, inside, 409)
    if own is not None:
        flash(t("已回到这一步，请修改后重新提交。", "You are back at this step; change it and submit again."))
        return redirect(f"/tasks/{own}")
    flash(t("已退回，对方会看到退回原因。", "Sent back; the other side sees the reason."))
    return redirect("/tasks")


@PAGES.post("/tasks/<int:task_id>/take-back")
@route_guard("task.take_back")
def take_back_now(task_id: int) -> ResponseReturnValue:
    """Take back what was just submitted."""
    again = take_back(the_desk(), the_actor(), task_id)
    flash(t("已取回，请修改后重新提交。", "Taken back; change it and submit again."))
    return redirect(f"/tasks/{again}")


def _version() -> int | None:
    return count_or_none(request.form, "version")


def _crumbs(view: TaskView, last: str) -> None:
    about_package(view.brief.package)
    crumbs((t("待办", "Tasks"), "/tasks"), (view.title, f"/tasks/{view.id}"), (last, None))


def _looked_at_anew(late: Conflict) -> str:
    """Say why the page that was sent is shown once more: the act is still theirs, what was typed stays."""
    return say(late.message) + t(
        "以下是现在的情况，您填写的还在，请核对以后再提交。",
        " This is how it stands now; what you typed is still here: look at it and send it again.",
    )


def _delegate_page(
    view: TaskView, problem: str = "", person: int | None = None, reason: str = "", refused: int = 422
) -> Response:
    _crumbs(view, t("转办", "Delegate"))
    page = render_template("tasks/delegate.html", task=view, problem=problem, person=person, reason=reason)
    return make_response(page, refused if problem else 200)


def _send_back_page(
    view: TaskView, problem: str = "", reason: str = "", inside: str = "", refused: int = 422
) -> Response:
    _crumbs(view, t("退回", "Send back"))
    page = render_template(
        "tasks/send_back.html",
        task=view,
        problem=problem,
        reason=reason,
        inside=inside,
        chosen=request.form.get("to"),
    )
    return make_response(page, refused if problem else 200)
