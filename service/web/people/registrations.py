"""The page on which authorities and offices verify organisations that registered."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.public.decide_registration import (
    MOST_WORDS,
    Registered,
    accept_registration,
    list_registrations,
    refuse_registration,
)
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("registrations", __name__)


@PAGES.get("/registrations")
@route_guard("registration.decide")
def registrations() -> ResponseReturnValue:
    """List what waits."""
    return _page()


@PAGES.post("/registrations/<int:number>/accept")
@route_guard("registration.decide")
def accept(number: int) -> ResponseReturnValue:
    """Open the account."""
    try:
        done = accept_registration(the_desk(), the_actor(), number, the_settings().public_url)
    except (Conflict, NotAllowed) as refusal:
        return _page(say(refusal.message), answered(refusal))
    opened = t(f"账号已开通，登录名：{done.login}。", f"The account is open; login name: {done.login}. ")
    linked = t("设置密码的链接已发到所填邮箱，7天内有效。", "The link to its password was mailed; it opens for 7 days.")
    flash(opened + (linked if done.sent else _not_sent(done)))
    return redirect("/registrations")


@PAGES.post("/registrations/<int:number>/refuse")
@route_guard("registration.decide")
def refuse(number: int) -> ResponseReturnValue:
    """Refuse with a reason."""
    try:
        done = refuse_registration(the_desk(), the_actor(), number, request.form.get("reason", ""))
    except (Invalid, Conflict) as refusal:
        return _page(say(refusal.message), answered(refusal))
    flash(t("已退回，原因发到所填邮箱。", "Refused; the reason was mailed.") if done.sent else _not_sent(done))
    return redirect("/registrations")


def _not_sent(done: Registered) -> str:
    if done.login:
        return t(
            "本机没有配置邮件，请管理员在“人员”中设一次性密码并当面告知。",
            "No mail is set up here: let an administrator set a one-time password and tell it in person.",
        )
    return t(
        "已退回。本机没有配置邮件，请电话告知原因。", "Refused. No mail is set up here: tell the reason by telephone."
    )


def _page(problem: str = "", status: int = 200) -> Response:
    crumbs((t("组织注册", "Registrations"), None))
    found = list_registrations(the_desk(), the_actor(), cursor(request.args, "after") or 0)
    page = render_template("people/registrations.html", found=found, problem=problem, most=MOST_WORDS)
    return make_response(page, status)
