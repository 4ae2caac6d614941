"""Which requests are a use of a session: what pages ask by themselves keeps nobody signed in."""

from __future__ import annotations

from flask import request

from service.casework.people.factors.sessions import OpenSession, keep_alive
from service.web.frame.requests.current import the_desk, the_session


def note_use(token: str, session: OpenSession) -> None:
    """Keep the session of this request from ending by idleness, unless a page asks by itself while nobody does anything."""
    asked_by_script = request.method == "GET" and request.headers.get("X-Requested-With") == "fetch"
    if not asked_by_script:
        keep_alive(the_desk(), token, session)


def seconds_left() -> int | None:
    """Return how many seconds the session of this request goes on without use; None where there is none."""
    session = the_session()
    return None if session is None else max(0, int((session.expires_at - the_desk().clock.now()).total_seconds()))
