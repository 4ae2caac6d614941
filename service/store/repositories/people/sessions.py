"""Signed-in browsers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from service.store.connections.prepared import fetch
from service.store.errors import missing
from service.store.repositories.base import Repository, one, row_of, word
from service.store.rows import PersonRow, SessionRow, WrongPasswordRow
from service.store.rows.deputies import deputy
from service.store.rows.experts import recusal
from service.store.rows.people import body, membership, person, session, wrong_password
from service.store.rows.work import mail

SeatColumns: TypeAlias = tuple[Any, ...]
"""Jurisdiction, role, body id, key, name and kind; of a lent one also whose it is (id, name), until when, and from whom they keep away."""

Acting: TypeAlias = tuple[PersonRow, list[SeatColumns], frozenset[int]]
"""A person, what they hold, and the organisations they keep away from."""

_NOW = sa.bindparam("now", type_=session.c.expires_at.type)
_PRINCIPAL, OWN = person.alias("principal"), membership.alias("own")
_LENDABLE = ("office", "supervisor", "government", "authority", "department")
"""Kinds of bodies whose people may let others stand in for them."""
NOT_WORKING = ("administrator", "designer", "system_administrator", "security_administrator", "audit_administrator")
"""Roles of who only administers or draws procedures."""
_BUILT_IN = [word(role) for role in NOT_WORKING]
WORKS = OWN.c.role.not_in(_BUILT_IN)
"""Who only administers or draws procedures stands in for nobody: they decide nothing."""
_SEAT = (membership.c.jurisdiction, membership.c.role, body.c.id, body.c.key, body.c.name, body.c.kind)


def _with_seats(
    found: sa.FromClause, columns: Sequence[sa.ColumnElement[Any]], *where: sa.ColumnElement[bool]
) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the statement for ``columns``, the people in ``found``, each of their seats, and whom they keep away from.

    Their own seats come first, then those in which they stand in for others.
    """
    nobody = (_nothing(deputy.c.person_id), _nothing(person.c.name), _nothing(deputy.c.until))
    turn = membership.c.id.label("turn")
    own = (
        sa.select(_zero("lent"), turn, *columns, *person.c, *_SEAT, *nobody, _kept_from(person))
        .select_from(found.outerjoin(membership, _held(membership, person.c.id)))
        .outerjoin(body, body.c.id == membership.c.body_id)
        .where(*where)
    )
    lender, turn = (deputy.c.person_id, _PRINCIPAL.c.name, deputy.c.until), deputy.c.id.label("turn")
    return own.union_all(
        sa.select(_zero("lent", 1), turn, *columns, *person.c, *_SEAT, *lender, _kept_from(_PRINCIPAL))
        .select_from(found.join(deputy, sa.and_(deputy.c.deputy_id == person.c.id, *_LENT)))
        .join(membership, sa.and_(membership.c.id == deputy.c.membership_id, _held(membership, deputy.c.person_id)))
        .join(_PRINCIPAL, sa.and_(_PRINCIPAL.c.id == deputy.c.person_id, _PRINCIPAL.c.active))
        .join(body, body.c.id == membership.c.body_id)
        .where(*where, *LENDABLE, person.c.active, sa.exists().where(_in_body(person.c.id)))
    ).order_by("lent", "turn")


_COMMA: Any = sa.literal_column("','", sa.String)
"""A value would be written into the statement each time."""


def _kept_from(who: sa.FromClause) -> sa.ColumnElement[str]:
    """Return the numbers of the organisations that a person keeps away from, in one text."""
    numbers = sa.func.aggregate_strings(sa.cast(recusal.c.body_id, sa.String), _COMMA)
    mine = (recusal.c.person_id == who.c.id, recusal.c.lifted_at.is_(None))
    return sa.select(numbers).where(*mine).correlate(who).scalar_subquery().label("recused")


def _nothing(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.type_coerce(sa.null(), column.type)


def _zero(name: str, value: int = 0) -> sa.ColumnElement[int]:
    return sa.literal_column(str(value), sa.Integer).label(name)


def _held(kept: sa.FromClause, person_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    ends = kept.c.until
    return sa.and_(kept.c.person_id == person_id, kept.c.since <= _NOW, sa.or_(ends.is_(None), ends > _NOW))


def _in_body(person_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return whether somebody works in the body of the seat that is lent."""
    return sa.and_(_held(OWN, person_id), OWN.c.body_id == membership.c.body_id, WORKS)


_LENT = (deputy.c.ended_at.is_(None), deputy.c.since <= _NOW, deputy.c.until > _NOW)
LENDABLE = (
    body.c.kind.in_([word(kind) for kind in _LENDABLE]),
    membership.c.role.not_in(_BUILT_IN),
)
"""Which seats can be lent: no applicant's, committee's or agency's, no administrator's or designer's."""


_SIGNED_IN = session.join(person, sa.and_(person.c.id == session.c.person_id, person.c.active))
_HOLDS = (session.c.id == sa.bindparam("session"), session.c.expires_at > _NOW)
_UNREAD = (
    sa.select(sa.func.count())
    .where(mail.c.person_id == person.c.id, mail.c.read_at.is_(None))
    .correlate(person)
    .scalar_subquery()
)
_WITH_SEATS = _with_seats(_SIGNED_IN, (*session.c, _nothing(person.c.id).label("unread")), *_HOLDS)
_WITH_SEATS_AND_UNREAD = _with_seats(_SIGNED_IN, (*session.c, _UNREAD.label("unread")), *_HOLDS)
_ACTING = _with_seats(person, (), person.c.id == sa.bindparam("person"))
_MINE = session.c.person_id == sa.bindparam("person")
_OF_PERSON = (
    sa.select(session)
    .where(_MINE, session.c.expires_at > _NOW)
    .order_by(session.c.seen_at.desc(), session.c.id)
    .limit(sa.bindparam("most"))
)
_ENDED = sa.select(session).where(_MINE, session.c.expires_at <= _NOW).order_by(session.c.expires_at)
_ORDER = 2
"""Columns before the others, by which the rows are in order."""


class SessionRepository(Repository):
    """Sessions by the hash of the cookie's token; the token itself is never stored."""

    def open(self, row: SessionRow) -> None:
        """Begin a session."""
        self._put(session, [row])

    def get(self, session_id: str) -> SessionRow | None:
        """Return a session, expired ones too."""
        return self._first(SessionRow, sa.select(session).where(session.c.id == session_id))

    def of_person(self, person_id: int, now: datetime, most: int) -> list[SessionRow]:
        """Return at most ``most`` sessions of a person that have not expired, the last used first."""
        return self._all(SessionRow, _OF_PERSON, person=person_id, now=now, most=most)

    def ended(self, person_id: int, now: datetime) -> list[SessionRow]:
        """Return the sessions of a person that ended by themselves and are not forgotten yet, the last at the end."""
        return self._all(SessionRow, _ENDED, person=person_id, now=now)

    def close_ended(self, person_id: int, now: datetime) -> int:
        """Forget those; returns how many there were."""
        return self._close(session.c.person_id == person_id, session.c.expires_at <= now)

    def close_others(self, person_id: int, kept: str) -> int:
        """End every session of a person but one; returns how many there were."""
        return self._close(session.c.person_id == person_id, session.c.id != kept)

    def close_everybody(self) -> int:
        """End every session; returns how many there were."""
        return self._close()

    def with_seats(
        self, session_id: str, now: datetime, *, unread: bool = False
    ) -> tuple[SessionRow, PersonRow, list[SeatColumns], frozenset[int], int | None] | None:
        """Return a session that has not expired, its active person, what they hold now, and from whom they keep away.

        It is one statement; last comes how many messages the person has not read, where it is asked for. The seats in
        which they stand in for others come after their own.
        """
        statement = _WITH_SEATS_AND_UNREAD if unread else _WITH_SEATS
        _, rows = fetch(self._connection, statement, {"session": session_id, "now": now})
        width = len(session.c)
        if not rows:
            return None
        rows = [row[_ORDER:] for row in rows]
        who, seats, away = _acting([row[width + 1 :] for row in rows])
        return _session(rows[0][:width]), who, seats, away, rows[0][width]

    def acting(self, person_id: int, now: datetime) -> Acting:
        """Return a person, what they hold now, and from whom they keep away, in one statement; raises NotFound."""
        _, rows = fetch(self._connection, _ACTING, {"person": person_id, "now": now})
        if not rows:
            raise missing("人员", "person", person_id)
        return _acting([row[_ORDER:] for row in rows])

    def touch(self, session_id: str, seen_at: datetime, expires_at: datetime) -> None:
        """Note that the browser is still there."""
        self.update(session_id, seen_at=seen_at, expires_at=expires_at)

    def update(self, session_id: str, **changes: object) -> None:
        """Change a session."""
        self._connection.execute(sa.update(session).where(session.c.id == session_id).values(changes))

    def close(self, session_id: str) -> None:
        """End a session."""
        self._close(session.c.id == session_id)

    def close_all(self, person_id: int) -> int:
        """End every session of a person, as when the password changes; returns how many there were."""
        return self._close(session.c.person_id == person_id)

    def _close(self, *which: sa.ColumnElement[bool]) -> int:
        return self._change(sa.delete(session).where(*which))

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
    seats = [seat for row in rows if (seat := _seat(row[width:])) is not None]
    return _person(rows[0][:width]), seats, _numbers(rows[0][-1])


def _seat(values: Sequence[Any]) -> SeatColumns | None:
    """Return a seat, None for nothing; of a lent one whose it is and until when come behind, and from whom they keep away."""
    seat, lender = tuple(values[: len(_SEAT)]), values[len(_SEAT)]
    if seat[0] is None:
        return None
    return seat if lender is None else (*seat, *values[len(_SEAT) : len(_SEAT) + 3], _numbers(values[-1]))


def _numbers(listed: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in listed.split(",")) if listed else frozenset()
