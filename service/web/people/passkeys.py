"""The page of one's own passkeys."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.check_code import WrongCode
from service.casework.people.factors.passkey_proofs import WrongPasskey
from service.casework.people.factors.passkey_site import PasskeySite, passkey_site
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.means.passkeys import (
    begin_passkey,
    confirm_passkey,
    own_passkeys,
    remove_passkey,
    rename_passkey,
)
from service.casework.people.signing_in.sign_in import WrongPassword
from service.domain.errors import Conflict, Invalid, LaurelError
from service.domain.text import Text
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import answered

PAGES = Blueprint("passkeys", __name__)
_HERE = "/account/passkeys"


def demand_site() -> PasskeySite:
    """Return the site that keys are made for; raises Conflict where browsers make none."""
    site = passkey_site(the_settings().public_url)
    if site is None:
        raise Conflict(
            Text(
                "这里还没有开通通行密钥。请改用动态口令登录，或者请管理员开通。",
                "Passkeys are not offered here yet. Use one-time codes, or ask an administrator to offer them.",
            )
        )
    return site


@PAGES.get(_HERE)
@route_guard("second_factor.keep")
def own() -> ResponseReturnValue:
    """List the person's passkeys, with the form to add one."""
    return _page()


@PAGES.post(_HERE)
@route_guard("second_factor.keep")
def begin() -> ResponseReturnValue:
    """Ask the browser to make a key."""
    name = request.form.get("name", "")
    given = (request.form.get("password", ""), name, request.form.get("code", ""))
    try:
        options = begin_passkey(the_desk(), the_actor(), demand_site(), *given)
    except (WrongPassword, WrongCode, TooManyTries, Invalid, Conflict) as refusal:
        return _refused(refusal, name=name)
    return _page("make", options=options, name=name)


@PAGES.post(f"{_HERE}/confirm")
@route_guard("second_factor.keep")
def confirm() -> ResponseReturnValue:
    """Keep the key that the browser made; recovery codes are shown where it is the first second factor."""
    name, answer = request.form.get("name", ""), request.form.get("answer", "")
    try:
        codes = confirm_passkey(the_desk(), the_actor(), demand_site(), name, answer, session_token()[0] or "")
    except (WrongPasskey, Invalid, Conflict) as refusal:
        return _refused(refusal, name=name)
    if codes:
        return _page("done", codes=codes)
    flash(
        t("通行密钥已添加，其他设备上的登录已全部退出。", "The passkey is added; all other sessions have ended."), "ok"
    )
    return redirect(_HERE)


@PAGES.post(f"{_HERE}/<int:key_id>/name")
@route_guard("second_factor.keep")
def name(key_id: int) -> ResponseReturnValue:
    """Call a passkey otherwise."""
    try:
        rename_passkey(the_desk(), the_actor(), key_id, request.form.get("name", ""))
    except Invalid as refusal:
        return _refused(refusal)
    flash(t("名称已更改。", "Renamed."), "ok")
    return redirect(_HERE)


@PAGES.post(f"{_HERE}/<int:key_id>/remove")
@route_guard("second_factor.keep")
def remove(key_id: int) -> ResponseReturnValue:
    """Forget a passkey."""
    password, token = request.form.get("password", ""), session_token()[0] or ""
    try:
        remove_passkey(the_desk(), the_actor(), key_id, password, token)
    except (WrongPassword, TooManyTries, Conflict) as refusal:
        return _refused(refusal)
    flash(
        t("通行密钥已移除，其他设备上的登录已全部退出。", "The passkey is removed; all other sessions have ended."),
        "ok",
    )
    return redirect(_HERE)


def _refused(refusal: LaurelError, name: str = "") -> Response:
    status = answered(refusal)
    return _page(status=422 if status == 401 else status, problem=say(refusal.message), name=name)


def _page(step: str = "list", status: int = 200, **shown: object) -> Response:
    """Return the page at ``step``: list, make (the browser is asked) or done (recovery codes); nothing of it is kept."""
    crumbs((t("我的账号", "My account"), "/account"), (t("通行密钥", "Passkeys"), None))
    actor, settings = the_actor(), the_settings()
    due = any(seat.role in settings.second_factor for seat in actor.seats)
    own, site = own_passkeys(the_desk(), actor), passkey_site(settings.public_url)
    runs_it = any(seat.administers for seat in actor.seats)
    known = {"own": own, "due": due, "possible": site is not None, "runs_it": runs_it}
    page = render_template("people/passkeys.html", step=step, **known, **shown)
    return make_response(page, status)
