"""Browsers in which somebody has signed in before: who guesses from elsewhere does not hold them up.

Such a browser keeps a cookie that this installation signed for each person who signed in there. Wrong passwords from it
are counted apart from those of strangers, so that nobody outside can lock a member out of a ballot. It opens nothing.
"""

from __future__ import annotations

import re
import secrets

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.proof.same_text import is_same_text

MOST_PEOPLE = 8
"""How many share a browser; the one who signed in there longest ago is a stranger to it again."""

_MARK = 32
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST = 400


def device_known(desk: Desk, person_id: int, cookie: str) -> str:
    """Return the name of the browser that keeps ``cookie`` where the person signed in there before, else ""."""
    name, marks = _parts(cookie)
    expected = _mark(desk, name, person_id)
    return name if any(is_same_text(expected, mark) for mark in marks) else ""


def device_cookie(desk: Desk, person_id: int, cookie: str) -> str:
    """Return the cookie of a browser in which the person has just signed in; ``cookie`` is what it kept until now."""
    name, marks = _parts(cookie)
    name = name or secrets.token_urlsafe(16)
    mine = _mark(desk, name, person_id)
    return ".".join([name, mine, *(mark for mark in marks if mark != mine)][: MOST_PEOPLE + 1])


def _parts(cookie: str) -> tuple[str, list[str]]:
    if not cookie.isascii() or len(cookie) > _LONGEST:
        return "", []
    name, *marks = cookie.split(".")
    return (name, marks) if _NAME.fullmatch(name) else ("", [])


def _mark(desk: Desk, name: str, person_id: int) -> str:
    return keyed_hash(desk, f"browser {name} of {person_id}")[:_MARK]
