"""How an organisation gets an account, or its password back."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.public.registrations import (
    Registration,
    register_organisation,
    set_first_password,
    view_first_password,
    view_registration,
)
from service.casework.public.throttle import TooOften
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.page.names import published
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import row_id_or_none
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.request_pace import hash_sender_network
from service.web.frame.requests.sign_in import (
    ask_for_link,
    render_sign_in,
    secret_sent,
    without_referrer,
)

PAGES = Blueprint("registration", __name__)


_FIELDS = ("name", "code", "contact", "telephone", "email", "body")


@PAGES.get("/register-organisation")
@route_guard("registration.lodge")
def places() -> ResponseReturnValue:
    """Let the visitor choose the place."""
    _add_crumbs()
    return render_template("register/places.html", cities=published().cities.items())


@PAGES.get("/register-organisation/<jurisdiction>")
@route_guard("registration.lodge")
def registration_form(jurisdiction: str) -> ResponseReturnValue:
    """Ask."""
    return _registration_form(jurisdiction)


@PAGES.post("/register-organisation/<jurisdiction>")
@route_guard("registration.lodge")
def lodge(jurisdiction: str) -> ResponseReturnValue:
    """Keep the request; the answer is the same whoever asks."""
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    body = row_id_or_none(request.form, "body")
    registration = Registration(
        jurisdiction,
        body or 0,
        typed["name"],
        typed["code"],
        typed["contact"],
        typed["telephone"],
        typed["email"],
        acknowledged="acknowledged" in request.form,
    )
    try:
        register_organisation(the_desk(), the_actor(), registration, hash_sender_network())
    except (Invalid, TooOften) as refusal:
        return _registration_form(jurisdiction, say(refusal.message), record_error_status(refusal))
    _add_crumbs()
    return render_template("register/registered.html", name=typed["name"], email=typed["email"])


@PAGES.get("/register-organisation/password")
@route_guard("registration.lodge")
def password_page() -> ResponseReturnValue:
    """Take the secret of the link out of the address."""
    return ask_for_link(t("设置密码", "Set a password"), "/register-organisation/password/open")


@PAGES.post("/register-organisation/password/open")
@route_guard("registration.lodge")
def opened() -> ResponseReturnValue:
    """Ask for the first password."""
    return _render_password(secret_sent())


@PAGES.post("/register-organisation/password")
@route_guard("registration.lodge")
def password() -> ResponseReturnValue:
    """Set the first password, once."""
    code, new = secret_sent(), request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid(Text("两次输入的密码不一致，请重新输入。", "The two passwords differ; type them again."))
        whose = set_first_password(
            the_desk(), the_actor(), code, request.form.get("telephone", ""), new, hash_sender_network()
        )
    except (Invalid, TooOften) as refusal:
        return _render_password(code, say(refusal.message), record_error_status(refusal))
    return render_sign_in(t("密码已设置，请登录。", "The password is set: sign in."), login=whose.login, tone="ok")


def _registration_form(jurisdiction: str, problem: str = "", status: int = 200) -> Response:
    view = view_registration(the_desk(), the_actor(), jurisdiction)
    _add_crumbs()
    page = render_template("register/ask.html", view=view, typed=request.form if problem else {}, problem=problem)
    return make_response(page, status)


def _render_password(code: str, problem: str = "", status: int = 200) -> Response:
    whose = view_first_password(the_desk(), the_actor(), code, hash_sender_network())
    page = render_template("register/first_password.html", whose=whose, code=code, problem=problem)
    return without_referrer(make_response(page, status))


def _add_crumbs() -> None:
    set_breadcrumbs(
        (t("公示与办法", "Notices and regulations"), "/portal"), (t("组织注册", "Register an organisation"), None)
    )
