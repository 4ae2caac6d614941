"""Public pages on which a forgotten password is set anew by its owner."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.check_code import WrongCode
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.public.recover_password import ask_recovery, can_recover, recover_password, view_recovery
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.web.frame.requests.begun import signed_in_before
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.origin import origin
from service.web.frame.requests.refusals import answered
from service.web.frame.requests.secret_link import ask_for_link, secret_sent, without_referrer
from service.web.frame.requests.sign_in import render_sign_in

PAGES = Blueprint("recovery", __name__)
_HERE = "/forgotten-password"


@PAGES.get(_HERE)
@route_guard("password.recover")
def ask() -> ResponseReturnValue:
    """Ask for the login name."""
    _demand_mail()
    return render_template("people/forgotten.html", asked=False)


@PAGES.post(_HERE)
@route_guard("password.recover")
def send() -> ResponseReturnValue:
    """Mail a link; the answer is the same whoever asks."""
    _demand_mail()
    site = the_settings().public_url
    ask_recovery(the_desk(), the_actor(), request.form.get("login", ""), origin(), site, signed_in_before())
    return render_template("people/forgotten.html", asked=True)


@PAGES.get(f"{_HERE}/new")
@route_guard("password.recover")
def link() -> ResponseReturnValue:
    """Take the secret of the link out of the address."""
    return ask_for_link(t("设置新密码", "Set a new password"), f"{_HERE}/open")


@PAGES.post(f"{_HERE}/open")
@route_guard("password.recover")
def opened() -> ResponseReturnValue:
    """Ask for a code and the new password."""
    return _page(secret_sent())


@PAGES.post(f"{_HERE}/new")
@route_guard("password.recover")
def renew() -> ResponseReturnValue:
    """Set the new password."""
    held, new = request.form.get("link", ""), request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid(Text("两次输入的密码不一致，请重新输入。", "The two passwords differ; type them again."))
        login = recover_password(the_desk(), the_actor(), held, request.form.get("code", ""), new, origin())
    except (Invalid, WrongCode, TooManyTries) as refusal:
        status = answered(refusal)
        return _page(held, say(refusal.message), 422 if status == 401 else status)
    said = t("密码已设置，所有设备已退出，请登录。", "The password is set and every session has ended: sign in.")
    return render_sign_in(said, login=login, tone="ok")


def _demand_mail() -> None:
    if not can_recover(the_desk()):
        raise NotFound(
            Text(
                "本系统不发送邮件，忘记密码请联系管理员重置。",
                "No mail leaves this system: for a forgotten password ask an administrator.",
            )
        )


def _page(code: str, problem: str = "", status: int = 200) -> Response:
    login = view_recovery(the_desk(), the_actor(), code, origin())
    page = render_template("people/recover.html", login=login, link=code, problem=problem)
    return without_referrer(make_response(page, status))
