"""Signed-in browsers, and what people sign in with: each code and challenge is taken once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from service.store.connections.prepared import fetch
from service.store.errors import missing
from service.store.models import (
    AnsweredChallengeRow,
    OutsideIdentityRow,
    PasskeyRow,
    PersonRow,
    RecoveryCodeRow,
    SecondFactorRow,
    SessionRow,
    WrongPasswordRow,
)
from service.store.models.people import (
    answered_challenge,
    body,
    deputy,
    membership,
    outside_identity,
    passkey,
    person,
    recovery_code,
    second_factor,
    session,
    wrong_password,
)
from service.store.models.review import recusal
from service.store.models.work import mail
from service.store.queries.base import Repository, among, one, row_of, word

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
_SESSIONS_OF_PERSON = (
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
        return self._all(SessionRow, _SESSIONS_OF_PERSON, person=person_id, now=now, most=most)

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


_ONE_FACTOR = one(second_factor, "person_id")
_LOCKED = _ONE_FACTOR.with_for_update()
_LEFT = sa.select(sa.func.count()).select_from(recovery_code).where(recovery_code.c.person_id == sa.bindparam("person"))


class SecondFactorRepository(Repository):
    """One-time codes and recovery codes of people."""

    def of(self, person_id: int) -> SecondFactorRow | None:
        """Return what a person has, be it only offered; None for nothing."""
        return self._first(SecondFactorRow, _ONE_FACTOR, person_id=person_id)

    def offer(self, person_id: int, secret: bytes) -> None:
        """Note a secret that is shown to a person; what is in force stays so until it is confirmed."""
        mine = second_factor.c.person_id == person_id
        if not self._change(sa.update(second_factor).where(mine).values(offered=secret)):
            self._put(second_factor, [SecondFactorRow(person_id=person_id, offered=secret)])

    def confirm(self, person_id: int, secret: bytes, step: int, at: datetime, marks: Sequence[str]) -> bool:
        """Put the offered ``secret`` in force with fresh recovery codes; False where it is offered no more."""
        row = self._first(SecondFactorRow, _LOCKED, person_id=person_id)
        if row is None or row.offered != secret:
            return False
        fresh = {"secret": secret, "offered": None, "since": at, "last_step": step}
        self._change(sa.update(second_factor).where(second_factor.c.person_id == person_id).values(fresh))
        self.renew_recovery(person_id, marks)
        return True

    def renew_recovery(self, person_id: int, marks: Sequence[str]) -> None:
        """Let ``marks`` be the only recovery codes of a person."""
        self._forget_recovery(recovery_code.c.person_id == person_id)
        self._put(recovery_code, [RecoveryCodeRow(mark=mark, person_id=person_id) for mark in marks])

    def take_step(self, person_id: int, secret: bytes, step: int) -> bool:
        """Note that the code of a period was taken; False where it, or a later one, was taken before."""
        row = self._first(SecondFactorRow, _LOCKED, person_id=person_id)
        if row is None or row.secret != secret or row.last_step >= step:
            return False
        self._change(sa.update(second_factor).where(second_factor.c.person_id == person_id).values(last_step=step))
        return True

    def take_recovery(self, person_id: int, mark: str) -> bool:
        """Use up a recovery code; False where there is none."""
        return self._forget_recovery(recovery_code.c.person_id == person_id, recovery_code.c.mark == mark) == 1

    def recovery_left(self, person_id: int) -> int:
        """Return how many recovery codes a person has left."""
        return int(self._scalar(_LEFT, person=person_id))

    def remove(self, person_id: int) -> bool:
        """Forget everything; False where there was nothing in force."""
        self._forget_recovery(recovery_code.c.person_id == person_id)
        had = self.of(person_id)
        self._change(sa.delete(second_factor).where(second_factor.c.person_id == person_id))
        return had is not None and had.secret is not None

    def _forget_recovery(self, *which: sa.ColumnElement[bool]) -> int:
        """Forget recovery codes; returns how many there were."""
        return self._change(sa.delete(recovery_code).where(*which))


_ONE_PASSKEY = one(passkey, "credential")
_OF_PEOPLE = sa.select(passkey).where(among(passkey.c.person_id, "people"))
_OF = sa.select(passkey).where(passkey.c.person_id == sa.bindparam("person")).order_by(passkey.c.id)


class PasskeyRepository(Repository):
    """Passkeys of people."""

    def of(self, person_id: int) -> list[PasskeyRow]:
        """Return the passkeys of a person, in the order in which they were added."""
        return self._all(PasskeyRow, _OF, person=person_id)

    def of_people(self, person_ids: Collection[int]) -> list[PasskeyRow]:
        """Return the passkeys of several people."""
        return self._all(PasskeyRow, _OF_PEOPLE, people=sorted(person_ids)) if person_ids else []

    def by_credential(self, credential: str) -> PasskeyRow | None:
        """Return the passkey that an authenticator calls so."""
        return self._first(PasskeyRow, _ONE_PASSKEY, credential=credential)

    def add(self, row: PasskeyRow) -> int:
        """Keep a passkey; returns its number."""
        return self._insert(passkey, row)

    def rename(self, key_id: int, person_id: int, name: str) -> bool:
        """Call a passkey of a person otherwise; False where they have none of that number."""
        mine = (passkey.c.id == key_id, passkey.c.person_id == person_id)
        return self._change(sa.update(passkey).where(*mine).values(name=name)) == 1

    def remove(self, key_id: int, person_id: int) -> bool:
        """Forget a passkey of a person; False where they have none of that number."""
        mine = (passkey.c.id == key_id, passkey.c.person_id == person_id)
        return self._change(sa.delete(passkey).where(*mine)) == 1

    def remove_all(self, person_id: int) -> int:
        """Forget the passkeys of a person; returns how many there were."""
        return self._change(sa.delete(passkey).where(passkey.c.person_id == person_id))

    def take_counter(self, key_id: int, counter: int, at: datetime) -> bool:
        """Note a sign-in; False where the counter did not grow (0 and 0: the authenticator does not count)."""
        grown = sa.or_(passkey.c.counter < counter, sa.and_(passkey.c.counter == 0, sa.literal(counter == 0)))
        mine = (passkey.c.id == key_id, grown)
        return self._change(sa.update(passkey).where(*mine).values(counter=counter, used_at=at)) == 1

    def take_challenge(self, mark: str, until: datetime, now: datetime) -> bool:
        """Note that a challenge was answered; False where it was before. Those that are over are forgotten."""
        self._change(sa.delete(answered_challenge).where(answered_challenge.c.until < now))
        row = AnsweredChallengeRow(mark=mark, until=until)
        return bool(self._insert_new(answered_challenge, [row], "mark"))


_ONE_IDENTITY, _BY_CODE = one(outside_identity, "mark"), one(outside_identity, "code")
_IDENTITIES_OF_PERSON = (
    sa.select(outside_identity)
    .where(outside_identity.c.person_id == sa.bindparam("person"))
    .order_by(outside_identity.c.linked_at, outside_identity.c.mark)
)


class OutsideIdentityRepository(Repository):
    """People as a provider knows them, linked or waiting."""

    def get(self, mark: str) -> OutsideIdentityRow | None:
        """Return the identity of a mark, None where nobody came by it yet."""
        return self._first(OutsideIdentityRow, _ONE_IDENTITY, mark=mark)

    def by_code(self, code: str) -> OutsideIdentityRow | None:
        """Return the identity that waits under the hash of a code."""
        return self._first(OutsideIdentityRow, _BY_CODE, code=code)

    def of(self, person_id: int) -> list[OutsideIdentityRow]:
        """Return those linked to a person, the oldest first."""
        return self._all(OutsideIdentityRow, _IDENTITIES_OF_PERSON, person=person_id)

    def wait(self, row: OutsideIdentityRow, lapsed: datetime) -> None:
        """Note somebody who is linked to nobody, in place of what waited of them; what waits since before ``lapsed`` goes."""
        old = sa.and_(outside_identity.c.person_id.is_(None), outside_identity.c.seen_at <= lapsed)
        self._change(sa.delete(outside_identity).where(old))
        self._forget_waiting(row.mark)
        self._put(outside_identity, [row])

    def link(self, row: OutsideIdentityRow) -> bool:
        """Link an identity to a person; False where it is linked already."""
        self._forget_waiting(row.mark)
        if self.get(row.mark) is not None:
            return False
        self._put(outside_identity, [row])
        return True

    def seen(self, mark: str, at: datetime, given: Sequence[Sequence[object]]) -> None:
        """Note that its owner came by it, and which roles their groups gave them."""
        mine = outside_identity.c.mark == mark
        self._change(sa.update(outside_identity).where(mine).values(seen_at=at, given=[list(one) for one in given]))

    def remove(self, mark: str, person_id: int) -> bool:
        """Forget the link of an identity to a person; False where there is none."""
        mine = sa.and_(outside_identity.c.mark == mark, outside_identity.c.person_id == person_id)
        return self._change(sa.delete(outside_identity).where(mine)) == 1

    def _forget_waiting(self, mark: str) -> None:
        """Forget somebody who is linked to nobody."""
        waiting = (outside_identity.c.mark == mark, outside_identity.c.person_id.is_(None))
        self._change(sa.delete(outside_identity).where(*waiting))
