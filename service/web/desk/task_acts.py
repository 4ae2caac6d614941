"""Routes for tasks besides completing one: claim, release, delegate, send back, take back, bulk completion."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.bulk import BulkView, bulk_view
from service.casework.queries.view_task import TaskView, view_task
from service.casework.tasks.claim import claim_task, delegate_task, release_task
from service.casework.tasks.complete_many import complete_many
from service.casework.tasks.send_back import send_back, take_back
from service.domain.errors import Invalid, LaurelError
from service.domain.forms import FieldError
from service.domain.text import Text
from service.web.frame.current import say, t, the_actor, the_desk
from service.web.frame.form_posts import read_form
from service.web.frame.form_shown import show_form
from service.web.frame.frame import crumbs, flash
from service.web.frame.guarding import route_guard
from service.web.frame.heading import about_package
from service.web.frame.parse_values import count_or_none, row_id_or_none, row_ids
from service.web.frame.sign_in import safe_path

PAGES = Blueprint("task_acts", __name__)

NO_FILES = Text(
    "批量提交不能附文件，因为每个附件只属于一个办件。需要附件的，请逐件办理。",
    "Files cannot go with several tasks at once, for each belongs to one case: do those tasks one by one.",
)


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
    return redirect(_back())


@PAGES.get("/tasks/<int:task_id>/delegate")
@route_guard("task.delegate")
def delegate_page(task_id: int) -> ResponseReturnValue:
    """Ask to whom and why."""
    return _delegate_page(view_task(the_desk(), the_actor(), task_id))


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
        view = view_task(the_desk(), the_actor(), task_id)
        return _delegate_page(view, say(refusal.message), person, reason)
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
    """Return the case to the step before."""
    reason = request.form.get("reason", "")
    try:
        send_back(the_desk(), the_actor(), task_id, _version(), reason)
    except Invalid as refusal:
        return _send_back_page(view_task(the_desk(), the_actor(), task_id), say(refusal.message), reason)
    flash(t("已退回，对方会看到退回原因。", "Sent back; the other side sees the reason."))
    return redirect("/tasks")


@PAGES.post("/tasks/<int:task_id>/take-back")
@route_guard("task.take_back")
def take_back_now(task_id: int) -> ResponseReturnValue:
    """Take back what was just submitted."""
    again = take_back(the_desk(), the_actor(), task_id)
    flash(t("已取回，请修改后重新提交。", "Taken back; change it and submit again."))
    return redirect(f"/tasks/{again}")


@PAGES.post("/tasks/bulk")
@route_guard("task.list")
def bulk() -> ResponseReturnValue:
    """Do one thing with the picked rows; the button in a row claims that row alone."""
    single = row_id_or_none(request.form, "claim")
    if single is not None:
        return _each([single], lambda ident: claim_task(the_desk(), the_actor(), ident), t("已认领", "Claimed"))
    picked = row_ids("task")
    if not picked:
        flash(t("请先勾选要办理的事项。", "Pick the tasks first."), "warning")
        return redirect(_back())
    verb = request.form.get("do")
    if verb == "claim":
        return _each(picked, lambda ident: claim_task(the_desk(), the_actor(), ident), t("已认领", "Claimed"))
    view = bulk_view(the_desk(), the_actor(), picked)
    return _bulk_page(view, verb or "complete")


@PAGES.post("/tasks/bulk/delegate")
@route_guard("task.delegate")
def bulk_delegate() -> ResponseReturnValue:
    """Hand several tasks to one colleague."""
    picked, person = row_ids("task"), row_id_or_none(request.form, "person")
    reason = request.form.get("reason", "")
    if person is None or not reason.strip():
        view = bulk_view(the_desk(), the_actor(), picked)
        return _bulk_page(view, "delegate", problem=t("请选择转办给谁，并写明原因。", "Choose to whom, and say why."))

    def hand_on(ident: int) -> None:
        delegate_task(the_desk(), the_actor(), ident, None, person, reason)

    return _each(picked, hand_on, t("已转办", "Delegated"), "/tasks")


@PAGES.post("/tasks/bulk/complete")
@route_guard("task.complete_many")
def bulk_complete() -> ResponseReturnValue:
    """Complete several tasks of one kind with one form."""
    picked = row_ids("task")
    view = bulk_view(the_desk(), the_actor(), picked)
    if view.why_not is not None:
        return _bulk_page(view, "complete")
    values = read_form(view.form) if view.form else {}
    if any(file.filename for file in request.files.values()):
        return _bulk_page(view, "complete", values=values, problem=say(NO_FILES))
    if view.form and view.form.is_edit(request.form):
        return _bulk_page(view, "complete", values=values)
    result = view.form.check(values, today=view.today, stored=view.settings) if view.form else None
    if result is not None and result.errors:
        return _bulk_page(view, "complete", values=values, errors=result.errors, status=422)
    refused = complete_many(the_desk(), the_actor(), picked, values)
    done = len(picked) - len(refused)
    if done:
        flash(t(f"已提交 {done} 项。", f"{done} tasks submitted."))
    for one in refused:
        flash(say(one.reason), "error")
    return redirect("/tasks")


@PAGES.post("/tasks/bulk/uploads")
@route_guard("upload.add")
def bulk_upload() -> ResponseReturnValue:
    """Refuse files: each belongs to one case."""
    raise Invalid(NO_FILES)


def _each(picked: Sequence[int], act: Callable[[int], None], done: str, to: str | None = None) -> ResponseReturnValue:
    count = 0
    for ident in picked:
        try:
            act(ident)
            count += 1
        except LaurelError as refusal:
            flash(say(refusal.message), "error")
    if count:
        flash(f"{done} {count} {t('项。', 'task(s).')}")
    return redirect(to or _back())


def _version() -> int | None:
    return count_or_none(request.form, "version")


def _back() -> str:
    asked = request.form.get("next")
    referrer = urlsplit(request.referrer or "")
    return (
        safe_path(asked)
        if asked
        else safe_path(f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path)
    )


def _crumbs(view: TaskView, last: str) -> None:
    about_package(view.brief.package)
    crumbs((t("待办", "Tasks"), "/tasks"), (view.title, f"/tasks/{view.id}"), (last, None))


def _delegate_page(view: TaskView, problem: str = "", person: int | None = None, reason: str = "") -> Response:
    _crumbs(view, t("转办", "Delegate"))
    page = render_template("tasks/delegate.html", task=view, problem=problem, person=person, reason=reason)
    return make_response(page, 422 if problem else 200)


def _send_back_page(view: TaskView, problem: str = "", reason: str = "") -> Response:
    _crumbs(view, t("退回", "Send back"))
    page = render_template("tasks/send_back.html", task=view, problem=problem, reason=reason)
    return make_response(page, 422 if problem else 200)


def _bulk_page(
    view: BulkView,
    verb: str,
    *,
    values: dict[str, object] | None = None,
    errors: Sequence[FieldError] = (),
    problem: str = "",
    status: int = 200,
) -> Response:
    about_package(view.package)
    crumbs((t("待办", "Tasks"), "/tasks"), (t("批量办理", "Several at once"), None))
    shown = ""
    if verb == "complete" and view.form and view.package and view.why_not is None:
        filled = values if values is not None else view.form.blank()
        shown = show_form(
            view.form,
            filled,
            errors,
            today=view.today,
            stored=view.settings,
            package=view.package,
            upload_url="/tasks/bulk/uploads",
        )
    page = render_template(
        f"tasks/bulk_{'delegate' if verb == 'delegate' else 'complete'}.html",
        bulk=view,
        form_markup=shown,
        problem=problem,
    )
    return make_response(page, 422 if problem else status)
