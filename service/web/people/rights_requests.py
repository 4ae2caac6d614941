"""The page on which a second administrator confirms or refuses changes of rights."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.rights.decide_rights import MOST_WORDS, confirm_rights, refuse_rights
from service.casework.queries.people.rights_requests import list_rights_requests
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("rights_requests", __name__)
_HERE = "/people/requests"


@PAGES.get(_HERE)
@route_guard("rights.decide")
def requests() -> ResponseReturnValue:
    """List what waits and what became of the others."""
    return _page()


@PAGES.post(f"{_HERE}/<int:number>/confirm")
@route_guard("rights.decide")
def confirm(number: int) -> ResponseReturnValue:
    """Let a change become true."""
    try:
        confirm_rights(the_desk(), the_actor(), number)
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _page(say(refusal.message), answered(refusal))
    flash(t("已批准，立即生效。", "Confirmed; it holds at once."))
    return redirect(_HERE)


@PAGES.post(f"{_HERE}/<int:number>/refuse")
@route_guard("rights.decide")
def refuse(number: int) -> ResponseReturnValue:
    """Refuse with a reason, or withdraw."""
    try:
        refuse_rights(the_desk(), the_actor(), number, request.form.get("reason", ""))
    except (Invalid, Conflict, NotAllowed) as refusal:
        return _page(say(refusal.message), answered(refusal))
    flash(t("已退回，理由记入操作日志。", "Refused; the reason is in the book of acts."))
    return redirect(_HERE)


def _page(problem: str = "", status: int = 200) -> Response:
    crumbs((t("人员", "People"), "/people"), (t("待批事项", "Requests"), None))
    found = list_rights_requests(the_desk(), the_actor(), cursor(request.args, "before"))
    page = render_template("people/rights_requests.html", found=found, problem=problem, most=MOST_WORDS)
    return make_response(page, status)
