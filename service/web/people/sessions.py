"""The page on which people see where they are signed in, and end what is not theirs or was left open."""

from __future__ import annotations

from flask import Blueprint, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.check_code import WrongCode
from service.casework.people.factors.passkey_proofs import WrongPasskey
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.factors.sessions import change_session
from service.casework.people.signing_in.own_sessions import end_other_sessions, end_own_session, list_own_sessions
from service.casework.people.signing_in.sign_in import WrongPassword
from service.domain.errors import NotFound
from service.web.frame.page.frame import crumbs, flash
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import answered
from service.web.frame.requests.session_use import seconds_left
from service.web.frame.requests.sign_in import read_kept, safe_path
from service.web.frame.requests.step_up import PAGE, proof_page, take_proof

PAGES = Blueprint("sessions", __name__)
_HERE = "/account/sessions"


@PAGES.get(_HERE)
@route_guard("session.end")
def own_sessions() -> ResponseReturnValue:
    """List them."""
    crumbs((t("我的账号", "My account"), "/account"), (t("登录设备", "Where I am signed in"), None))
    found = list_own_sessions(the_desk(), the_actor(), session_token()[0] or "")
    idle = the_desk().premises.sign_in.idle
    return render_template(
        "people/sessions.html",
        sessions=found.sessions,
        more=found.more,
        idle=int(idle.total_seconds() // 60) if idle is not None else None,
        hours=the_settings().session_hours,
    )


@PAGES.get("/session/ends")
@route_guard("session.end")
def ends() -> ResponseReturnValue:
    """Tell a page how many seconds are left of the session, so that it clears itself when none are."""
    return jsonify(seconds=seconds_left())


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
        return _proof_page(say(refusal.message), back, 422 if (status := answered(refusal)) == 401 else status)
    kept = read_kept(request.form.get("kept", ""), back)
    if kept:
        change_session(the_desk(), token, lambda details: details.update(kept=kept))
    flash(t("已确认，请继续办理。", "Thank you: go on."))
    return redirect(back)


def _proof_page(problem: str, back: str, status: int = 200) -> ResponseReturnValue:
    fields = [("next", back), ("kept", request.form.get("kept", ""))]
    return proof_page(problem, status=status, target=PAGE, fields=fields, whole=True)


@PAGES.post(f"{_HERE}/<key>/end")
@route_guard("session.end")
def end_session(key: str) -> ResponseReturnValue:
    """End one."""
    try:
        end_own_session(the_desk(), the_actor(), key)
    except NotFound as gone:
        flash(say(gone.message), "info")
        return redirect(_HERE)
    flash(t("已退出，那台设备须重新登录。", "It has ended: that device has to sign in again."))
    return redirect(_HERE)


@PAGES.post(f"{_HERE}/end-others")
@route_guard("session.end")
def end_others() -> ResponseReturnValue:
    """End all but this one."""
    ended = end_other_sessions(the_desk(), the_actor(), session_token()[0] or "")
    flash(t(f"已退出其他 {ended} 处登录。", f"{ended} other sessions have ended."))
    return redirect(_HERE)
