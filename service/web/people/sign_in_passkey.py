"""Signing in with a passkey, from the page of signing in or of its second step."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.passkey_proofs import WrongPasskey
from service.casework.people.factors.password_throttle import TooManyTries
from service.casework.people.signing_in.sign_in import WrongPassword
from service.casework.people.signing_in.sign_in_with_passkey import passkey_question, sign_in_with_passkey
from service.web.frame.requests.begun import begun, signed_in_before
from service.web.frame.requests.current import the_desk, the_settings
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.origin import origin
from service.web.frame.requests.refusals import answered
from service.web.frame.requests.sign_in import ask_to_sign_in, safe_path
from service.web.people.passkeys import demand_site

PAGES = Blueprint("sign_in_passkey", __name__)


@PAGES.post("/sign-in/passkey/question")
@route_guard("session.begin")
def question() -> ResponseReturnValue:
    """Return what the browser asks an authenticator; the script of the page sends for it when the button is pressed."""
    return {"options": passkey_question(the_desk(), demand_site(), request.form.get("ticket", ""))}


@PAGES.post("/sign-in/passkey")
@route_guard("session.begin")
def answer() -> ResponseReturnValue:
    """Begin a session and go where the person wanted to go; a form typed before comes back there."""
    told, ticket = request.form.get("answer", ""), request.form.get("ticket", "")
    try:
        token = sign_in_with_passkey(
            the_desk(), demand_site(), told, the_settings().session_hours, origin(), ticket, signed_in_before()
        )
    except (WrongPasskey, WrongPassword, TooManyTries) as refusal:
        return ask_to_sign_in(refusal.message, status=answered(refusal))
    return begun(token, safe_path(request.form.get("next")))
