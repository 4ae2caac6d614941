"""The page of deputies: who stands in for whom, to let a colleague stand in, to end it."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.rights.deputies import MOST_WORDS, appoint_deputy, end_deputy
from service.casework.queries.people.deputies import view_deputies
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import day_or_none, row_id_or_none, row_ids
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("deputies", __name__)


@PAGES.get("/deputies")
@route_guard("deputy.view")
def deputies() -> ResponseReturnValue:
    """Show one's own, and those of the places that one administers."""
    return _page()


@PAGES.post("/deputies")
@route_guard("deputy.appoint")
def appoint() -> ResponseReturnValue:
    """Let a colleague stand in."""
    try:
        deputy, first, last = row_id_or_none(request.form, "deputy"), day_or_none("first"), day_or_none("last")
        if deputy is None or first is None or last is None:
            raise Invalid(Text("请选择代理人，并填写起止日期。", "Choose who stands in, and enter both days."))
        reason = request.form.get("reason", "")
        appoint_deputy(the_desk(), the_actor(), deputy, row_ids("seat"), first, last, reason)
    except (Invalid, Conflict) as refusal:
        return _page(say(refusal.message), answered(refusal))
    flash(t("已委托，双方都收到了消息。", "Done; both have a message."))
    return redirect("/deputies")


@PAGES.post("/deputies/<int:deputy_id>/end")
@route_guard("deputy.view")
def end(deputy_id: int) -> ResponseReturnValue:
    """End at once what was lent."""
    try:
        end_deputy(the_desk(), the_actor(), deputy_id)
    except Conflict as refusal:
        return _page(say(refusal.message), answered(refusal))
    flash(t("委托已结束，立即生效。", "It has ended at once."))
    return redirect("/deputies")


def _page(problem: str = "", status: int = 200) -> Response:
    crumbs((t("我的账号", "My account"), "/account"), (t("委托代理", "Deputies"), None))
    view = view_deputies(the_desk(), the_actor(), row_id_or_none(request.args, "before"))
    typed = request.form if problem else {}
    chosen = request.form.getlist("seat") if problem else [str(one.id) for one in view.roles[:1]]
    page = render_template(
        "people/deputies.html", view=view, problem=problem, typed=typed, chosen=chosen, most=MOST_WORDS
    )
    return make_response(page, status)
