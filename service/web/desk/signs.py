"""Pages of signatures beside tasks (加签, 会签): ask for them, what one is asked to sign, and sign."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.queries.own_place.next_up import view_next
from service.casework.queries.own_place.signs import SignPage, list_signs, view_sign, whom_to_ask
from service.casework.reading.signs import KINDS, MODES
from service.casework.tasks.ask_sign import MOST_WORDS, ask_sign, withdraw_sign
from service.casework.tasks.give_sign import give_sign
from service.domain.errors import Conflict, Invalid
from service.domain.signatures import ALL, BEFORE
from service.web.desk.task_tabs import tabs
from service.web.frame.page.form_shown import show_values
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.page.heading import about_package
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none, row_ids

PAGES = Blueprint("signs", __name__)


@PAGES.get("/tasks/<int:task_id>/sign")
@route_guard("task.ask_sign")
def ask_page(task_id: int) -> ResponseReturnValue:
    """Ask whom, when and how."""
    return _ask_page(task_id)


@PAGES.post("/tasks/<int:task_id>/sign")
@route_guard("task.ask_sign")
def ask(task_id: int) -> ResponseReturnValue:
    """Ask others to sign."""
    form = request.form
    kind, mode, words = form.get("kind", BEFORE), form.get("mode", ALL), form.get("words", "")
    version = count_or_none(form, "version")
    try:
        people, needed = row_ids("person"), count_or_none(form, "needed")
        ask_sign(the_desk(), the_actor(), task_id, version, people, kind, mode, needed, words)
    except (Invalid, Conflict) as refusal:
        return _ask_page(task_id, say(refusal.message), status_of(refusal))
    if kind == BEFORE:
        flash(t("已请对方会签，对方会收到消息；签齐之后再提交。", "They are told; submit when they have signed."))
    else:
        flash(
            t("提交后会先送对方会签，签齐后生效。", "What you submit goes to them first and takes effect when signed.")
        )
    return redirect(f"/tasks/{task_id}")


@PAGES.post("/tasks/<int:task_id>/sign/withdraw")
@route_guard("task.ask_sign")
def withdraw(task_id: int) -> ResponseReturnValue:
    """Withdraw it."""
    withdraw_sign(the_desk(), the_actor(), task_id)
    flash(t("会签已撤回，现在可以修改和提交。", "Withdrawn: change it and submit as you like."))
    return redirect(f"/tasks/{task_id}")


@PAGES.get("/tasks/signs")
@route_guard("task.sign")
def signs() -> ResponseReturnValue:
    """List what the reader is asked to sign, and what they signed."""
    found = list_signs(the_desk(), the_actor())
    next_up = None if found.asked else view_next(the_desk(), the_actor())
    return render_template("tasks/signs.html", found=found, scopes=tabs(None, active="signs"), next_up_view=next_up)


@PAGES.get("/signs/<int:sign_id>")
@route_guard("task.sign")
def sign(sign_id: int) -> ResponseReturnValue:
    """Show what is to be signed."""
    return _sign_page(sign_id)


@PAGES.post("/signs/<int:sign_id>")
@route_guard("task.sign")
def say_it(sign_id: int) -> ResponseReturnValue:
    """Agree or disagree."""
    said = request.form.get("say")
    try:
        if said not in ("agree", "disagree"):
            return _sign_page(sign_id, t("请选择同意或者不同意。", "Agree or disagree."))
        through = give_sign(the_desk(), the_actor(), sign_id, said == "agree", request.form.get("words", ""))
    except Invalid as refusal:
        return _sign_page(sign_id, say(refusal.message))
    flash(
        t("已会签，签齐，提交的内容已生效。", "Signed by all: it has taken effect.")
        if through
        else t("已会签。", "Signed.")
    )
    return redirect("/tasks/signs")


def _ask_page(task_id: int, problem: str = "", status: int = 200) -> Response:
    view = whom_to_ask(the_desk(), the_actor(), task_id)
    about_package(view.package)
    crumbs((t("待办", "Tasks"), "/tasks"), (view.title, f"/tasks/{task_id}"), (t("会签", "Signatures"), None))
    given = {"kinds": KINDS, "modes": MODES, "most": MOST_WORDS, "chosen": request.form.getlist("person")}
    page = render_template("tasks/ask_sign.html", view=view, problem=problem, **given)
    return make_response(page, status)


def _sign_page(sign_id: int, problem: str = "") -> Response:
    view = view_sign(the_desk(), the_actor(), sign_id)
    about_package(view.package)
    crumbs((t("待办", "Tasks"), "/tasks"), (t("会签", "To sign"), "/tasks/signs"), (view.line.title, None))
    page = render_template("tasks/sign.html", view=view, submitted=_submitted(view), problem=problem, most=MOST_WORDS)
    return make_response(page, 422 if problem else 200)


def _submitted(view: SignPage) -> Markup | str:
    return show_values(view.form, view.values, view.today, outside=view.stored) if view.form is not None else ""
