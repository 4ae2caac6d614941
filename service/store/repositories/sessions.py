"""Signed-in browsers."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows import PersonRow, SessionRow
from service.store.tables import person, session


class Sessions(Repository):
    """Sessions by the hash of the cookie's token; the token itself is never stored."""

    def open(self, **columns: object) -> None:
        """Begin a session; see the columns of `SessionRow`."""
        self._connection.execute(sa.insert(session).values(columns))

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
        width = len(session.c)
        who = PersonRow(*row[width:]) if row[width] is not None else None
        return SessionRow(*row[:width]), who

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
