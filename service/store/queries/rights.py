"""Who stands in for whom, changes of rights that take two administrators, and links to administrators' accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.models import DeputyRow, MembershipRow, OfficeLinkRow, PersonRow, RightsRequestRow
from service.store.models.people import body, deputy, membership, person
from service.store.queries.base import row_of
from service.store.queries.people import holds_role, is_valid_at
from service.store.queries.rows import Rows
from service.store.queries.sign_in import LENDABLE, OWN, WORKS

WAITING = "waiting"


class RightsRepository(Rows[RightsRequestRow]):
    """Requests for changes of rights."""

    def decide(self, number: int, **changes: object) -> bool:
        """Note what became of one that waits, and forget its password; False where somebody else was faster."""
        return self.change_where({"id": number, "state": WAITING}, **changes, secret=None) == 1

    def forget_lapsed(self, now: datetime) -> int:
        """Forget the passwords of requests whose time is over; returns how many there were."""
        return self.change_where({"state": WAITING, "until__le": now, "secret__ne": None}, secret=None)

    def holders(self, role: str, now: datetime) -> list[MembershipRow]:
        """Return who holds an administrator's office, wherever, with accounts that are open."""
        holding = sa.select(membership).join(person, person.c.id == membership.c.person_id).where(person.c.active)
        holding = holding.where(membership.c.role == role, is_valid_at(membership, now))
        return self._all(MembershipRow, holding.order_by(membership.c.id))


class OfficeLinkRepository(Rows[OfficeLinkRow]):
    """One-time links of the three offices."""

    def offer(self, row: OfficeLinkRow) -> None:
        """Let a link open an account of an office, and no earlier one of that office any more."""
        self.delete(role=row.role, used_at=None)
        self.insert(row)


_WHO, _FOR = person.alias("who"), person.alias("principal")


def _select_deputies(now: datetime, *where: sa.ColumnElement[bool]) -> sa.Select[tuple[int]]:
    """Return the statement for the ids of who stands in for the holders of memberships that meet ``where``."""
    works_there = (OWN.c.person_id == deputy.c.deputy_id, OWN.c.body_id == membership.c.body_id, WORKS)
    return (
        sa.select(deputy.c.deputy_id)
        .join(membership, membership.c.id == deputy.c.membership_id)
        .join(body, body.c.id == membership.c.body_id)
        .join(_FOR, sa.and_(_FOR.c.id == deputy.c.person_id, _FOR.c.active))
        .join(OWN, sa.and_(*works_there, is_valid_at(OWN, now)))
        .where(deputy.c.ended_at.is_(None), is_valid_at(deputy, now), is_valid_at(membership, now), *LENDABLE, *where)
    )


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

    def of_act(self, row: DeputyRow) -> list[DeputyRow]:
        """Return what was lent in the same act."""
        return self.select(person_id=row.person_id, deputy_id=row.deputy_id, made_at=row.made_at)

    def crossing(self, people: Collection[int], since: datetime, until: datetime) -> list[DeputyRow]:
        """Return what is lent by or to any of these people at some time from ``since`` to ``until``."""
        theirs = sa.or_(deputy.c.person_id.in_(people), deputy.c.deputy_id.in_(people))
        crossing = (deputy.c.ended_at.is_(None), deputy.c.until > since, deputy.c.since < until)
        return self._all(DeputyRow, sa.select(deputy).where(theirs, *crossing))

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
        columns = (person.c.id, person.c.name, OWN.c.body_id)
        statement = sa.select(*columns).distinct().join(OWN, OWN.c.person_id == person.c.id)
        statement = statement.where(person.c.active, OWN.c.body_id.in_(bodies), is_valid_at(OWN, now))
        if working:
            statement = statement.where(WORKS)
        rows = self._connection.execute(statement.order_by(person.c.id, OWN.c.body_id))
        return [(who, name, where) for who, name, where in rows]

    def reached(self, jurisdiction: str, role: str, body_id: int | None, now: datetime) -> list[PersonRow]:
        """Return the people who hold ``role`` as `people_with` does, and who stands in for any of them."""
        where = holds_role(jurisdiction, role, body_id)
        holders = sa.select(membership.c.person_id).where(*where, is_valid_at(membership, now))
        return self._load_people(holders.union_all(_select_deputies(now, *where)))

    def standing_in(self, person_id: int, jurisdiction: str, role: str, now: datetime) -> list[PersonRow]:
        """Return who stands in for a person as ``role``."""
        where = holds_role(jurisdiction, role, None)
        return self._load_people(_select_deputies(now, deputy.c.person_id == person_id, *where))

    def _load_people(self, ids: sa.Select[tuple[int]] | sa.CompoundSelect[tuple[int]]) -> list[PersonRow]:
        statement = sa.select(person).where(person.c.id.in_(ids), person.c.active)
        return self._all(PersonRow, statement.order_by(person.c.id))

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
