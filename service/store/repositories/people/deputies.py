"""Who stands in for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one, row_of
from service.store.repositories.people.memberships import holders_in
from service.store.repositories.people.sessions import LENDABLE, OWN, WORKS
from service.store.rows import DeputyRow, PersonRow
from service.store.rows.deputies import deputy
from service.store.rows.people import body, membership, person

_NOW = sa.bindparam("now", type_=deputy.c.since.type)
_UNTIL = sa.bindparam("before", type_=deputy.c.until.type)
_LIVE = (deputy.c.ended_at.is_(None), deputy.c.since <= _NOW, deputy.c.until > _NOW)
_PLACE: sa.BindParameter[str] = sa.bindparam("place")
_BODY: sa.BindParameter[int] = sa.bindparam("body")
_ROLE = membership.c.role == sa.bindparam("role")
_VALID = (membership.c.since <= _NOW, sa.or_(membership.c.until.is_(None), membership.c.until > _NOW))
_WHO, _FOR = person.alias("who"), person.alias("principal")
_THERE = sa.and_(
    WORKS,
    OWN.c.person_id == deputy.c.deputy_id,
    OWN.c.body_id == membership.c.body_id,
    OWN.c.since <= _NOW,
    sa.or_(OWN.c.until.is_(None), OWN.c.until > _NOW),
)
_STANDING = (
    sa.select(*membership.c, *person.c)
    .select_from(deputy)
    .join(person, sa.and_(person.c.id == deputy.c.deputy_id, person.c.active))
    .join(membership, membership.c.id == deputy.c.membership_id)
    .join(body, body.c.id == membership.c.body_id)
    .join(_FOR, sa.and_(_FOR.c.id == deputy.c.person_id, _FOR.c.active))
    .join(OWN, _THERE)
    .where(*_LIVE, *_VALID, *LENDABLE, _ROLE)
)
_HERE = membership.c.jurisdiction == _PLACE
_OF_BODY = (membership.c.body_id == _BODY, sa.or_(_HERE, membership.c.jurisdiction == "*"))


def _reached(*where: sa.ColumnElement[bool]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the statement for who holds a role and who stands in: what is held, and who."""
    holding = (
        sa.select(*membership.c, *person.c)
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
    sa.select(person.c.id, person.c.name, OWN.c.body_id)
    .distinct()
    .join(OWN, OWN.c.person_id == person.c.id)
    .where(
        person.c.active,
        among(OWN.c.body_id, "bodies"),
        OWN.c.since <= _NOW,
        sa.or_(OWN.c.until.is_(None), OWN.c.until > _NOW),
    )
    .order_by(person.c.id, OWN.c.body_id)
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
        return self._insert_many(deputy, rows)

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
        rows = self._connection.execute(_WORKING if working else _COLLEAGUES, given)
        return [(int(who), str(name), int(where)) for who, name, where in rows]

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
        changed = sa.update(deputy).where(deputy.c.id.in_(list(rows))).values(ended_at=at, ended_by=by)
        self._change(changed)

    def _people(self, statement: sa.Executable, **given: object) -> list[PersonRow]:
        """Return the people of rows, by number."""
        return sorted(holders_in(self._told_rows(statement, **given)), key=attrgetter("id"))

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
