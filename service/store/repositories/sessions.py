"""Signed-in browsers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from service.store.errors import missing
from service.store.prepared import fetch
from service.store.repositories.base import Repository, one, row_of
from service.store.rows import PersonRow, SessionRow, WrongPasswordRow
from service.store.rows.experts import recusal
from service.store.rows.people import body, membership, person, session, wrong_password
from service.store.rows.work import mail

SeatColumns: TypeAlias = tuple[Any, ...]
"""Jurisdiction, role, body id, body key, body name, body kind."""

Acting: TypeAlias = tuple[PersonRow, list[SeatColumns], frozenset[int]]
"""A person, what they hold, and the organisations they keep away from."""

_NOW = sa.bindparam("now", type_=session.c.expires_at.type)


def _with_seats(found: sa.FromClause, *columns: sa.ColumnElement[Any]) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for ``columns``, the people in ``found``, each of their seats, and all their recusals."""
    comma: Any = sa.literal_column("','")  # a value would be written into the statement each time
    away = sa.func.aggregate_strings(sa.cast(recusal.c.body_id, sa.String), comma)
    live = (recusal.c.person_id == person.c.id, recusal.c.lifted_at.is_(None))
    recused = sa.select(away).where(*live).correlate(person).scalar_subquery().label("recused")
    held = sa.and_(
        membership.c.person_id == person.c.id,
        membership.c.since <= _NOW,
        sa.or_(membership.c.until.is_(None), membership.c.until > _NOW),
    )
    seat = (membership.c.jurisdiction, membership.c.role, body.c.id, body.c.key, body.c.name, body.c.kind)
    return (
        sa.select(*columns, *person.c, *seat, recused)
        .select_from(found.outerjoin(membership, held).outerjoin(body, body.c.id == membership.c.body_id))
        .order_by(membership.c.id)
    )


_SIGNED_IN = session.join(person, sa.and_(person.c.id == session.c.person_id, person.c.active))
_HOLDS = (session.c.id == sa.bindparam("session"), session.c.expires_at > _NOW)
_UNREAD = (
    sa.select(sa.func.count())
    .where(mail.c.person_id == person.c.id, mail.c.read_at.is_(None))
    .correlate(person)
    .scalar_subquery()
)
_WITH_SEATS = _with_seats(_SIGNED_IN, *session.c, sa.null().label("unread")).where(*_HOLDS)
_WITH_SEATS_AND_UNREAD = _with_seats(_SIGNED_IN, *session.c, _UNREAD.label("unread")).where(*_HOLDS)
_ACTING = _with_seats(person).where(person.c.id == sa.bindparam("person"))


class SessionRepository(Repository):
    """Sessions by the hash of the cookie's token; the token itself is never stored."""

    def open(self, row: SessionRow) -> None:
        """Begin a session."""
        self._put(session, [row])

    def get(self, session_id: str) -> SessionRow | None:
        """Return a session, expired ones too."""
        return self._first(SessionRow, sa.select(session).where(session.c.id == session_id))

    def close_everybody(self) -> int:
        """End every session; returns how many there were."""
        return self._change(sa.delete(session))

    def with_seats(
        self, session_id: str, now: datetime, *, unread: bool = False
    ) -> tuple[SessionRow, PersonRow, list[SeatColumns], frozenset[int], int | None] | None:
        """Return a session that has not expired, its active person, what they hold now, and from whom they keep away.

        A seat is (jurisdiction, role, body id, body key, body name, body kind). It is one statement; last comes how many
        messages the person has not read, where it is asked for.
        """
        statement = _WITH_SEATS_AND_UNREAD if unread else _WITH_SEATS
        _, rows = fetch(self._connection, statement, {"session": session_id, "now": now})
        width = len(session.c)
        if not rows:
            return None
        return _session(rows[0][:width]), *_acting([row[width + 1 :] for row in rows]), rows[0][width]

    def acting(self, person_id: int, now: datetime) -> Acting:
        """Return a person, what they hold now, and from whom they keep away, in one statement; raises NotFound."""
        _, rows = fetch(self._connection, _ACTING, {"person": person_id, "now": now})
        if not rows:
            raise missing("人员", "person", person_id)
        return _acting(rows)

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
        """Forget expired sessions and wrong passwords; returns how many sessions there were."""
        self._change(sa.delete(wrong_password).where(wrong_password.c.forget_at <= now))
        return self._change(sa.delete(session).where(session.c.expires_at <= now))

    def wrong_passwords(self, mark: str, now: datetime) -> WrongPasswordRow | None:
        """Return what is counted under ``mark`` and not forgotten yet."""
        row = self._first(WrongPasswordRow, one(wrong_password, "mark"), mark=mark)
        return row if row is not None and row.forget_at > now else None

    def count_wrong_passwords(self, row: WrongPasswordRow) -> None:
        """Let ``row`` be what is counted under its mark."""
        self.forget_wrong_passwords(row.mark)
        self._put(wrong_password, [row])

    def forget_wrong_passwords(self, mark: str) -> None:
        """Begin to count anew under ``mark``."""
        self._change(sa.delete(wrong_password).where(wrong_password.c.mark == mark))


def _session(values: Sequence[Any]) -> SessionRow:
    return row_of(SessionRow, session, values)


def _person(values: Sequence[Any]) -> PersonRow:
    return row_of(PersonRow, person, values)


def _acting(rows: Sequence[Sequence[Any]]) -> Acting:
    width = len(person.c)
    seats = [tuple(row[width:-1]) for row in rows if row[width] is not None]
    recusals = frozenset(int(ident) for ident in str(rows[0][-1] or "").split(",") if ident)
    return _person(rows[0][:width]), seats, recusals
