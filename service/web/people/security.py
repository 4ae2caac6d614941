"""How somebody proves who they are: second factor, passkeys, sessions."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.codes import WrongCode
from service.casework.people.factors.passkey_proofs import PasskeySite, WrongPasskey, passkey_site
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.factors.sessions import change_session
from service.casework.people.means.passkeys import (
    begin_passkey,
    confirm_passkey,
    get_actor_passkeys,
    remove_passkey,
    rename_passkey,
)
from service.casework.people.means.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    get_second_factor,
)
from service.casework.people.signing_in.sessions import end_actor_session, end_other_sessions, list_actor_sessions
from service.casework.people.signing_in.sign_in import WrongPassword
from service.domain.errors import Conflict, Invalid, LaurelError, NotFound
from service.domain.text import Text
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.parts import qr_code
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import PAGE, proof_page, route_guard, take_proof
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.sign_in import get_remaining_seconds, read_carried_form, safe_path

PAGES = Blueprint("security", __name__)


_FACTOR = "/account/second-factor"


@PAGES.get(_FACTOR)
@route_guard("second_factor.keep")
def show_factor() -> ResponseReturnValue:
    """Show whether the person signs in with a code, and the form to set it up."""
    return _factor_page("begin")


@PAGES.post(_FACTOR)
@route_guard("second_factor.keep")
def begin_factor() -> ResponseReturnValue:
    """Show a fresh secret as a QR code."""
    try:
        offered = begin_second_factor(
            the_desk(), the_actor(), request.form.get("password", ""), request.form.get("code", "")
        )
    except (WrongPassword, WrongCode, TooManyTries) as refusal:
        return _refuse_factor("begin", refusal)
    words = t("二维码：验证器的密钥，也可以手工输入", "Square: the key of the authenticator, which can also be typed")
    return _factor_page("scan", offered=offered, qr=qr_code(offered.address, words))


@PAGES.post(f"{_FACTOR}/confirm")
@route_guard("second_factor.keep")
def confirm_factor() -> ResponseReturnValue:
    """Put it in force and show the recovery codes, this once."""
    try:
        codes = confirm_second_factor(the_desk(), the_actor(), request.form.get("code", ""), session_token()[0] or "")
    except (WrongCode, TooManyTries) as refusal:
        return _refuse_factor("again", refusal)
    except Conflict as refusal:
        return _refuse_factor("begin", refusal)
    return _factor_page("done", codes=codes)


def _refuse_factor(step: str, refusal: LaurelError) -> Response:
    status = record_error_status(refusal)
    return _factor_page(step, 422 if status == 401 else status, problem=say(refusal.message))


def _factor_page(step: str, status: int = 200, **context: object) -> Response:
    """Return the page at ``step``: begin, scan, again (another try at the code) or done; nothing of it is kept."""
    set_breadcrumbs((t("我的账号", "My account"), "/account"), (t("动态口令", "One-time codes"), None))
    actor, required_roles = the_actor(), the_settings().second_factor
    due = any(seat.role in required_roles for seat in actor.seats)
    factor = get_second_factor(the_desk(), actor)
    page = render_template("people/second_factor.html", step=step, factor=factor, due=due, **context)
    return make_response(page, status)


_PASSKEYS = "/account/passkeys"


def require_site() -> PasskeySite:
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


@PAGES.get(_PASSKEYS)
@route_guard("second_factor.keep")
def show_passkeys() -> ResponseReturnValue:
    """List the person's passkeys, with the form to add one."""
    return _passkeys_page()


@PAGES.post(_PASSKEYS)
@route_guard("second_factor.keep")
def start_passkey() -> ResponseReturnValue:
    """Ask the browser to make a key."""
    name = request.form.get("name", "")
    proof = (request.form.get("password", ""), name, request.form.get("code", ""))
    try:
        options = begin_passkey(the_desk(), the_actor(), require_site(), *proof)
    except (WrongPassword, WrongCode, TooManyTries, Invalid, Conflict) as refusal:
        return _refuse_passkey(refusal, name=name)
    return _passkeys_page("make", options=options, name=name)


@PAGES.post(f"{_PASSKEYS}/confirm")
@route_guard("second_factor.keep")
def keep_passkey() -> ResponseReturnValue:
    """Keep the key that the browser made; recovery codes are shown where it is the first second factor."""
    name, answer = request.form.get("name", ""), request.form.get("answer", "")
    try:
        codes = confirm_passkey(the_desk(), the_actor(), require_site(), name, answer, session_token()[0] or "")
    except (WrongPasskey, Invalid, Conflict) as refusal:
        return _refuse_passkey(refusal, name=name)
    if codes:
        return _passkeys_page("done", codes=codes)
    flash(
        t("通行密钥已添加，其他设备上的登录已全部退出。", "The passkey is added; all other sessions have ended."), "ok"
    )
    return redirect(_PASSKEYS)


@PAGES.post(f"{_PASSKEYS}/<int:key_id>/name")
@route_guard("second_factor.keep")
def call_passkey(key_id: int) -> ResponseReturnValue:
    """Call a passkey otherwise."""
    try:
        rename_passkey(the_desk(), the_actor(), key_id, request.form.get("name", ""))
    except Invalid as refusal:
        return _refuse_passkey(refusal)
    flash(t("名称已更改。", "Renamed."), "ok")
    return redirect(_PASSKEYS)


@PAGES.post(f"{_PASSKEYS}/<int:key_id>/remove")
@route_guard("second_factor.keep")
def drop_passkey(key_id: int) -> ResponseReturnValue:
    """Forget a passkey."""
    password, token = request.form.get("password", ""), session_token()[0] or ""
    try:
        remove_passkey(the_desk(), the_actor(), key_id, password, token)
    except (WrongPassword, TooManyTries, Conflict) as refusal:
        return _refuse_passkey(refusal)
    flash(
        t("通行密钥已移除，其他设备上的登录已全部退出。", "The passkey is removed; all other sessions have ended."),
        "ok",
    )
    return redirect(_PASSKEYS)


def _refuse_passkey(refusal: LaurelError, name: str = "") -> Response:
    status = record_error_status(refusal)
    return _passkeys_page(status=422 if status == 401 else status, problem=say(refusal.message), name=name)


def _passkeys_page(step: str = "list", status: int = 200, **context: object) -> Response:
    """Return the page at ``step``: list, make (the browser is asked) or done (recovery codes); nothing of it is kept."""
    set_breadcrumbs((t("我的账号", "My account"), "/account"), (t("通行密钥", "Passkeys"), None))
    actor, settings = the_actor(), the_settings()
    due = any(seat.role in settings.second_factor for seat in actor.seats)
    passkeys, site = get_actor_passkeys(the_desk(), actor), passkey_site(settings.public_url)
    runs_it = any(seat.administers for seat in actor.seats)
    page_values = {"own": passkeys, "due": due, "possible": site is not None, "runs_it": runs_it}
    page = render_template("people/passkeys.html", step=step, **page_values, **context)
    return make_response(page, status)


_SESSIONS = "/account/sessions"


@PAGES.get(_SESSIONS)
@route_guard("session.end")
def list_reader_sessions() -> ResponseReturnValue:
    """List them."""
    set_breadcrumbs((t("我的账号", "My account"), "/account"), (t("登录设备", "Where I am signed in"), None))
    sessions = list_actor_sessions(the_desk(), the_actor(), session_token()[0] or "")
    idle = the_desk().premises.sign_in.idle
    return render_template(
        "people/sessions.html",
        sessions=sessions.sessions,
        more=sessions.more,
        idle=int(idle.total_seconds() // 60) if idle is not None else None,
        hours=the_settings().session_hours,
    )


@PAGES.get("/session/ends")
@route_guard("session.end")
def ends() -> ResponseReturnValue:
    """Tell a page how many seconds are left of the session, so that it clears itself when none are."""
    return jsonify(seconds=get_remaining_seconds())


@PAGES.get(PAGE)
@route_guard("session.prove")
def proof() -> ResponseReturnValue:
    """Ask for a fresh proof, before something that a script of another window could not do."""
    return _proof_page("", safe_path(request.args.get("next") or "/account"))


@PAGES.post(PAGE)
@route_guard("session.prove")
def prove() -> ResponseReturnValue:
    """Take it, and go on where it was asked for; what was typed there comes back."""
    back, token = safe_path(request.form.get("next")), session_token()[0] or ""
    try:
        if not take_proof():
            return _proof_page("", back)
    except (WrongCode, WrongPasskey, WrongPassword, TooManyTries) as refusal:
        return _proof_page(
            say(refusal.message), back, 422 if (status := record_error_status(refusal)) == 401 else status
        )
    typed_form = read_carried_form(request.form.get("kept", ""), back)
    if typed_form:
        change_session(the_desk(), token, lambda details: details.update(kept=typed_form))
    flash(t("已确认，请继续办理。", "Thank you: go on."))
    return redirect(back)


def _proof_page(problem: str, back: str, status: int = 200) -> ResponseReturnValue:
    fields = [("next", back), ("kept", request.form.get("kept", ""))]
    return proof_page(problem, status=status, target=PAGE, fields=fields, whole=True)


@PAGES.post(f"{_SESSIONS}/<key>/end")
@route_guard("session.end")
def end_session(key: str) -> ResponseReturnValue:
    """End one."""
    try:
        end_actor_session(the_desk(), the_actor(), key)
    except NotFound as gone:
        flash(say(gone.message), "info")
        return redirect(_SESSIONS)
    flash(t("已退出，那台设备须重新登录。", "It has ended: that device has to sign in again."))
    return redirect(_SESSIONS)


@PAGES.post(f"{_SESSIONS}/end-others")
@route_guard("session.end")
def end_others() -> ResponseReturnValue:
    """End all but this one."""
    ended = end_other_sessions(the_desk(), the_actor(), session_token()[0] or "")
    flash(t(f"已退出其他 {ended} 处登录。", f"{ended} other sessions have ended."))
    return redirect(_SESSIONS)
