"""Pages of single sign-on: to the provider and back, and the identities of one's own account."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.codes import WrongCode
from service.casework.people.factors.passkey_proofs import passkey_site
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.means.link_outside import (
    begin_link,
    link_actor_identity,
    list_linked_identities,
    unlink_actor_identity,
)
from service.casework.people.signing_in.sign_in import SecondFactorNeeded, WrongPassword
from service.casework.people.signing_in.sign_in_outside import (
    Arrived,
    NotLinked,
    finish_provider_sign_in,
    sign_in_outside,
    sign_in_outside_with_code,
    sign_out_address,
    start_provider_sign_in,
)
from service.domain.errors import Conflict, LaurelError
from service.identity import NotVouched, ProviderUnreachable
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.requests.cookies import ERRAND, drop_cookie, get_cookie_name, session_token, set_cookie
from service.web.frame.requests.current import VISITOR, say, t, the_actor, the_desk, the_session, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import record_error_status
from service.web.frame.requests.request_pace import hash_sender_network
from service.web.frame.requests.sign_in import ask_to_sign_in, begin_session, safe_path, signed_in_before

PAGES = Blueprint("outside", __name__)
_ANSWER, _CODE = "/sign-in/outside/answer", "/sign-in/outside/code"
_OWN = "/account/identity"
_MINUTES = 600


@PAGES.get("/sign-in/outside")
@route_guard("session.begin")
def begin() -> ResponseReturnValue:
    """Send the browser to the provider."""
    path = safe_path(request.args.get("next"))
    if the_session() is not None:
        return redirect(path)
    try:
        leaving = start_provider_sign_in(the_desk(), _get_return_address(), path, hash_sender_network())
    except (NotVouched, ProviderUnreachable, TooManyTries) as refusal:
        return _answer_refusal(refusal)
    answer = make_response(redirect(leaving.address))
    set_cookie(answer, ERRAND, leaving.keepsake, _MINUTES)
    return answer


@PAGES.get(_ANSWER)
@route_guard("session.begin")
def come_back() -> ResponseReturnValue:
    """Take whom the provider sends back: to sign in, or to be linked to the account that is signed in."""
    keepsake = request.cookies.get(get_cookie_name(ERRAND, the_settings()), "")
    try:
        came = finish_provider_sign_in(
            the_desk(), _get_return_address(), keepsake, request.args.to_dict(), hash_sender_network()
        )
        answer = _signed_in(came) if came.link_to is None else _finish_link(came)
    except (NotVouched, ProviderUnreachable, TooManyTries) as refusal:
        answer = _answer_refusal(refusal)
    drop_cookie(answer, ERRAND)
    return answer


@PAGES.post("/sign-in/outside/code")
@route_guard("session.begin")
def by_code() -> ResponseReturnValue:
    """Take the code of a person whom the provider vouched for."""
    ticket, path = request.form.get("ticket", ""), safe_path(request.form.get("next"))
    hours = the_settings().session_hours
    try:
        token = sign_in_outside_with_code(
            the_desk(), ticket, request.form.get("code", ""), hours, hash_sender_network(), signed_in_before()
        )
    except (WrongCode, TooManyTries) as refusal:
        code, key = (name in request.form for name in ("by_code", "by_key"))
        return ask_for_code(ticket, path, refusal, wrong=True, by_code=code, by_key=key, action=_CODE)
    except NotVouched as refusal:
        return _answer_refusal(refusal)
    return begin_session(token, path)


@PAGES.get(_OWN)
@route_guard("identity.keep")
def own() -> ResponseReturnValue:
    """Show the identities linked to one's account."""
    return _render_account_page()


@PAGES.post(_OWN)
@route_guard("identity.keep")
def go() -> ResponseReturnValue:
    """Take the password and lead to the provider, by a link: a form may not lead to another site."""
    try:
        leaving = begin_link(
            the_desk(),
            the_actor(),
            request.form.get("password", ""),
            _get_return_address(),
            _OWN,
            hash_sender_network(),
        )
    except (WrongPassword, NotVouched, ProviderUnreachable, TooManyTries) as refusal:
        status = record_error_status(refusal)
        return _render_account_page(say(refusal.message), 422 if status == 401 else status)
    answer = _render_account_page(address=leaving.address)
    set_cookie(answer, ERRAND, leaving.keepsake, _MINUTES)
    return answer


@PAGES.post(f"{_OWN}/remove")
@route_guard("identity.keep")
def remove_identity_link() -> ResponseReturnValue:
    """Remove a link of one's own."""
    unlink_actor_identity(the_desk(), the_actor(), request.form.get("key", ""), session_token()[0] or "")
    flash(t("关联已解除，其他设备上的登录已全部退出。", "The link is removed; all other sessions have ended."))
    return redirect(_OWN)


def signed_out(*, by_provider: bool) -> Response:
    """Return where a person is after signing out: who came by the provider may sign out there, too."""
    address = sign_out_address(the_desk(), f"{the_settings().public_url}/") if by_provider else None
    if address is None:
        return make_response(redirect("/"))
    g.session, g.actor = None, VISITOR  # the page is a visitor's already
    return make_response(render_template("people/signed_out.html", address=address))


def _signed_in(came: Arrived) -> Response:
    try:
        token = sign_in_outside(the_desk(), came.who, the_settings().session_hours, signed_in_before())
        return begin_session(token, came.path)
    except SecondFactorNeeded as step:
        return ask_for_code(step.ticket, came.path, step, by_code=step.by_code, by_key=step.by_key, action=_CODE)
    except NotLinked as waits:
        page = render_template("people/not_linked.html", message=say(waits.message))
        return make_response(page, record_error_status(waits))


def _finish_link(came: Arrived) -> Response:
    try:
        link_actor_identity(the_desk(), the_actor(), came)
    except Conflict as refusal:
        return _render_account_page(say(refusal.message), record_error_status(refusal))
    flash(t("已关联，今后可以用统一身份认证登录。", "Linked: from now on you can sign in by single sign-on."))
    return make_response(redirect(_OWN))


def _answer_refusal(refusal: LaurelError) -> Response:
    return ask_to_sign_in(refusal.message, status=record_error_status(refusal))


def _render_account_page(problem: str = "", status: int = 200, address: str = "") -> Response:
    set_breadcrumbs((t("我的账号", "My account"), "/account"), (t("统一身份认证", "Single sign-on"), None))
    identities = list_linked_identities(the_desk(), the_actor())
    page = render_template("people/identities.html", found=identities, problem=problem, address=address)
    return make_response(page, status)


def _get_return_address() -> str:
    return f"{the_settings().public_url}{_ANSWER}"


def ask_for_code(
    ticket: str,
    back: str,
    error: LaurelError,
    *,
    wrong: bool = False,
    by_code: bool = True,
    by_key: bool = False,
    kept: str = "",
    action: str = "",
) -> Response:
    """Return the page; ``back`` is where one goes on, ``kept`` a form typed before, ``action`` where the code is sent.

    A passkey shown there signs in by itself, as the person's own sign-in.
    """
    page = render_template(
        "people/sign_in_code.html",
        message=say(error.message),
        wrong=wrong,
        ticket=ticket,
        by_code=by_code,
        by_key=by_key,
        passkeys=passkey_site(the_settings().public_url) is not None,
        next=back,
        kept=kept,
        action=action,
    )
    return make_response(page, record_error_status(error) if wrong else 200)
