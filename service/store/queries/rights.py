"""Who stands in for whom, changes of rights that take two administrators, and links to administrators' accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.models import DeputyRow, MembershipRow, OfficeLinkRow, PersonRow, RightsRequestRow
from service.store.models.people import body, deputy, membership, person
from service.store.queries.base import match_any_of, row_of
from service.store.queries.people import holders_in
from service.store.queries.rows import Rows
from service.store.queries.sign_in import LENDABLE, OWN, WORKS

WAITING = "waiting"

_MEMBERSHIP_TIME = sa.bindparam("now", type_=membership.c.since.type)
_HOLDERS = (
    sa.select(membership)
    .join(person, sa.and_(person.c.id == membership.c.person_id, person.c.active))
    .where(
        membership.c.role == sa.bindparam("role"),
        membership.c.since <= _MEMBERSHIP_TIME,
        sa.or_(membership.c.until.is_(None), membership.c.until > _MEMBERSHIP_TIME),
    )
    .order_by(membership.c.id)
)


class RightsRepository(Rows[RightsRequestRow]):
    """Requests for changes of rights."""

    kind = RightsRequestRow

    def decide(self, number: int, **changes: object) -> bool:
        """Note what became of one that waits, and forget its password; False where somebody else was faster."""
        return self.change_where({"id": number, "state": WAITING}, **changes, secret=None) == 1

    def forget_lapsed(self, now: datetime) -> int:
        """Forget the passwords of requests whose time is over; returns how many there were."""
        return self.change_where({"state": WAITING, "until__le": now, "secret__ne": None}, secret=None)

    def holders(self, role: str, now: datetime) -> list[MembershipRow]:
        """Return who holds an administrator's office, wherever, with accounts that are open."""
        return self._all(MembershipRow, _HOLDERS, role=role, now=now)


class OfficeLinkRepository(Rows[OfficeLinkRow]):
    """One-time links of the three offices."""

    kind = OfficeLinkRow

    def offer(self, row: OfficeLinkRow) -> None:
        """Let a link open an account of an office, and no earlier one of that office any more."""
        self.delete(role=row.role, used_at=None)
        self.insert(row)


_NOW = sa.bindparam("now", type_=deputy.c.since.type)
_UNTIL = sa.bindparam("before", type_=deputy.c.until.type)
_LIVE = (deputy.c.ended_at.is_(None), deputy.c.since <= _NOW, deputy.c.until > _NOW)
_PLACE: sa.BindParameter[str] = sa.bindparam("place")
_BODY: sa.BindParameter[int] = sa.bindparam("body")
_ROLE = membership.c.role == sa.bindparam("role")
_VALID = (membership.c.since <= _NOW, sa.or_(membership.c.until.is_(None), membership.c.until > _NOW))
_WHO, _FOR = person.alias("who"), person.alias("principal")
_DEPUTY_THERE = sa.and_(
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
    .join(OWN, _DEPUTY_THERE)
    .where(*_LIVE, *_VALID, *LENDABLE, _ROLE)
)
_HERE = membership.c.jurisdiction == _PLACE
_OF_BODY = (membership.c.body_id == _BODY, sa.or_(_HERE, membership.c.jurisdiction == "*"))


def _select_reached(*where: sa.ColumnElement[bool]) -> sa.CompoundSelect[*tuple[Any, ...]]:
    """Return the statement for who holds a role and who stands in: what is held, and who."""
    holding = (
        sa.select(*membership.c, *person.c)
        .join_from(membership, person, person.c.id == membership.c.person_id)
        .where(_ROLE, *where, *_VALID, person.c.active)
    )
    return holding.union_all(_STANDING.where(*where))


_REACHED, _REACHED_OF_BODY = _select_reached(_HERE), _select_reached(*_OF_BODY)
_FOR_PERSON = _STANDING.where(deputy.c.person_id == sa.bindparam("person"), _HERE)
_THEN = (deputy.c.ended_at.is_(None), deputy.c.until > _NOW)
_CROSSING = sa.select(deputy).where(
    deputy.c.id.in_(
        sa.union(
            sa.select(deputy.c.id).where(match_any_of(deputy.c.person_id, "people"), *_THEN),
            sa.select(deputy.c.id).where(match_any_of(deputy.c.deputy_id, "people"), *_THEN),
        )
    ),
    deputy.c.since < _UNTIL,
)
_COLLEAGUES = (
    sa.select(person.c.id, person.c.name, OWN.c.body_id)
    .distinct()
    .join(OWN, OWN.c.person_id == person.c.id)
    .where(
        person.c.active,
        match_any_of(OWN.c.body_id, "bodies"),
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


class DeputyRepository(Rows[DeputyRow]):
    """Deputies of people, by role and period."""

    kind = DeputyRow

    def of_act(self, row: DeputyRow) -> list[DeputyRow]:
        """Return what was lent in the same act."""
        return self.select(person_id=row.person_id, deputy_id=row.deputy_id, made_at=row.made_at)

    def crossing(self, people: Collection[int], since: datetime, until: datetime) -> list[DeputyRow]:
        """Return what is lent by or to any of these people at some time from ``since`` to ``until``."""
        return self._all(DeputyRow, _CROSSING, people=sorted(people), now=since, before=until)

    def concerning(self, person_id: int, most: int) -> list[DeputyLine]:
        """Return what a person lent or exercises for others, newest first."""
        deputy_ids = (
            sa.select(deputy.c.id).where(who == person_id) for who in (deputy.c.person_id, deputy.c.deputy_id)
        )
        return self._list_lines(most, deputy.c.id.in_(sa.union(*deputy_ids)))

    def of_places(self, places: Collection[str] | None, most: int, before: int | None = None) -> list[DeputyLine]:
        """Return what is lent in these places (None: in all), newest first; ``before`` is a number to go on below."""
        conditions = [] if places is None else [membership.c.jurisdiction.in_(sorted(places))]
        return self._list_lines(most, *conditions, *([] if before is None else [deputy.c.id < before]))

    def colleagues(
        self, bodies: Collection[int], now: datetime, *, working: bool = False
    ) -> list[tuple[int, str, int]]:
        """Return the active people who hold anything in one of these bodies: number, name, body.

        ``working`` leaves out who only administers or draws procedures there.
        """
        parameters = {"bodies": sorted(bodies), "now": now}
        rows = self._connection.execute(_WORKING if working else _COLLEAGUES, parameters)
        return [(int(who), str(name), int(where)) for who, name, where in rows]

    def reached(self, jurisdiction: str, role: str, body_id: int | None, now: datetime) -> list[PersonRow]:
        """Return the people who hold ``role`` as `people_with` does, and who stands in for any of them."""
        if body_id is None:
            return self._load_people(_REACHED, place=jurisdiction, role=role, now=now)
        return self._load_people(_REACHED_OF_BODY, place=jurisdiction, role=role, body=body_id, now=now)

    def standing_in(self, person_id: int, jurisdiction: str, role: str, now: datetime) -> list[PersonRow]:
        """Return who stands in for a person as ``role``."""
        return self._load_people(_FOR_PERSON, person=person_id, place=jurisdiction, role=role, now=now)

    def _load_people(self, statement: sa.Executable, **parameters: object) -> list[PersonRow]:
        """Return the people of rows, by number."""
        return sorted(holders_in(self._fetch_rows(statement, **parameters)), key=attrgetter("id"))

    def _list_lines(self, most: int, *where: sa.ColumnElement[bool]) -> list[DeputyLine]:
        columns = (_FOR.c.name, _WHO.c.name, membership.c.jurisdiction, membership.c.role, body.c.id, body.c.name)
        statement = (
            sa.select(*deputy.c, *columns)
            .join(membership, membership.c.id == deputy.c.membership_id)
            .join(body, body.c.id == membership.c.body_id)
            .join(_FOR, _FOR.c.id == deputy.c.person_id)
            .join(_WHO, _WHO.c.id == deputy.c.deputy_id)
            .where(*where)
            .order_by(deputy.c.id.desc())
            .limit(most)
        )
        width = len(deputy.c)
        rows = self._connection.execute(statement).all()
        return [DeputyLine(row_of(DeputyRow, deputy, row[:width]), *row[width:]) for row in rows]
