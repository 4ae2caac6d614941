"""Sessions: the browser keeps a token, the database its keyed mark: neither a copy nor a written row opens anything."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.casework.access.acting import acting, actor_of
from service.casework.access.actor import Actor
from service.casework.access.book.acting import acting_by
from service.casework.access.given_password import is_one_time
from service.casework.desk.desk import Desk
from service.casework.people.token_marks import token_mark
from service.store.rows import SessionRow

BY_CODE = "by_code"
"""Detail of a session that began with a second factor."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that holds: who, the mark of its forms, and ``details`` (JSON) that pages keep in it.

    ``unread`` is how many messages wait, where it was asked for; ``one_time``: the password is to be changed first.
    """

    actor: Actor
    csrf: str
    language: str
    details: Mapping[str, Any]
    expires_at: datetime
    unread: int | None = None
    one_time: bool = False


def token_hash(desk: Desk, token: str) -> str:
    """Return the id under which the session of ``token`` is stored."""
    return token_mark(desk, "session", token)


def find_session(desk: Desk, token: str, *, unread: bool = False) -> OpenSession | None:
    """Return the session of ``token`` with the person and every seat, None when it ended; one SQL statement.

    For pages the messages not read yet are counted with it.
    """
    with desk.store.read(once=True) as tx:
        found = tx.people.sessions.with_seats(token_hash(desk, token), desk.clock.now(), unread=unread)
    if found is None:
        return None
    row, person, seats, recused, waiting = found
    return OpenSession(
        actor_of((person, seats, recused)),
        row.csrf,
        person.language,
        row.details,
        row.expires_at,
        waiting,
        one_time=is_one_time(person),
    )


def acting_as(desk: Desk, login: str) -> Actor | None:
    """Return the person who signs in as ``login`` with what they hold now, None where there is no such account."""
    with desk.store.read() as tx:
        row = tx.people.by_login(login)
        if row is None:
            return None
        return acting(tx, row.id, desk.clock.now())


def open_session(desk: Desk, person_id: int, hours: int, details: Mapping[str, Any] | None = None) -> str:
    """Begin a session of ``person_id`` for ``hours`` and return its token."""
    token, now = secrets.token_urlsafe(32), desk.clock.now()
    with desk.store.write() as tx:
        tx.people.sessions.prune(now)
        tx.people.sessions.open(
            SessionRow(
                id=token_hash(desk, token),
                person_id=person_id,
                csrf=secrets.token_urlsafe(24),
                details=dict(details or {}),
                created_at=now,
                seen_at=now,
                expires_at=now + timedelta(hours=hours),
            )
        )
    return token


def close_session(desk: Desk, token: str) -> None:
    """End the session of ``token``; one that ended already stays so."""
    session = find_session(desk, token)
    if session is None:
        return
    with acting_by("session.end", session.actor), desk.store.write() as tx:
        tx.people.sessions.close(token_hash(desk, token))


def change_session(desk: Desk, token: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Let ``change`` edit the details of the session of ``token``; nothing happens when it ended."""
    with desk.store.write() as tx:
        row = tx.people.sessions.get(token_hash(desk, token))
        if row is not None:
            details = dict(row.details)
            change(details)
            tx.people.sessions.update(row.id, details=details)


def take_from_session(desk: Desk, token: str, key: str) -> Any:
    """Return what the session keeps under ``key`` and forget it; None when there is nothing."""
    taken: list[Any] = [None]

    def take(details: dict[str, Any]) -> None:
        taken[0] = details.pop(key, None)

    change_session(desk, token, take)
    return taken[0]
