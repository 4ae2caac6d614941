"""Signing in and out, and one's own account."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.access.sign_in_proof import GivenPasswordOver, PasswordOver
from service.casework.people.accounts.accounts import change_password
from service.casework.people.accounts.profile import (
    Profile,
    change_actor_profile,
    get_actor_profile,
    get_message_language,
    message_languages,
)
from service.casework.people.factors.codes import WrongCode
from service.casework.people.factors.passkey_proofs import WrongPasskey
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.factors.sessions import change_session, close_session
from service.casework.people.signing_in.sign_in import SecondFactorNeeded, WrongPassword, sign_in, sign_in_with_code
from service.casework.people.signing_in.sign_in_with_passkey import passkey_question, sign_in_with_passkey
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.domain.translation import languages
from service.web.frame.page.frame import chosen_seat, flash, set_breadcrumbs
from service.web.frame.page.languages import describe_language
from service.web.frame.page.names import city_name, role_name
from service.web.frame.requests.cookies import LANGUAGE, SESSION, drop_cookie, session_token, set_cookie
from service.web.frame.requests.current import say, t, the_actor, the_desk, the_session, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.request_pace import hash_sender_network
from service.web.frame.requests.sign_in import (
    ask_to_sign_in,
    begin_session,
    render_sign_in,
    safe_path,
    seat_key,
    signed_in_before,
)
from service.web.people.outside import ask_for_code, signed_out
from service.web.people.security import require_site

PAGES = Blueprint("account", __name__)


_YEAR = 365 * 24 * 3600


@PAGES.get("/sign-in")
@route_guard("session.begin")
def sign_in_page() -> ResponseReturnValue:
    """Ask for login name and password."""
    back = safe_path(request.args.get("next"))
    if the_session() is not None:
        return redirect(back)
    message = (
        t("请先登录，登录后回到原来的页面。", "Sign in to go on to the page you asked for.")
        if "next" in request.args
        else ""
    )
    return render_sign_in(message, back)


@PAGES.post("/sign-in")
@route_guard("session.begin")
def sign_in_now() -> ResponseReturnValue:
    """Begin a session and go where the person wanted to go; a form typed before comes back there."""
    login, back = request.form.get("login", ""), safe_path(request.form.get("next"))
    try:
        hours = the_settings().session_hours
        token = sign_in(
            the_desk(), login, request.form.get("password", ""), hours, hash_sender_network(), signed_in_before()
        )
    except SecondFactorNeeded as step:
        return _ask_for_code(step.ticket, step, by_code=step.by_code, by_key=step.by_key)
    except (WrongPassword, GivenPasswordOver, TooManyTries) as refusal:
        return ask_to_sign_in(refusal.message, login=login, status=record_error_status(refusal))
    return begin_session(token, back)


@PAGES.post("/sign-in/code")
@route_guard("session.begin")
def sign_in_by_code() -> ResponseReturnValue:
    """Take the code of a person whose password was right."""
    ticket, back = request.form.get("ticket", ""), safe_path(request.form.get("next"))
    try:
        token = sign_in_with_code(
            the_desk(),
            ticket,
            request.form.get("code", ""),
            the_settings().session_hours,
            hash_sender_network(),
            signed_in_before(),
        )
    except (WrongCode, TooManyTries) as refusal:
        there = {name: name in request.form for name in ("by_code", "by_key")}
        return _ask_for_code(ticket, refusal, wrong=True, **there)
    except WrongPassword as refusal:
        return ask_to_sign_in(refusal.message, status=record_error_status(refusal))
    return begin_session(token, back)


def _ask_for_code(
    ticket: str, said: LaurelError, *, wrong: bool = False, by_code: bool = True, by_key: bool = False
) -> Response:
    """Return the page of the second step; a form typed before goes along."""
    typed_form = request.form.get("kept", "")
    back = safe_path(request.form.get("next"))
    return ask_for_code(ticket, back, said, wrong=wrong, by_code=by_code, by_key=by_key, kept=typed_form)


@PAGES.post("/sign-out")
@route_guard("session.begin")
def sign_out() -> ResponseReturnValue:
    """End the session, here and in the database."""
    token, _ = session_token()
    session = the_session()
    if token:
        close_session(the_desk(), token)
    answer = signed_out(by_provider=session is not None and session.actor.by_provider)
    drop_cookie(answer, SESSION)
    return answer


@PAGES.get("/language")
@route_guard("language.switch")
def switch_language() -> ResponseReturnValue:
    """Switch to another language and show the same page again."""
    to = request.args.get("to", "")
    answer = make_response(redirect(safe_path(request.args.get("next"))))
    set_cookie(answer, LANGUAGE, to if to in languages() else "zh", _YEAR)
    return answer


@PAGES.get("/seats")
@route_guard("task.list")
def seats() -> ResponseReturnValue:
    """Offer the roles a person holds."""
    set_breadcrumbs((t("切换身份", "Switch role"), None))
    return render_template("people/seats.html", rows=_list_seats())


def _list_seats() -> list[dict[str, object]]:
    """Return the roles of the person as pages list them."""
    chosen = chosen_seat(the_actor())
    return [
        {
            "key": seat_key(seat),
            "role": role_name(seat),
            "body": seat.body_name,
            "city": "" if seat.jurisdiction == "*" else city_name(seat.jurisdiction),
            "chosen": seat == chosen,
            "lender": seat.lender,
        }
        for seat in the_actor().seats
    ]


@PAGES.post("/seats")
@route_guard("task.list")
def choose_seat() -> ResponseReturnValue:
    """Look from another seat from now on."""
    wanted = request.form.get("seat", "")
    if wanted not in {seat_key(seat) for seat in the_actor().seats}:
        raise Invalid(Text("请从列表中选择您担任的角色。", "Choose one of the roles that you hold."))
    change_session(the_desk(), session_token()[0] or "", lambda details: details.update(seat=wanted))
    return redirect("/")


@PAGES.get("/account")
@route_guard("profile.change")
def account() -> ResponseReturnValue:
    """Show what is on record of the person, and the way to the password."""
    return _account_page(get_actor_profile(the_desk(), the_actor()))


def seen_profile() -> Profile | None:
    """Return what the page of the request showed of a person, None where it does not say."""
    parts = [request.form.get(f"seen_{name}") for name in ("name", "email", "telephone")]
    return None if None in parts else Profile(*map(str, parts))


@PAGES.post("/account")
@route_guard("profile.change")
def new_profile() -> ResponseReturnValue:
    """Set where the person is reached."""
    email, telephone = request.form.get("email", ""), request.form.get("telephone", "")
    try:
        change_actor_profile(the_desk(), the_actor(), email, telephone, seen_profile())
    except Invalid as refusal:
        typed = replace(get_actor_profile(the_desk(), the_actor()), email=email, telephone=telephone)
        return _account_page(typed, say(refusal.message), record_error_status(refusal))
    flash(t("联系方式已保存。", "Saved."))
    return redirect("/account")


@PAGES.get("/password")
@route_guard("password.change")
def password_page() -> ResponseReturnValue:
    """Show the form for a new password."""
    return _password_page()


@PAGES.post("/password")
@route_guard("password.change")
def new_password() -> ResponseReturnValue:
    """Set a new password of the signed-in person; every other session of theirs ends."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid(
                Text("两次输入的新密码不一致，请重新输入。", "The two new passwords differ; type them again.")
            )
        change_password(the_desk(), the_actor(), old, new, session_token()[0] or "")
    except (Invalid, WrongPassword) as refusal:
        return _password_page(say(refusal.message), 422)
    except TooManyTries as refusal:
        return _password_page(say(refusal.message), record_error_status(refusal))
    flash(t("密码已修改，其他设备上的登录已全部退出。", "The password is changed; all other sessions have ended."))
    return redirect(safe_path(request.form.get("next")))


def _account_page(profile: Profile, problem: str = "", status: int = 200) -> Response:
    set_breadcrumbs((t("我的账号", "My account"), None))
    page = render_template(
        "people/account.html",
        profile=profile,
        seats=_list_seats(),
        problem=problem,
        fresh=the_desk().premises.sign_in.proof is not None,
        languages=[describe_language(ident) for ident in message_languages()],
        spoken=get_message_language(the_desk(), the_actor()),
    )
    return make_response(page, status)


def _password_page(problem: str = "", status: int = 200) -> Response:
    set_breadcrumbs((t("我的账号", "My account"), "/account"), (t("修改密码", "Change password"), None))
    session, lasts = the_session(), the_desk().premises.sign_in.password
    is_temporary, onward = session is not None and session.one_time, safe_path(request.values.get("next"))
    over = say(PasswordOver(lasts).message) if session is not None and session.over and lasts is not None else ""
    page = render_template("people/password.html", problem=problem, one_time=is_temporary, over=over, next=onward)
    return make_response(page, status)


@PAGES.post("/sign-in/passkey/question")
@route_guard("session.begin")
def ask_passkey() -> ResponseReturnValue:
    """Return what the browser asks an authenticator; the script of the page sends for it when the button is pressed."""
    return {"options": passkey_question(the_desk(), require_site(), request.form.get("ticket", ""))}


@PAGES.post("/sign-in/passkey")
@route_guard("session.begin")
def sign_in_by_passkey() -> ResponseReturnValue:
    """Begin a session and go where the person wanted to go; a form typed before comes back there."""
    answer, ticket = request.form.get("answer", ""), request.form.get("ticket", "")
    try:
        token = sign_in_with_passkey(
            the_desk(),
            require_site(),
            answer,
            the_settings().session_hours,
            hash_sender_network(),
            ticket,
            signed_in_before(),
        )
    except (WrongPasskey, WrongPassword, TooManyTries) as refusal:
        return ask_to_sign_in(refusal.message, status=record_error_status(refusal))
    return begin_session(token, safe_path(request.form.get("next")))
