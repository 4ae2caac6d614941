"""Signed-in browsers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows import PersonRow, SessionRow
from service.store.rows.experts import recusal
from service.store.rows.people import body, membership, person, session

SeatColumns: TypeAlias = tuple[Any, ...]
"""Jurisdiction, role, body id, body key, body name, body kind."""


class SessionRepository(Repository):
    """Sessions by the hash of the cookie's token; the token itself is never stored."""

    def open(self, row: SessionRow) -> None:
        """Begin a session."""
        self._put(session, [row])

    def get(self, session_id: str) -> SessionRow | None:
        """Return a session, expired ones too."""
        return self._first(SessionRow, sa.select(session).where(session.c.id == session_id))

    def signed_in(self, session_id: str, now: datetime) -> tuple[SessionRow, PersonRow | None] | None:
        """Return a session that has not expired with the active person it belongs to, in one statement."""
        active = sa.and_(person.c.id == session.c.person_id, person.c.active)
        statement = (
            sa.select(*session.c, *person.c)
            .select_from(session.outerjoin(person, active))
            .where(session.c.id == session_id, session.c.expires_at > now)
        )
        row = self._connection.execute(statement).first()
        if row is None:
            return None
        mine, who = row[: len(session.c)], row[len(session.c) :]
        return _session(mine), _person(who) if who[0] is not None else None

    def with_seats(
        self, session_id: str, now: datetime
    ) -> tuple[SessionRow, PersonRow, list[SeatColumns], frozenset[int]] | None:
        """Return a session that has not expired, its active person, what they hold now, and from whom they keep away.

        A seat is (jurisdiction, role, body id, body key, body name, body kind). It is one statement.
        """
        away = sa.func.aggregate_strings(sa.cast(recusal.c.body_id, sa.String), ",")
        live = (recusal.c.person_id == person.c.id, recusal.c.lifted_at.is_(None))
        recused = sa.select(away).where(*live).correlate(person).scalar_subquery().label("recused")
        active = sa.and_(person.c.id == session.c.person_id, person.c.active)
        held = sa.and_(
            membership.c.person_id == person.c.id,
            membership.c.since <= now,
            sa.or_(membership.c.until.is_(None), membership.c.until > now),
        )
        seat = (membership.c.jurisdiction, membership.c.role, body.c.id, body.c.key, body.c.name, body.c.kind)
        statement = (
            sa.select(*session.c, *person.c, *seat, recused)
            .select_from(session.join(person, active).outerjoin(membership, held))
            .outerjoin(body, body.c.id == membership.c.body_id)
            .where(session.c.id == session_id, session.c.expires_at > now)
            .order_by(membership.c.id)
        )
        rows = self._connection.execute(statement).all()
        if not rows:
            return None
        first, second = len(session.c), len(session.c) + len(person.c)
        seats = [tuple(row[second:-1]) for row in rows if row[second] is not None]
        recusals = frozenset(int(ident) for ident in str(rows[0][-1] or "").split(",") if ident)
        return _session(rows[0][:first]), _person(rows[0][first:second]), seats, recusals

    def touch(self, session_id: str, seen_at: datetime, expires_at: datetime) -> None:
        """Note that the browser is still there."""
        self.update(session_id, seen_at=seen_at, expires_at=expires_at)

    def update(self, session_id: str, **changes: object) -> None:
        """Change a session."""
        self._connection.execute(sa.update(session).where(session.c.id == session_id).values(changes))

    def close(self, session_id: str) -> None:
        """End a session."""
        self._connection.execute(sa.delete(session).where(session.c.id == session_id))

    def close_all(self, person_id: int) -> int:
        """End every session of a person, as when the password changes; returns how many there were."""
        return self._change(sa.delete(session).where(session.c.person_id == person_id))

    def prune(self, now: datetime) -> int:
        """Forget expired sessions; returns how many there were."""
        return self._change(sa.delete(session).where(session.c.expires_at <= now))


def _session(values: Sequence[Any]) -> SessionRow:
    return SessionRow(**dict(zip(session.c.keys(), values, strict=True)))


def _person(values: Sequence[Any]) -> PersonRow:
    return PersonRow(**dict(zip(person.c.keys(), values, strict=True)))
