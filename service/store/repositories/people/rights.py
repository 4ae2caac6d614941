"""Changes of people's rights that take two administrators, and links to administrators' accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.rows import MembershipRow, OfficeLinkRow, RightsRequestRow
from service.store.rows.people import membership, person
from service.store.rows.rights import office_link, rights_request

WAITING = "waiting"
_ONE, _LINK = one(rights_request, "id"), one(office_link, "token")
_WAITS = rights_request.c.state == sa.literal_column("'waiting'")
_BEFORE = rights_request.c.id < sa.bindparam("before")
_THERE = among(rights_request.c.place, "places")
_ALL = sa.select(rights_request).where(_BEFORE).order_by(rights_request.c.id.desc()).limit(sa.bindparam("most"))
_OF_PLACES = _ALL.where(_THERE)
_NOW = sa.bindparam("now", type_=rights_request.c.until.type)
_COUNTED = sa.select(sa.func.count()).select_from(rights_request).where(_WAITS, rights_request.c.until > _NOW)
_COUNTED_OF_PLACES = _COUNTED.where(_THERE)
_OF_PERSON = (
    sa.select(rights_request)
    .where(rights_request.c.person_id == sa.bindparam("person"), _WAITS)
    .order_by(rights_request.c.id)
)
_ASKED_IN = (
    sa.select(rights_request.c.place)
    .where(rights_request.c.person_id == sa.bindparam("person"))
    .order_by(rights_request.c.id.desc())
)
_RUNNING_LINK = (
    sa.select(office_link)
    .where(
        office_link.c.role == sa.bindparam("role"),
        office_link.c.used_at.is_(None),
        office_link.c.until > sa.bindparam("now", type_=office_link.c.until.type),
    )
    .order_by(office_link.c.id.desc())
    .limit(1)
)

_HELD_AT = sa.bindparam("now", type_=membership.c.since.type)
_HOLDERS = (
    sa.select(membership)
    .join(person, sa.and_(person.c.id == membership.c.person_id, person.c.active))
    .where(
        membership.c.role == sa.bindparam("role"),
        membership.c.since <= _HELD_AT,
        sa.or_(membership.c.until.is_(None), membership.c.until > _HELD_AT),
    )
    .order_by(membership.c.id)
)


class RightsRepository(Repository):
    """Requests for changes of rights, and one-time links of the three offices."""

    def add(self, row: RightsRequestRow) -> int:
        """Write one down and return its number."""
        return self._insert(rights_request, row)

    def get(self, number: int) -> RightsRequestRow:
        """Return one; raises NotFound."""
        return self._existing(RightsRequestRow, ("待批事项", "request"), _ONE, number)

    def listed(self, places: Collection[str] | None, before: int, most: int) -> list[RightsRequestRow]:
        """Return those of these places (None: all), newest first, with numbers below ``before``."""
        if places is None:
            return self._all(RightsRequestRow, _ALL, before=before, most=most)
        return self._all(RightsRequestRow, _OF_PLACES, places=sorted(places), before=before, most=most)

    def count_waiting(self, places: Collection[str] | None, now: datetime) -> int:
        """Return how many of these places (None: all) can still be decided."""
        if places is None:
            return int(self._scalar(_COUNTED, now=now))
        return int(self._scalar(_COUNTED_OF_PLACES, places=sorted(places), now=now))

    def waiting_of(self, person_id: int) -> list[RightsRequestRow]:
        """Return those about a person that nobody decided, lapsed ones too."""
        return self._all(RightsRequestRow, _OF_PERSON, person=person_id)

    def asked_in(self, person_id: int) -> list[str]:
        """Return the places in which something was asked about a person, the last first."""
        return [row[0] for row in self._read(_ASKED_IN, {"person": person_id})]

    def decide(self, number: int, **changes: object) -> bool:
        """Note what became of one that waits, and forget its password; False where somebody else was faster."""
        statement = sa.update(rights_request).where(rights_request.c.id == number, _WAITS)
        return self._change(statement.values({**changes, "secret": None})) == 1

    def forget_lapsed(self, now: datetime) -> int:
        """Forget the passwords of requests whose time is over; returns how many there were."""
        over = (rights_request.c.until <= now, rights_request.c.secret.is_not(None))
        return self._change(sa.update(rights_request).where(_WAITS, *over).values(secret=None))

    def holders(self, role: str, now: datetime) -> list[MembershipRow]:
        """Return who holds an administrator's office, wherever, with accounts that are open."""
        return self._all(MembershipRow, _HOLDERS, role=role, now=now)

    def offer(self, row: OfficeLinkRow) -> None:
        """Let a link open an account of an office, and no earlier one of that office any more."""
        unused = (office_link.c.role == row.role, office_link.c.used_at.is_(None))
        self._change(sa.delete(office_link).where(*unused))
        self._insert(office_link, row)

    def open_link(self, role: str, now: datetime) -> OfficeLinkRow | None:
        """Return the link that opens an office now, None where there is none."""
        return self._first(OfficeLinkRow, _RUNNING_LINK, role=role, now=now)

    def link(self, token: str) -> OfficeLinkRow | None:
        """Return the link with this mark as the program gave it, used ones too."""
        return self._first(OfficeLinkRow, _LINK, token=token)

    def use_link(self, link_id: int, person_id: int, at: datetime) -> bool:
        """Let a link have opened the account of a person; False where it was used already."""
        fresh = (office_link.c.id == link_id, office_link.c.used_at.is_(None))
        used = sa.update(office_link).where(*fresh).values(used_at=at, person_id=person_id)
        return self._change(used) == 1
