"""Who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one, row_of
from service.store.repositories.people.account_seals import BOUND, accounts_in
from service.store.repositories.people.lent_seals import lends_in, lent_words, sealed_deputy
from service.store.repositories.people.memberships import counts_in, holders_in
from service.store.repositories.people.sessions import LENDABLE, OWN, WORKS
from service.store.rows import DeputyRow, MembershipRow, PersonRow
from service.store.rows.deputies import deputy
from service.store.rows.people import body, membership, person
from service.store.seals.row_seals import mark_of

_NOW = sa.bindparam("now", type_=deputy.c.since.type)
_PAGE = sa.select(deputy).where(deputy.c.id > sa.bindparam("after")).order_by(deputy.c.id).limit(sa.bindparam("most"))
_UNTIL = sa.bindparam("before", type_=deputy.c.until.type)
_LIVE = (deputy.c.ended_at.is_(None), deputy.c.since <= _NOW, deputy.c.until > _NOW)
_PLACE: sa.BindParameter[str] = sa.bindparam("place")
_BODY: sa.BindParameter[int] = sa.bindparam("body")
_ROLE = membership.c.role == sa.bindparam("role")
_VALID = (membership.c.since <= _NOW, sa.or_(membership.c.until.is_(None), membership.c.until > _NOW))
_WHO, _FOR = person.alias("who"), person.alias("principal")
_LENDER = [_FOR.c[name] for name in (*BOUND, "seal")]
_THERE = sa.and_(
    WORKS,
    OWN.c.person_id == deputy.c.deputy_id,
    OWN.c.body_id == membership.c.body_id,
    OWN.c.since <= _NOW,
    sa.or_(OWN.c.until.is_(None), OWN.c.until > _NOW),
)
_STANDING = (
    sa.select(*deputy.c, *OWN.c, *_LENDER, *membership.c, *person.c)
    .join_from(deputy, person, sa.and_(person.c.id == deputy.c.deputy_id, person.c.active))
    .join(membership, membership.c.id == deputy.c.membership_id)
    .join(body, body.c.id == membership.c.body_id)
    .join(_FOR, sa.and_(_FOR.c.id == deputy.c.person_id, _FOR.c.active))
    .join(OWN, _THERE)
    .where(*_LIVE, *_VALID, *LENDABLE, _ROLE)
)
_HERE = membership.c.jurisdiction == _PLACE
_OF_BODY = (membership.c.body_id == _BODY, sa.or_(_HERE, membership.c.jurisdiction == "*"))


_NOT_LENT = [sa.type_coerce(sa.null(), column.type) for column in (*deputy.c, *OWN.c, *_LENDER)]


def _reached(*where: sa.ColumnElement[bool]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the statement for who holds a role and who stands in: what is lent, by what they work there, who lends, what is held, who."""
    holding = (
        sa.select(*_NOT_LENT, *membership.c, *person.c)
        .join_from(membership, person, person.c.id == membership.c.person_id)
        .where(_ROLE, *where, *_VALID, person.c.active)
    )
    return holding.union_all(_STANDING.where(*where))


_REACHED, _REACHED_OF_BODY = _reached(_HERE), _reached(*_OF_BODY)
_FOR_ONE = _STANDING.where(deputy.c.person_id == sa.bindparam("person"), _HERE)
_THEN = (deputy.c.ended_at.is_(None), deputy.c.until > _NOW)
_CROSSING = sa.select(deputy).where(
    deputy.c.id.in_(
        sa.union(
            sa.select(deputy.c.id).where(among(deputy.c.person_id, "people"), *_THEN),
            sa.select(deputy.c.id).where(among(deputy.c.deputy_id, "people"), *_THEN),
        )
    ),
    deputy.c.since < _UNTIL,
)
_ACT = one(deputy, "person_id", "deputy_id", "made_at").order_by(deputy.c.id)
_COLLEAGUES = (
    sa.select(*OWN.c, person.c.name)
    .join(OWN, OWN.c.person_id == person.c.id)
    .where(
        person.c.active,
        among(OWN.c.body_id, "bodies"),
        OWN.c.since <= _NOW,
        sa.or_(OWN.c.until.is_(None), OWN.c.until > _NOW),
    )
    .order_by(person.c.id, OWN.c.id)
)
_WORKING = _COLLEAGUES.where(WORKS)


class DeputyLine(NamedTuple):
    """A role that somebody exercises for another, with all names."""

    row: DeputyRow
    who: str
    deputy: str
    jurisdiction: str
    role: str
    body_id: int
    body: str


class DeputyRepository(Repository):
    """Deputies of people, by role and period."""

    def add(self, rows: Sequence[DeputyRow]) -> list[int]:
        """Write down what is lent in one act; returns the numbers."""
        return self._insert_many(deputy, [replace(row, seal=sealed_deputy(self.seals, row)) for row in rows])

    def get(self, deputy_id: int) -> DeputyRow:
        """Return one; raises NotFound."""
        return self._existing(DeputyRow, ("委托代理", "deputy"), one(deputy, "id"), deputy_id)

    def of_act(self, row: DeputyRow) -> list[DeputyRow]:
        """Return what was lent in the same act."""
        given = {"person_id": row.person_id, "deputy_id": row.deputy_id, "made_at": row.made_at}
        return self._all(DeputyRow, _ACT, **given)

    def crossing(self, people: Collection[int], since: datetime, until: datetime) -> list[DeputyRow]:
        """Return what is lent by or to any of these people at some time from ``since`` to ``until``."""
        return self._all(DeputyRow, _CROSSING, people=sorted(people), now=since, before=until)

    def concerning(self, person_id: int, most: int) -> list[DeputyLine]:
        """Return what a person lent or exercises for others, newest first."""
        own = (sa.select(deputy.c.id).where(who == person_id) for who in (deputy.c.person_id, deputy.c.deputy_id))
        return self._lines(most, deputy.c.id.in_(sa.union(*own)))

    def of_places(self, places: Collection[str] | None, most: int, before: int | None = None) -> list[DeputyLine]:
        """Return what is lent in these places (None: in all), newest first; ``before`` is a number to go on below."""
        here = [] if places is None else [membership.c.jurisdiction.in_(sorted(places))]
        return self._lines(most, *here, *([] if before is None else [deputy.c.id < before]))

    def colleagues(
        self, bodies: Collection[int], now: datetime, *, working: bool = False
    ) -> list[tuple[int, str, int]]:
        """Return the active people who hold anything in one of these bodies: number, name, body.

        ``working`` leaves out who only administers or draws procedures there.
        """
        given = {"bodies": sorted(bodies), "now": now}
        counts, found = counts_in(self.seals), dict[tuple[int, int], str]()
        for *held, name in self._connection.execute(_WORKING if working else _COLLEAGUES, given):
            if counts(own := row_of(MembershipRow, membership, held)):
                found[own.person_id, own.body_id] = name
        return [(who, name, where) for (who, where), name in found.items()]

    def reached(self, jurisdiction: str, role: str, body_id: int | None, now: datetime) -> list[PersonRow]:
        """Return the people who hold ``role`` as `people_with` does, and who stands in for any of them."""
        if body_id is None:
            return self._people(_REACHED, place=jurisdiction, role=role, now=now)
        return self._people(_REACHED_OF_BODY, place=jurisdiction, role=role, body=body_id, now=now)

    def standing_in(self, person_id: int, jurisdiction: str, role: str, now: datetime) -> list[PersonRow]:
        """Return who stands in for a person as ``role``."""
        return self._people(_FOR_ONE, person=person_id, place=jurisdiction, role=role, now=now)

    def end(self, rows: Collection[int], at: datetime, by: int | None) -> None:
        """Note that these are over."""
        if self.seals is not None:
            ending = sa.select(deputy.c.seal).where(deputy.c.id.in_(list(rows))).order_by(deputy.c.id)
            kept = self._connection.execute(ending.with_for_update())
            self.withdrawn += [mark_of(seal) for (seal,) in kept if seal]
        changed = sa.update(deputy).where(deputy.c.id.in_(list(rows))).values(ended_at=at, ended_by=by)
        self._change(changed)

    def page(self, after: int, most: int) -> list[DeputyRow]:
        """Return the next rows above number ``after``, those that are over too."""
        return self._all(DeputyRow, _PAGE, after=after, most=most)

    def lacks_seal(self, row: DeputyRow) -> bool:
        """Return whether what goes on has no seal of this installation."""
        if self.seals is None or row.ended_at is not None:
            return False
        return not self.seals.is_sealed(deputy.name, lent_words(row), row.seal)

    def seal(self, row: DeputyRow) -> None:
        """Seal a row of a program before, or of an old backup, as it stands now; one that ended or was sealed since is left."""
        now = self._as_it_is(DeputyRow, deputy, row.id)
        if now is not None and self.lacks_seal(now):
            self._alter(deputy, row.id, {"seal": sealed_deputy(self.seals, now)})

    def _people(self, statement: sa.Executable, **given: object) -> list[PersonRow]:
        """Return the people of rows that count, by number."""
        lends, counts, opened = lends_in(self.seals), counts_in(self.seals), accounts_in(self.seals)
        rows, width, lender = list[Sequence[Any]](), len(deputy.c), len(deputy.c) + len(OWN.c)
        for row in self._told_rows(statement, **given):
            lent, own, account, held = (
                row[:width],
                row[width:lender],
                row[lender : len(_NOT_LENT)],
                row[len(_NOT_LENT) :],
            )
            if lent[0] is None or (
                lends(row_of(DeputyRow, deputy, lent))
                and counts(row_of(MembershipRow, membership, own))
                and opened(account[:-1], account[-1])
            ):
                rows.append(held)
        return sorted(holders_in(self.seals, rows), key=attrgetter("id"))

    def _lines(self, most: int, *where: sa.ColumnElement[bool]) -> list[DeputyLine]:
        told = (_FOR.c.name, _WHO.c.name, membership.c.jurisdiction, membership.c.role, body.c.id, body.c.name)
        statement = (
            sa.select(*deputy.c, *told)
            .join(membership, membership.c.id == deputy.c.membership_id)
            .join(body, body.c.id == membership.c.body_id)
            .join(_FOR, _FOR.c.id == deputy.c.person_id)
            .join(_WHO, _WHO.c.id == deputy.c.deputy_id)
            .where(*where)
            .order_by(deputy.c.id.desc())
            .limit(most)
        )
        width = len(deputy.c)
        found = self._connection.execute(statement).all()
        return [DeputyLine(row_of(DeputyRow, deputy, row[:width]), *row[width:]) for row in found]
