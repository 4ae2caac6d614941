"""What is done with a task besides completing it: passing on, urging, signing."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.queries.own_place.signs import SignPage, view_sign, whom_to_ask
from service.casework.queries.tasks.view_task import TaskView, view_task
from service.casework.reading.signs import KINDS, MODES
from service.casework.tasks.ask_sign import MOST_WORDS, ask_sign, remind_signers, withdraw_sign
from service.casework.tasks.claim import claim_task, release_task
from service.casework.tasks.delegate import delegate_task, retrieve_task
from service.casework.tasks.give_sign import give_sign
from service.casework.tasks.send_back import send_back, take_back
from service.casework.tasks.urge import urge_task
from service.domain.errors import Conflict, Invalid
from service.domain.signatures import ALL, BEFORE
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number
from service.web.frame.page.form_shown import show_readable
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.names import about_package, translate_name
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none, row_id_or_none, row_ids
from service.web.frame.requests.refusals import status_of
from service.web.frame.requests.sign_in import page_before

PAGES = Blueprint("task_acts", __name__)


@PAGES.post("/tasks/<int:task_id>/claim")
@route_guard("task.claim")
def claim(task_id: int) -> ResponseReturnValue:
    """Make the task one's own."""
    claim_task(the_desk(), the_actor(), task_id, _read_version())
    flash(t("已认领，请在期限内办理。", "The task is yours."))
    return redirect(f"/tasks/{task_id}")


@PAGES.post("/tasks/<int:task_id>/release")
@route_guard("task.claim")
def release(task_id: int) -> ResponseReturnValue:
    """Put the task back for colleagues."""
    release_task(the_desk(), the_actor(), task_id, _read_version())
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
        delegate_task(the_desk(), the_actor(), task_id, _read_version(), person, reason)
    except Invalid as refusal:
        view = view_task(the_desk(), the_actor(), task_id, handing_on=True)
        return _delegate_page(view, say(refusal.message), person, reason)
    except Conflict as late:
        view = view_task(the_desk(), the_actor(), task_id, handing_on=True)
        if not view.rights.hand_on:
            raise
        return _delegate_page(view, _explain_conflict(late), person, reason, 409)
    flash(
        t(
            "已转办，对方会在待办中看到您写的原因。转错了的，对方开始办理前可在“转出和催办”中收回。",
            "Delegated; your colleague sees your reason. Until it is begun you can take it back under “Passed on”.",
        )
    )
    return redirect("/tasks")


@PAGES.post("/tasks/<int:task_id>/retrieve")
@route_guard("task.delegate")
def retrieve(task_id: int) -> ResponseReturnValue:
    """Take back what was handed on."""
    retrieve_task(the_desk(), the_actor(), task_id)
    flash(t("已收回，对方不再办理。", "Taken back: your colleague need not do it."))
    return redirect(f"/tasks/{task_id}")


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
    steps = view_task(the_desk(), the_actor(), task_id).rights.send_back
    try:
        is_mine = send_back(the_desk(), the_actor(), task_id, _read_version(), reason, to or None, inside=inside)
    except Invalid as refusal:
        return _send_back_page(view_task(the_desk(), the_actor(), task_id), say(refusal.message), reason, inside)
    except Conflict as late:
        view = view_task(the_desk(), the_actor(), task_id)
        if not view.rights.send_back:
            raise
        return _send_back_page(view, _explain_conflict(late), reason, inside, 409)
    if is_mine is not None:
        flash(t("已回到这一步，请修改后重新提交。", "You are back at this step; change it and submit again."))
        return redirect(f"/tasks/{is_mine}")
    to_step = translate_name(next((one.name for one in steps if one.id == to), steps[0].name))
    flash(
        t(
            f"已退回“{to_step}”，办理这一步的人会收到消息，看到退回原因。",
            f"Sent back to “{to_step}”: whoever does that step gets a message with the reason.",
        )
    )
    return redirect("/tasks")


@PAGES.post("/tasks/<int:task_id>/take-back")
@route_guard("task.take_back")
def take_back_now(task_id: int) -> ResponseReturnValue:
    """Take back what was just submitted."""
    again = take_back(the_desk(), the_actor(), task_id)
    flash(t("已取回，请修改后重新提交。", "Taken back; change it and submit again."))
    return redirect(f"/tasks/{again}")


def _read_version() -> int | None:
    return count_or_none(request.form, "version")


def _add_crumbs(view: TaskView, last: str) -> None:
    about_package(view.brief.package)
    set_breadcrumbs((t("待办", "Tasks"), "/tasks"), (view.title, f"/tasks/{view.id}"), (last, None))


def _explain_conflict(late: Conflict) -> str:
    """Say why the page that was sent is shown once more: the act is still theirs, what was typed stays."""
    return say(late.message) + t(
        "以下是现在的情况，您填写的还在，请核对以后再提交。",
        " This is how it stands now; what you typed is still here: look at it and send it again.",
    )


def _delegate_page(
    view: TaskView, problem: str = "", person: int | None = None, reason: str = "", refused: int = 422
) -> Response:
    _add_crumbs(view, t("转办", "Delegate"))
    page = render_template("tasks/delegate.html", task=view, problem=problem, person=person, reason=reason)
    return make_response(page, refused if problem else 200)


def _send_back_page(
    view: TaskView, problem: str = "", reason: str = "", inside: str = "", refused: int = 422
) -> Response:
    _add_crumbs(view, t("退回", "Send back"))
    page = render_template(
        "tasks/send_back.html",
        task=view,
        problem=problem,
        reason=reason,
        inside=inside,
        chosen=request.form.get("to"),
    )
    return make_response(page, refused if problem else 200)


_NAMED = 5


@PAGES.post("/tasks/<int:task_id>/urge")
@route_guard("task.urge")
def urge(task_id: int) -> ResponseReturnValue:
    """Urge who must do the task; go back to the page of the case where it was urged there."""
    result = urge_task(the_desk(), the_actor(), task_id, request.form.get("words", "")[:200])
    names = result[:_NAMED]
    others = t(f"等{len(result)}人", f" and {len(result) - _NAMED} more") if len(result) > _NAMED else ""
    flash(t(f"已催办：{'、'.join(names)}{others}会收到消息。", f"Urged: {', '.join(names)}{others} get a message."))
    case = whole_number(request.form.get("case", ""))
    return redirect(f"/tasks/{task_id}" if case is None else f"/cases/{case}")


@PAGES.get("/tasks/<int:task_id>/sign")
@route_guard("task.ask_sign")
def ask_sign_page(task_id: int) -> ResponseReturnValue:
    """Ask whom, when and how."""
    return _ask_sign_page(task_id)


@PAGES.post("/tasks/<int:task_id>/sign")
@route_guard("task.ask_sign")
def send_sign_request(task_id: int) -> ResponseReturnValue:
    """Ask others to sign, or remind those who were asked."""
    form = request.form
    if "remind" in form:
        names = "、".join(remind_signers(the_desk(), the_actor(), task_id))
        flash(t(f"已催请{names}会签，对方会收到消息。", f"{names} are reminded and get a message."))
        return redirect(f"/tasks/{task_id}")
    kind, mode, words = form.get("kind", BEFORE), form.get("mode", ALL), form.get("words", "")
    version = count_or_none(form, "version")
    try:
        people, needed = row_ids("person"), count_or_none(form, "needed")
        ask_sign(the_desk(), the_actor(), task_id, version, people, kind, mode, needed, words)
    except (Invalid, Conflict) as refusal:
        return _ask_sign_page(task_id, say(refusal.message), status_of(refusal))
    if kind == BEFORE:
        flash(t("已请对方会签，对方会收到消息；签齐之后再提交。", "They are told; submit when they have signed."))
    else:
        flash(
            t("提交后会先送对方会签，签齐后生效。", "What you submit goes to them first and takes effect when signed.")
        )
    return redirect(f"/tasks/{task_id}")


@PAGES.post("/tasks/<int:task_id>/sign/withdraw")
@route_guard("task.ask_sign")
def drop_sign_request(task_id: int) -> ResponseReturnValue:
    """Withdraw it."""
    withdraw_sign(the_desk(), the_actor(), task_id)
    flash(t("会签已撤回，现在可以修改和提交。", "Withdrawn: change it and submit as you like."))
    return redirect(f"/tasks/{task_id}")


@PAGES.get("/signs/<int:sign_id>")
@route_guard("task.sign")
def sign_task(sign_id: int) -> ResponseReturnValue:
    """Show what is to be signed."""
    return _sign_page(sign_id)


@PAGES.post("/signs/<int:sign_id>")
@route_guard("task.sign")
def say_it(sign_id: int) -> ResponseReturnValue:
    """Agree or disagree."""
    words = request.form.get("say")
    try:
        if words not in ("agree", "disagree"):
            return _sign_page(sign_id, t("请选择同意或者不同意。", "Agree or disagree."))
        through = give_sign(the_desk(), the_actor(), sign_id, words == "agree", request.form.get("words", ""))
    except Invalid as refusal:
        return _sign_page(sign_id, say(refusal.message))
    flash(
        t("已会签，签齐，提交的内容已生效。", "Signed by all: it has taken effect.")
        if through
        else t("已会签。", "Signed.")
    )
    return redirect("/tasks/asked")


def _ask_sign_page(task_id: int, problem: str = "", status: int = 200) -> Response:
    view = whom_to_ask(the_desk(), the_actor(), task_id)
    about_package(view.package)
    set_breadcrumbs((t("待办", "Tasks"), "/tasks"), (view.title, f"/tasks/{task_id}"), (t("会签", "Signatures"), None))
    context = {"kinds": KINDS, "modes": MODES, "most": MOST_WORDS, "chosen": request.form.getlist("person")}
    page = render_template("tasks/ask_sign.html", view=view, problem=problem, **context)
    return make_response(page, status)


def _sign_page(sign_id: int, problem: str = "") -> Response:
    view = view_sign(the_desk(), the_actor(), sign_id)
    about_package(view.package)
    set_breadcrumbs((t("待办", "Tasks"), "/tasks"), (t("等我", "Asked of me"), "/tasks/asked"), (view.line.title, None))
    page = render_template(
        "tasks/sign.html", view=view, submitted=_show_submission(view), problem=problem, most=MOST_WORDS
    )
    return make_response(page, 422 if problem else 200)


def _show_submission(view: SignPage) -> Markup | str:
    return show_readable(view.read) if view.read is not None else ""
