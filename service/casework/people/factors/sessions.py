"""Sessions: the browser keeps a token, the database its keyed mark: neither a copy nor a written row opens anything.

Whose it is, how it began, when its owner proved who they are and when it ends at the latest stand under a keyed seal in
its details: a session in which somebody else wrote any of it is none. The last use is not sealed; it moves no sealed end.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

from service.casework.access.actor import Actor, acting, actor_of
from service.casework.access.book.acting import acting_by, current_origin
from service.casework.access.sign_in_proof import has_temporary_password, is_over
from service.casework.desk.desk import Desk
from service.casework.people.factors.administrator_addresses import may_use_address, require_allowed_address
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.errors import LaurelError
from service.domain.proof.signing import is_same_text
from service.domain.wording.user_agent import device_words
from service.store import Transaction
from service.store.models import SessionRow

_SECRET = "tokens"  # noqa: S105  the name of a secret, not a secret


def token_mark(desk: Desk, use: str, token: str) -> str:
    """Return the mark under which ``token`` is kept for ``use``: 64 hexadecimal digits (HMAC-SHA-256).

    The same token has another mark for another use, so that no row stands in for one of another table.
    """
    return hmac.new(desk.ballot_keys.secret(_SECRET), f"{use}: {token}".encode(), hashlib.sha256).hexdigest()


BY_CODE = "by_code"
"""Detail of a session that began with a second factor."""

BY_PROVIDER = "by_provider"
"""Detail of a session that began at an outside identity provider."""

TYPED = "typed"
"""Detail under which pages keep what is being typed: it goes over into the next session of the same person."""

ADDRESS, DEVICE, _ENDS = "address", "device", "ends"
"""Details that tell its owner where a session began and on what, and when it ends whatever is done."""

_PROVED = "proved"
"""Detail of when its owner last proved who they are, where that was after the beginning."""

_SEAL = "seal"
"""Detail of the keyed hash that only this installation makes."""

_SEEN_INTERVAL = timedelta(minutes=1)
"""How exact the last use is known: noting it with every request would make every reader a writer."""

_TYPED_RETENTION = timedelta(days=1)
"""How long what was typed waits after the end of a session for its author to sign in again."""

_AGENT: ContextVar[str] = ContextVar("laurel_user_agent", default="")


def set_agent(user_agent: str) -> None:
    """Let sessions begun by this request be of the browser or program that calls itself ``user_agent``."""
    _AGENT.set(user_agent)


def current_device() -> str:
    """Return browser and system, or program, of this request by their own word, "" where nothing was said."""
    return device_words(_AGENT.get())


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that holds: who, the mark of its forms, and ``details`` (JSON) that pages keep in it.

    ``unread`` is how many messages wait, where it was asked for; ``one_time``: the password is to be changed first,
    as somebody else set it; ``over``: as it is too old.
    """

    actor: Actor
    csrf: str
    language: str
    details: Mapping[str, Any]
    expires_at: datetime
    seen_at: datetime
    proved_at: datetime
    unread: int | None = None
    one_time: bool = False
    over: bool = False


def token_hash(desk: Desk, token: str) -> str:
    """Return the id under which the session of ``token`` is stored."""
    return token_mark(desk, "session", token)


def find_session(desk: Desk, token: str, *, unread: bool = False) -> OpenSession | None:
    """Return the session of ``token`` with the person and every seat, None when it ended; one SQL statement.

    For pages the messages not read yet are counted with it.
    """
    with desk.store.read(once=True) as tx:
        session = tx.sessions.with_seats(token_hash(desk, token), desk.clock.now(), unread=unread)
    if session is None or not _is_session_valid(session[0], desk):
        return None
    row, acting, waiting = session
    person = acting[0]
    actor = replace(actor_of(acting), by_provider=bool(row.details.get(BY_PROVIDER)))
    if not may_use_address(desk, map(attrgetter("role"), actor.seats)):
        return None
    return OpenSession(
        actor,
        row.csrf,
        person.language,
        row.details,
        row.expires_at,
        row.seen_at,
        datetime.fromisoformat(row.details[_PROVED]) if _PROVED in row.details else row.created_at,
        waiting,
        one_time=has_temporary_password(person),
        over=not actor.by_provider and is_over(person, desk.premises.sign_in.password, desk.clock.now()),
    )


def acting_as(desk: Desk, login: str) -> Actor | None:
    """Return the person who signs in as ``login`` with what they hold now, None where there is no such account."""
    with desk.store.read() as tx:
        row = tx.people.by_login(login)
        if row is None:
            return None
        return acting(tx, row.id, desk.clock.now())


def open_session(desk: Desk, person_id: int, hours: int, details: Mapping[str, Any] | None = None) -> str:
    """Begin a session of ``person_id`` for at most ``hours`` and return its token; without use it ends before.

    What the person was typing when an earlier session of theirs ended by itself goes over into this one. Raises
    AddressNotAllowed for an administrator who comes from elsewhere than the installation says.
    """
    if desk.premises.sign_in.administrators_from:
        with desk.store.read() as tx:
            asks = acting(tx, person_id, desk.clock.now())
        require_allowed_address(desk, asks)
    token, now = secrets.token_urlsafe(32), desk.clock.now()
    ends = now + timedelta(hours=hours)
    whence = {ADDRESS: current_origin(), DEVICE: current_device()}
    with desk.store.write() as tx:
        session_details = {
            **whence,
            _ENDS: ends.isoformat(),
            **_take_typed_texts(desk, tx, person_id, now),
            **(details or {}),
        }
        tx.sessions.prune(now - _TYPED_RETENTION)
        row = SessionRow(
            id=token_hash(desk, token),
            person_id=person_id,
            csrf=secrets.token_urlsafe(24),
            details={name: value for name, value in session_details.items() if value},
            created_at=now,
            seen_at=now,
            expires_at=_compute_seal_end(desk, now, ends),
        )
        tx.sessions.add(seal_session(row, desk))
    return token


def seal_session(row: SessionRow, desk: Desk) -> SessionRow:
    """Return ``row`` with the seal over what it says now: who writes the database alone makes none."""
    return replace(row, details={**row.details, _SEAL: _seal_of(row, desk)})


def is_sealed_session(row: SessionRow, desk: Desk) -> bool:
    """Return whether this installation wrote whose session ``row`` is, how it began and when it ends at the latest."""
    return is_same_text(str(row.details.get(_SEAL, "")), _seal_of(row, desk))


def _seal_of(row: SessionRow, desk: Desk) -> str:
    sealed = map(row.details.get, (_ENDS, BY_CODE, BY_PROVIDER, _PROVED))
    seal_text = json.dumps([row.id, row.person_id, row.created_at.astimezone(UTC).isoformat(), *sealed])
    return token_mark(desk, "what a session says", seal_text)


def _is_session_valid(row: SessionRow, desk: Desk) -> bool:
    """Return whether a session is sealed and its sealed end neither over nor surpassed by what stands beside it."""
    if not is_sealed_session(row, desk) or _ENDS not in row.details:
        return False
    ends = datetime.fromisoformat(row.details[_ENDS])
    return desk.clock.now() < ends and row.expires_at <= ends


def keep_alive(desk: Desk, token: str, session: OpenSession) -> None:
    """Note that ``session`` is used, so that it does not end by idleness; once a minute is enough.

    Where nothing can be written now the request goes on all the same.
    """
    now = desk.clock.now()
    if desk.premises.sign_in.idle is None or now - session.seen_at < _SEEN_INTERVAL:
        return
    ends = datetime.fromisoformat(session.details[_ENDS])
    with suppress(LaurelError), desk.store.write() as tx:
        tx.sessions.change_where(
            {"id": token_hash(desk, token)}, seen_at=now, expires_at=_compute_seal_end(desk, now, ends)
        )


def _compute_seal_end(desk: Desk, now: datetime, ends: datetime) -> datetime:
    idle = desk.premises.sign_in.idle
    return ends if idle is None else min(ends, now + idle + _SEEN_INTERVAL)


def _take_typed_texts(desk: Desk, tx: Transaction, person_id: int, now: datetime) -> dict[str, Any]:
    """Return what was being typed in sessions of a person that ended by themselves, which go."""
    typed: dict[str, Any] = {}
    for row in tx.sessions.select("expires_at", person_id=person_id, expires_at__le=now):
        typed |= (row.details.get(TYPED) or {}) if is_sealed_session(row, desk) else {}
    if typed:
        tx.sessions.delete(person_id=person_id, expires_at__le=now)
    return {TYPED: typed} if typed else {}


def note_proof(desk: Desk, token: str) -> None:
    """Note that the owner of the session of ``token`` has just proved who they are, by whatever means."""
    now = desk.clock.now().isoformat()
    with desk.store.write() as tx:
        row = tx.sessions.find(id=token_hash(desk, token))
        if row is not None and is_sealed_session(row, desk):
            proved = seal_session(replace(row, details={**row.details, _PROVED: now}), desk)
            tx.sessions.change_where({"id": row.id}, details=proved.details)


def close_session(desk: Desk, token: str) -> None:
    """End the session of ``token``; one that ended already stays so."""
    session = find_session(desk, token)
    if session is None:
        return
    with acting_by("session.end", session.actor), desk.store.write() as tx:
        tx.sessions.delete(id=token_hash(desk, token))
        if session.actor.person_id is not None:
            tx.package_drafts.change_where(
                {"editor_id": session.actor.person_id}, editor_id=None, editor="", editing_since=None
            )


def change_session(desk: Desk, token: str, change: Callable[[dict[str, Any]], object]) -> None:
    """Let ``change`` edit the details of the session of ``token``; nothing happens when it ended."""
    with desk.store.write() as tx:
        row = tx.sessions.find(id=token_hash(desk, token))
        if row is not None:
            details = dict(row.details)
            change(details)
            tx.sessions.change_where({"id": row.id}, details=details)


def take_from_session(desk: Desk, token: str, key: str) -> Any:
    """Return what the session keeps under ``key`` and forget it; None when there is nothing."""
    taken: list[Any] = [None]

    def take_details(details: dict[str, Any]) -> None:
        taken[0] = details.pop(key, None)

    change_session(desk, token, take_details)
    return taken[0]


MOST_PEOPLE = 8
"""How many share a browser; the one who signed in there longest ago is a stranger to it again."""

_MARK = 32
_NAME = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST = 400


def find_device_name(desk: Desk, person_id: int, cookie: str) -> str:
    """Return the name of the browser that keeps ``cookie`` where the person signed in there before, else ""."""
    name, marks = _split_cookie(cookie)
    expected = _compute_mark(desk, name, person_id)
    return name if any(is_same_text(expected, mark) for mark in marks) else ""


def device_cookie(desk: Desk, person_id: int, cookie: str) -> str:
    """Return the cookie of a browser in which the person has just signed in; ``cookie`` is what it kept until now."""
    name, marks = _split_cookie(cookie)
    name = name or secrets.token_urlsafe(16)
    mine = _compute_mark(desk, name, person_id)
    return ".".join([name, mine, *(mark for mark in marks if mark != mine)][: MOST_PEOPLE + 1])


def _split_cookie(cookie: str) -> tuple[str, list[str]]:
    if not cookie.isascii() or len(cookie) > _LONGEST:
        return "", []
    name, *marks = cookie.split(".")
    return (name, marks) if _NAME.fullmatch(name) else ("", [])


def _compute_mark(desk: Desk, name: str, person_id: int) -> str:
    return keyed_hash(desk, f"browser {name} of {person_id}")[:_MARK]
