"""Where a person is signed in: each of their sessions, ended one by one or all others at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import ADDRESS, DEVICE, token_hash
from service.domain.errors import NotAllowed, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import SessionRow

MOST = 100
"""How many are listed, the last used first."""

_KEY = 16
"""Digits by which a session is named: none of its token, which nobody but its browser knows."""


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A place where somebody is signed in; ``key`` names it, ``current`` is the one that asks.

    ``device`` is browser and system by their own word, "" where nothing was said; ``address`` is the one it began from.
    ``used`` is exact to a minute, and None where the installation ends no idle sessions.
    """

    key: str
    device: str
    address: str
    since: datetime
    used: datetime | None
    ends: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class OwnSessions:
    """The sessions of a person; ``more`` where there are others, used longer ago."""

    sessions: tuple[OwnSession, ...]
    more: bool


@guarded("session.end")
def list_own_sessions(desk: Desk, actor: Actor, token: str) -> OwnSessions:
    """Return where the actor is signed in, the last used first; ``token`` is that of the session that asks."""
    with desk.store.read() as tx:
        rows = _rows(desk, tx, actor)
    return OwnSessions(tuple(_told(desk, row, token_hash(desk, token)) for row in rows[:MOST]), len(rows) > MOST)


@guarded("session.end")
def end_own_session(desk: Desk, actor: Actor, key: str) -> None:
    """End the session that `list_own_sessions` calls ``key``; raises NotFound for one that is none of the actor's."""
    with desk.store.write() as tx:
        row = next((row for row in _rows(desk, tx, actor) if row.id[:_KEY] == key), None)
        if row is None:
            raise NotFound(Text("这处登录已经退出。", "That session has ended already."))
        tx.people.sessions.close(row.id)
        tell(f"退出一处登录：{row.details.get(DEVICE) or '未知设备'}")


@guarded("session.end")
def end_other_sessions(desk: Desk, actor: Actor, token: str) -> int:
    """End every session of the actor but that of ``token``; returns how many there were."""
    with desk.store.write() as tx:
        ended = tx.people.sessions.close_others(_signed_in(actor), token_hash(desk, token))
        if ended:
            tell(f"退出其他 {ended} 处登录")
        return ended


def _rows(desk: Desk, tx: Transaction, actor: Actor) -> list[SessionRow]:
    return tx.people.sessions.of_person(_signed_in(actor), desk.clock.now(), MOST + 1)


def _told(desk: Desk, row: SessionRow, here: str) -> OwnSession:
    told = row.details
    return OwnSession(
        key=row.id[:_KEY],
        device=told.get(DEVICE, ""),
        address=told.get(ADDRESS, ""),
        since=row.created_at,
        used=row.seen_at if desk.premises.sign_in.idle is not None else None,
        ends=row.expires_at,
        current=row.id == here,
    )


def _signed_in(actor: Actor) -> int:
    if actor.person_id is None:
        raise NotAllowed(Text("请先登录。", "Sign in first."))
    return actor.person_id
