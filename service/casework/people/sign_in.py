"""Signing in, with a brake on guessing that survives a restart."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from service.casework.desk import Desk
from service.casework.people.passwords import password_matches
from service.casework.people.sessions import open_session
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Transaction

FREE_TRIES = 5
"""Wrong passwords in a row before the first pause."""

_PAUSE, _LONGEST = timedelta(seconds=30), timedelta(minutes=15)
_FORGET = timedelta(hours=1)


class WrongPassword(LaurelError):
    """Login name and password do not belong together (HTTP 401); it is not said which of the two is wrong."""

    code = "wrong_password"
    status = 401


class TooManyTries(LaurelError):
    """Somebody guesses, or has forgotten the password (HTTP 429)."""

    code = "too_many_tries"
    status = 429


def sign_in(desk: Desk, login: str, password: str, hours: int) -> str:
    """Begin a session for whoever knows ``password`` of ``login``; returns its token.

    Raises:
        WrongPassword: if the two do not belong together, or the account is closed.
        TooManyTries: after several wrong passwords, until the pause is over.
    """
    login, now = login.strip(), desk.clock.now()
    mark = _mark(login)
    with desk.store.read() as tx:
        _demand_patience(tx, mark, now)
        person = tx.people.by_login(login)
    # Hashing takes tens of milliseconds: no transaction is open meanwhile.
    known = person is not None and person.active
    if not password_matches(person.password if person is not None and known else None, password):
        _count_wrong(desk, mark, now)
        raise WrongPassword(
            Text(
                "登录名或密码不正确，请核对后重试。忘记密码请联系本单位或办公室管理员重置。",
                "Login name or password is wrong. If you forgot the password, ask an administrator to set a new one.",
            )
        )
    assert person is not None
    with desk.store.write() as tx:
        tx.people.sessions.close(mark)
    return open_session(desk, person.id, hours)


def _mark(login: str) -> str:
    """Return the row that counts wrong passwords of ``login``: a session of nobody, which ages like any other."""
    return hashlib.sha256(f"wrong passwords of {login.lower()}".encode()).hexdigest()


def _demand_patience(tx: Transaction, mark: str, now: datetime) -> None:
    row = tx.people.sessions.get(mark)
    if row is None or row.expires_at <= now or row.details["wrong"] < FREE_TRIES:
        return
    until = row.seen_at + min(_PAUSE * 2 ** (row.details["wrong"] - FREE_TRIES), _LONGEST)
    if now < until:
        minutes = max(1, -(-int((until - now).total_seconds()) // 60))
        raise TooManyTries(
            Text(
                f"密码多次输入错误，请在 {minutes} 分钟后再试。忘记密码请联系管理员重置。",
                f"Too many wrong passwords; try again in {minutes} minute(s), or ask an administrator to set a new one.",
            )
        )


def _count_wrong(desk: Desk, mark: str, now: datetime) -> None:
    with desk.store.write() as tx:
        row = tx.people.sessions.get(mark)
        wrong = row.details["wrong"] + 1 if row is not None and row.expires_at > now else 1
        tx.people.sessions.close(mark)
        tx.people.sessions.open(
            id=mark,
            person_id=None,
            csrf="",
            details={"wrong": wrong},
            created_at=now,
            seen_at=now,
            expires_at=now + _FORGET,
        )
