"""Operations of sessions: bearer tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import close_session
from service.casework.people.signing_in.prove_again import prove_again, ways_to_prove
from service.casework.people.signing_in.sign_in import SecondFactorNeeded, sign_in, sign_in_with_code
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.bounds import Default, Example, Length, Name
from service.web.api.operation import Operation
from service.web.frame.requests.cookies import session_token
from service.web.frame.requests.current import the_settings

_Code = Annotated[str | None, Length(1, 40), Default(), Example("123456")]


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token."""

    token: str
    token_type: str = "Bearer"  # noqa: S105  a kind of token, not one


def begin_session(desk: Desk, login: Annotated[str, Length(1, 80)], password: Name, origin: str, code: _Code) -> Token:
    """Get a bearer token; ``code`` is a one-time or recovery code, for who signs in with one.

    Raises:
        WrongPassword, SecondFactorNeeded, WrongCode, GivenPasswordOver, AddressNotAllowed, TooManyTries: not signed in.
    """
    hours = the_settings().session_hours
    try:
        return Token(sign_in(desk, login, password, hours, origin))
    except SecondFactorNeeded as step:
        if code is None:
            raise
        return Token(sign_in_with_code(desk, step.ticket, code, hours, origin))


def end_session(desk: Desk) -> None:
    """End the session of the token."""
    close_session(desk, session_token()[0] or "")


def prove_who(
    desk: Desk, actor: Actor, code: _Code, password: Annotated[Name | None, Default(), Example("新口令-2026")]
) -> None:
    """Make the sign-in fresh again, with a code or, for who has none, the present password."""
    ways = ways_to_prove(desk, actor)
    name, proof = ("code", code) if ways.code or ways.key else ("password", password)
    if proof is None:
        raise Invalid(Text(f"请在 {name} 中给出凭据。", f"Give the proof in {name}."))
    prove_again(desk, actor, session_token()[0] or "", proof)


OPERATIONS = (
    Operation("POST /session", "session.begin", begin_session, unmarked=True),
    Operation("DELETE /session", "session.end", end_session),
    Operation("POST /session/proof", "session.prove", prove_who, unmarked=True),
)
