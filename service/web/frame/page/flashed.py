"""Messages shown once, on the next page: they travel in a cookie of their own, so that telling something writes nothing.

What is too long for a cookie waits in the session instead, written once with the answer.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

import orjson
from flask import Response, g, request

from service.casework.people.factors.sessions import change_session, take_from_session
from service.domain.errors import LaurelError
from service.domain.proof.same_text import is_same_text
from service.web.frame.requests.cookies import drop_cookie, session_token, set_cookie
from service.web.frame.requests.current import the_desk, the_session

COOKIE = "laurel_told"
_MOST_CHARACTERS = 3000
"""Browsers drop a cookie of more than four thousand."""
_KEPT = "messages"


def flash(message: str, tone: str = "ok") -> None:
    """Show ``message`` once on the next page; tone: ok, info, warning, error."""
    if the_session() is not None:
        g.setdefault("to_tell", []).append([tone, message])


def take_flashed(with_categories: bool = False) -> list[Any]:
    """Return the messages to show on this page, which is the only one that shows them."""
    if "session" not in g or the_session() is None:
        return []
    told = [*_in_session(), *_in_cookie(), *g.pop("to_tell", [])]
    g.flashed = True
    return [(tone, message) if with_categories else message for tone, message in told]


def keep_flashed(answer: Response) -> Response:
    """Give the browser what the next page is to show, and take back what this one has shown."""
    fresh = g.get("to_tell")
    if not fresh:
        if g.get("flashed") and COOKIE in request.cookies:
            drop_cookie(answer, COOKIE)
        return answer
    waiting = [] if g.get("flashed") else _in_cookie()
    text = urlsafe_b64encode(orjson.dumps([*waiting, *fresh])).decode()
    if len(text) <= _MOST_CHARACTERS:
        set_cookie(answer, COOKIE, f"{text}.{_mark(text)}")
    else:
        change_session(
            the_desk(), session_token()[0] or "", lambda details: details.setdefault(_KEPT, []).extend(fresh)
        )
    return answer


def _in_session() -> list[list[str]]:
    session = the_session()
    if session is None or not session.details.get(_KEPT):
        return []
    try:
        return take_from_session(the_desk(), session_token()[0] or "", _KEPT) or []
    except LaurelError:
        return []  # the page is shown all the same; the message waits for a better moment


def _in_cookie() -> list[list[str]]:
    """Return what the cookie says, where it bears the mark of this session: nobody else can put words on the page."""
    text, _, mark = request.cookies.get(COOKIE, "").partition(".")
    if not text or not mark.isascii() or not is_same_text(mark, _mark(text)):
        return []
    try:
        found: list[list[str]] = orjson.loads(urlsafe_b64decode(text))
    except (Error, ValueError):
        return []
    return found


def _mark(text: str) -> str:
    session = the_session()
    key = session.csrf if session else ""
    return hmac.new(key.encode(), f"laurel told {text}".encode(), hashlib.sha256).hexdigest()
