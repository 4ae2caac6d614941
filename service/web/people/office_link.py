"""The page on which an administrator opens their own account, by the link that the machine printed."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.accounts.accounts import NewAccount
from service.casework.people.accounts.office_links import take_office, view_office_link
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import answered
from service.web.frame.requests.secret_link import ask_for_link, secret_sent, without_referrer
from service.web.frame.requests.sign_in import render_sign_in

PAGES = Blueprint("office_link", __name__)
_HERE = "/administrator-account"


@PAGES.get(_HERE)
@route_guard("office.take")
def ask() -> ResponseReturnValue:
    """Take the secret of the link out of the address."""
    return ask_for_link(t("开设管理员账号", "Open an administrator's account"), f"{_HERE}/open")


@PAGES.post(f"{_HERE}/open")
@route_guard("office.take")
def opened() -> ResponseReturnValue:
    """Ask for name, login name and password."""
    return _page(secret_sent())


@PAGES.post(_HERE)
@route_guard("office.take")
def take() -> ResponseReturnValue:
    """Open the account."""
    typed = {name: request.form.get(name, "") for name in ("login", "name", "email")}
    code, password = secret_sent(), request.form.get("new", "")
    account = NewAccount(typed["login"], typed["name"], password, typed["email"])
    try:
        if password != request.form.get("again", ""):
            raise Invalid(Text("两次输入的密码不一致，请重新输入。", "The two passwords differ; type them again."))
        login = take_office(the_desk(), the_actor(), code, account)
    except (Invalid, Conflict) as refusal:
        return _page(code, say(refusal.message), answered(refusal), typed)
    said = t("账号已开设，请登录。", "The account is open: sign in.")
    return render_sign_in(said, login=login, tone="ok")


def _page(code: str, problem: str = "", status: int = 200, typed: dict[str, str] | None = None) -> Response:
    office = view_office_link(the_desk(), the_actor(), code)
    page = render_template("people/office_link.html", office=office, code=code, problem=problem, typed=typed or {})
    return without_referrer(make_response(page, status))
