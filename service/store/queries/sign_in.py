"""Signed-in browsers, and what people sign in with: each code and challenge is taken once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from service.store.errors import missing
from service.store.models import (
    AnsweredChallengeRow,
    PasskeyRow,
    PersonRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SessionRow,
)
from service.store.models.people import (
    answered_challenge,
    body,
    deputy,
    membership,
    passkey,
    person,
    recovery_code,
    second_factor,
    session,
    wrong_password,
)
from service.store.models.review import expert, interest, recusal
from service.store.models.work import mail
from service.store.queries.base import row_of, word
from service.store.queries.people import is_valid_at
from service.store.queries.rows import Rows

SeatColumns: TypeAlias = tuple[Any, ...]
"""Jurisdiction, role, body id, key, name and kind; of a lent one also whose it is (id, name), until when, and from whom they keep away."""

Acting: TypeAlias = tuple[PersonRow, list[SeatColumns], frozenset[int], bool]
"""A person, what they hold, the organisations they keep away from, and whether anything on record may tie them to one."""

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
    people: sa.FromClause, columns: Sequence[sa.ColumnElement[Any]], *where: sa.ColumnElement[bool]
) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the statement for ``columns``, the people in ``people``, each of their seats, and whom they keep away from.

    Their own seats come first, then those in which they stand in for others.
    """
    nobody = (_build_null(deputy.c.person_id), _build_null(person.c.name), _build_null(deputy.c.until))
    turn = membership.c.id.label("turn")
    personal_seats = (
        sa.select(_mark_lent(0), turn, *columns, *person.c, *_SEAT, *nobody, _TIED, _select_recusals(person))
        .select_from(people.outerjoin(membership, _match_valid(membership, person.c.id)))
        .outerjoin(body, body.c.id == membership.c.body_id)
        .where(*where)
    )
    lender, turn = (deputy.c.person_id, _PRINCIPAL.c.name, deputy.c.until), deputy.c.id.label("turn")
    return personal_seats.union_all(
        sa.select(_mark_lent(1), turn, *columns, *person.c, *_SEAT, *lender, _TIED, _select_recusals(_PRINCIPAL))
        .select_from(people.join(deputy, sa.and_(deputy.c.deputy_id == person.c.id, *_LENT)))
        .join(
            membership, sa.and_(membership.c.id == deputy.c.membership_id, _match_valid(membership, deputy.c.person_id))
        )
        .join(_PRINCIPAL, sa.and_(_PRINCIPAL.c.id == deputy.c.person_id, _PRINCIPAL.c.active))
        .join(body, body.c.id == membership.c.body_id)
        .where(*where, *LENDABLE, person.c.active, sa.exists().where(_in_body(person.c.id)))
    ).order_by("lent", "turn")


_COMMA: Any = sa.literal_column("','", sa.String)
"""A value would be written into the statement each time."""


def _select_recusals(who: sa.FromClause) -> sa.ColumnElement[str]:
    """Return the numbers of the organisations that a person keeps away from, in one text."""
    numbers = sa.func.aggregate_strings(sa.cast(recusal.c.body_id, sa.String), _COMMA)
    mine = (recusal.c.person_id == who.c.id, recusal.c.lifted_at.is_(None))
    return sa.select(numbers).where(*mine).correlate(who).scalar_subquery().label("recused")


_TIED = sa.or_(
    *(sa.exists().where(table.c.person_id == person.c.id).correlate(person) for table in (interest, expert))
).label("tied")


def _build_null(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.type_coerce(sa.null(), column.type)


def _mark_lent(value: int) -> sa.ColumnElement[int]:
    return sa.literal_column(str(value), sa.Integer).label("lent")


def _match_valid(seat_table: sa.FromClause, person_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    return sa.and_(seat_table.c.person_id == person_id, is_valid_at(seat_table, _NOW))


def _in_body(person_id: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Return whether somebody works in the body of the seat that is lent."""
    return sa.and_(_match_valid(OWN, person_id), OWN.c.body_id == membership.c.body_id, WORKS)


_LENT = (deputy.c.ended_at.is_(None), deputy.c.since <= _NOW, deputy.c.until > _NOW)
LENDABLE = (body.c.kind.in_([word(kind) for kind in _LENDABLE]), membership.c.role.not_in(_BUILT_IN))
"""Which seats can be lent: no applicant's, committee's or agency's, no administrator's or designer's."""


_SIGNED_IN = session.join(person, sa.and_(person.c.id == session.c.person_id, person.c.active))
_HOLDS = (session.c.id == sa.bindparam("session"), session.c.expires_at > _NOW)
_UNREAD = (
    sa.select(sa.func.count())
    .where(mail.c.person_id == person.c.id, mail.c.read_at.is_(None))
    .correlate(person)
    .scalar_subquery()
)
_WITH_SEATS = _with_seats(_SIGNED_IN, (*session.c, _build_null(person.c.id).label("unread")), *_HOLDS)
_WITH_SEATS_AND_UNREAD = _with_seats(_SIGNED_IN, (*session.c, _UNREAD.label("unread")), *_HOLDS)
_ACTING = _with_seats(person, (), person.c.id == sa.bindparam("person"))
_ORDER = 2
"""Columns before the others, by which the rows are in order."""


class SessionRepository(Rows[SessionRow]):
    """Sessions by the hash of the cookie's token; the token itself is never stored."""

    def with_seats(
        self, session_id: str, now: datetime, *, unread: bool = False
    ) -> tuple[SessionRow, Acting, int | None] | None:
        """Return a session that has not expired, its active person, what they hold now, and from whom they keep away.

        It is one statement; last comes how many messages the person has not read, where it is asked for. The seats in
        which they stand in for others come after their own.
        """
        statement = _WITH_SEATS_AND_UNREAD if unread else _WITH_SEATS
        rows = self._connection.execute(statement, {"session": session_id, "now": now}).all()
        width = len(session.c)
        if not rows:
            return None
        first = rows[0][_ORDER:]
        acting = _build_acting([row[_ORDER + width + 1 :] for row in rows])
        return row_of(SessionRow, session, first[:width]), acting, first[width]

    def acting(self, person_id: int, now: datetime) -> Acting:
        """Return a person, what they hold now, and from whom they keep away, in one statement; raises NotFound."""
        rows = self._connection.execute(_ACTING, {"person": person_id, "now": now}).all()
        if not rows:
            raise missing("人员", "person", person_id)
        return _build_acting([row[_ORDER:] for row in rows])

    def prune(self, now: datetime) -> int:
        """Forget expired sessions and wrong passwords; returns how many sessions there were."""
        self._change(sa.delete(wrong_password).where(wrong_password.c.forget_at <= now))
        return self.delete(expires_at__le=now)


def _build_acting(rows: Sequence[Sequence[Any]]) -> Acting:
    width = len(person.c)
    seats = [seat for row in rows if (seat := _build_seat(row[width:])) is not None]
    first = rows[0]
    return row_of(PersonRow, person, first[:width]), seats, _parse_numbers(first[-1]), bool(first[-2])


def _build_seat(values: Sequence[Any]) -> SeatColumns | None:
    """Return a seat, None for nothing; of a lent one whose it is and until when come behind, and from whom they keep away."""
    seat, lender = tuple(values[: len(_SEAT)]), values[len(_SEAT)]
    if seat[0] is None:
        return None
    return seat if lender is None else (*seat, *values[len(_SEAT) : len(_SEAT) + 3], _parse_numbers(values[-1]))


def _parse_numbers(listed: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in listed.split(",")) if listed else frozenset()


class SecondFactorRepository(Rows[SecondFactorRow]):
    """One-time codes of people, with their recovery codes."""

    def offer(self, person_id: int, secret: bytes) -> None:
        """Note a secret that is shown to a person; what is in force stays so until it is confirmed."""
        if not self.change_where({"person_id": person_id}, offered=secret):
            self.add(SecondFactorRow(person_id=person_id, offered=secret))

    def confirm(self, person_id: int, secret: bytes, step: int, at: datetime, marks: Sequence[str]) -> bool:
        """Put the offered ``secret`` in force with fresh recovery codes; False where it is offered no more."""
        row = self._lock_factor(person_id)
        if row is None or row.offered != secret:
            return False
        self.change_where({"person_id": person_id}, secret=secret, offered=None, since=at, last_step=step)
        self.renew_recovery(person_id, marks)
        return True

    def renew_recovery(self, person_id: int, marks: Sequence[str]) -> None:
        """Let ``marks`` be the only recovery codes of a person."""
        self._change(sa.delete(recovery_code).where(recovery_code.c.person_id == person_id))
        self._put(recovery_code, [RecoveryCodeRow(mark=mark, person_id=person_id) for mark in marks])

    def take_step(self, person_id: int, secret: bytes, step: int) -> bool:
        """Note that the code of a period was taken; False where it, or a later one, was taken before."""
        row = self._lock_factor(person_id)
        if row is None or row.secret != secret or row.last_step >= step:
            return False
        self.change_where({"person_id": person_id}, last_step=step)
        return True

    def remove(self, person_id: int) -> bool:
        """Forget everything; False where there was nothing in force."""
        self.renew_recovery(person_id, ())
        row = self.find(person_id=person_id)
        self.delete(person_id=person_id)
        return row is not None and row.secret is not None

    def _lock_factor(self, person_id: int) -> SecondFactorRow | None:
        of_person = sa.select(second_factor).where(second_factor.c.person_id == person_id)
        return self._first(SecondFactorRow, of_person.with_for_update())


class PasskeyRepository(Rows[PasskeyRow]):
    """Passkeys of people."""

    def take_counter(self, key_id: int, counter: int, at: datetime) -> bool:
        """Note a sign-in; False where the counter did not grow (0 and 0: the authenticator does not count)."""
        grown = sa.or_(passkey.c.counter < counter, sa.and_(passkey.c.counter == 0, sa.literal(counter == 0)))
        mine = (passkey.c.id == key_id, grown)
        return self._change(sa.update(passkey).where(*mine).values(counter=counter, used_at=at)) == 1

    def take_challenge(self, mark: str, until: datetime, now: datetime) -> bool:
        """Note that a challenge was answered; False where it was before. Those that are over are forgotten."""
        self._change(sa.delete(answered_challenge).where(answered_challenge.c.until < now))
        return bool(self._insert_new(answered_challenge, [AnsweredChallengeRow(mark=mark, until=until)], "mark"))
