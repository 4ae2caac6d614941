"""API routes of sessions: bearer tokens."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.people.factors.sessions import close_session
from service.casework.people.signing_in.prove_again import prove_again, ways_to_prove
from service.casework.people.signing_in.sign_in import SecondFactorNeeded, sign_in, sign_in_with_code
from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.common import SignInIn, TokenOut
from service.web.api.schemas.session import ProofIn
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import the_actor, the_desk, the_settings
from service.web.frame.requests.origin import origin


def register(api: Blueprint) -> None:
    """Add the routes."""
    add_route(
        api,
        ApiOperation("POST", "/session", "session.begin", "Get a bearer token", TokenOut, SignInIn, unmarked=True),
        begin_session,
    )
    add_route(api, ApiOperation("DELETE", "/session", "session.end", "End the session of the token", None), end_session)
    add_route(
        api,
        ApiOperation(
            "POST", "/session/proof", "session.prove", "Make the sign-in fresh again", None, ProofIn, unmarked=True
        ),
        prove_who,
    )


def begin_session(body: dict[str, str]) -> dict[str, Any]:
    """Sign in."""
    hours = the_settings().session_hours
    try:
        token = sign_in(the_desk(), body["login"], body["password"], hours, origin())
    except SecondFactorNeeded as step:
        if "code" not in body:
            raise
        token = sign_in_with_code(the_desk(), step.ticket, body["code"], hours, origin())
    return {"token": token, "token_type": "Bearer"}


def end_session() -> None:
    """Sign out."""
    close_session(the_desk(), session_token()[0] or "")


def prove_who(body: dict[str, str]) -> None:
    """Prove."""
    ways = ways_to_prove(the_desk(), the_actor())
    asked = "code" if ways.code or ways.key else "password"
    if asked not in body:
        raise Invalid(Text(f"请在 {asked} 中给出凭据。", f"Give the proof in {asked}."))
    prove_again(the_desk(), the_actor(), session_token()[0] or "", body[asked])
