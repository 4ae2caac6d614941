"""Pages of the register of experts: the list, one entry, its changes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.queries.people.experts import EXPERTS, list_experts, view_expert
from service.casework.review.register_of_experts import (
    NewExpert,
    add_expert,
    build_record,
    change_expert,
    set_expert_status,
    train_expert,
)
from service.casework.review.ties_on_record import lift_recusal, note_interest
from service.casework.spreadsheets.experts import export_experts
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.list_page import offer_table, show_list
from service.web.frame.page.names import about
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import day, day_or_none, find_query_cursor, read_form_number, words
from service.web.frame.requests.refusals import status_of

PAGES = Blueprint("experts", __name__)


@PAGES.get("/experts")
@route_guard("experts.view")
@offer_table("experts.export", lambda: export_experts(the_desk(), the_actor(), request.args.get("jurisdiction", "")))
def experts() -> ResponseReturnValue:
    """List the register of experts."""
    set_breadcrumbs((t("评审专家", "Experts"), None))
    return _render_list({})


@PAGES.post("/experts")
@route_guard("experts.manage")
def add() -> ResponseReturnValue:
    """Put a person on the register."""
    set_breadcrumbs((t("评审专家", "Experts"), None))
    try:
        ident = add_expert(the_desk(), the_actor(), _typed_expert())
    except (Invalid, Conflict) as refusal:
        return _render_list(dict(request.form), say(refusal.message), status_of(refusal))
    flash(
        t(
            "已登记。新账号可在“人员”页面设置密码；账号属于其他辖区的，等待本人在“消息”页面同意后才入库。",
            "Noted. Set a password for a new account on the page People; whose account is of another place is asked first.",
        )
    )
    return redirect(f"/experts/{ident}")


@PAGES.get("/experts/<int:expert_id>")
@route_guard("experts.view")
def expert(expert_id: int) -> ResponseReturnValue:
    """Show an expert with everything on record."""
    return _render_expert(expert_id)


@PAGES.post("/experts/<int:expert_id>")
@route_guard("experts.manage")
def change(expert_id: int) -> ResponseReturnValue:
    """Bring an entry up to date."""
    return _finish_act(
        expert_id,
        lambda: change_expert(
            the_desk(), the_actor(), expert_id, build_record(_typed_expert(), read_form_number("version"))
        ),
        t("已保存，修改前的内容留存在记录中。", "Saved; what was there before stays on record."),
    )


@PAGES.post("/experts/<int:expert_id>/trainings")
@route_guard("experts.manage")
def train(expert_id: int) -> ResponseReturnValue:
    """Record a training."""
    typed = request.form

    def record_training() -> None:
        hours = read_form_number("hours", Text("学时", "Hours")) if typed.get("hours") else None
        training_day = day("held_on")
        train_expert(
            the_desk(), the_actor(), expert_id, typed.get("title", ""), training_day, hours, day_or_none("valid_until")
        )

    return _finish_act(expert_id, record_training, t("培训已登记。", "The training is recorded."))


@PAGES.post("/experts/<int:expert_id>/status")
@route_guard("experts.manage")
def status(expert_id: int) -> ResponseReturnValue:
    """Suspend, disqualify or restore an expert."""
    typed = request.form
    return _finish_act(
        expert_id,
        lambda: set_expert_status(
            the_desk(),
            the_actor(),
            expert_id,
            read_form_number("version"),
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
    return _finish_act(
        expert_id,
        lambda: note_interest(
            the_desk(),
            the_actor(),
            expert_id,
            read_form_number("body", Text("组织", "Organisation")),
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
    return _finish_act(
        expert_id, lambda: lift_recusal(the_desk(), the_actor(), recusal_id, reason), t("回避已解除。", "Lifted.")
    )


def _render_list(typed: dict[str, str], problem: str = "", status_code: int = 200) -> Response:
    place, query = request.values.get("jurisdiction", ""), request.args.get("q", "")
    view = list_experts(the_desk(), the_actor(), place, query, find_query_cursor(request.args, "after"))
    about(view.jurisdiction)
    manages = GUARDS["experts.manage"].admits(the_actor(), view.jurisdiction)
    list_context = show_list(EXPERTS, {"jurisdiction": view.jurisdiction, "q": query}, view.page)
    page = render_template(
        "review/experts.html", view=view, typed=typed, problem=problem, manages=manages, **list_context
    )
    return make_response(page, status_code)


def _render_expert(expert_id: int, problem: str = "", status_code: int = 200) -> Response:
    view = view_expert(the_desk(), the_actor(), expert_id)
    set_breadcrumbs((t("评审专家", "Experts"), "/experts"), (view.line.name, None))
    about(view.line.row.jurisdiction)
    manages = GUARDS["experts.manage"].admits(the_actor(), view.line.row.jurisdiction)
    page = render_template("review/expert.html", view=view, problem=problem, manages=manages)
    return make_response(page, status_code)


def _finish_act(expert_id: int, act: Callable[[], object], words: str) -> Response:
    try:
        remaining = act()
    except (Invalid, Conflict) as refusal:
        return _render_expert(expert_id, say(refusal.message), status_of(refusal))
    flash(words + say(remaining) if isinstance(remaining, Text) else words)
    return make_response(redirect(f"/experts/{expert_id}"))


def _typed_expert() -> NewExpert:
    typed = request.form
    return NewExpert(
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
        training=typed.get("training", ""),
        trained_on=day_or_none("trained_on"),
    )
