"""Who holds which role for which body: a row counts with the seal of this installation alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import among, one, row_of, values_of
from service.store.repositories.people.account_seals import AccountRepository, as_counted
from service.store.rows import MembershipRow, PersonRow
from service.store.rows.people import membership, person
from service.store.seals.deciding import digested
from service.store.seals.row_seals import RowSeals, mark_of
from service.store.seals.unreadable import UNREADABLE

Holds = Callable[[MembershipRow], bool]

_WIDTH = len(membership.c)
_ONE = one(membership, "id").with_for_update()
_KEY = ("person_id", "body_id", "jurisdiction", "role")
_EVER = sa.select(membership).where(membership.c.person_id == sa.bindparam("person")).order_by(membership.c.id)
_PAGE = (
    sa.select(membership)
    .where(membership.c.id > sa.bindparam("after"))
    .order_by(membership.c.id)
    .limit(sa.bindparam("most"))
)


def sealed_words(row: MembershipRow) -> list[object]:
    """Return what the seal of a membership binds."""
    return [row.id, row.person_id, row.body_id, row.jurisdiction, row.role, row.since, row.until]


def counts_in(seals: RowSeals | None) -> Holds:
    """Return what says of a membership whether it counts."""
    if seals is None:
        return lambda _: True
    return lambda row: seals.holds(membership.name, sealed_words(row), row.seal)


def holders_in(seals: RowSeals | None, rows: Iterable[Sequence[Any]]) -> list[PersonRow]:
    """Return, each once, the people of rows that hold the columns of a membership and those of its person."""
    counts, found = counts_in(seals), dict[int, PersonRow]()
    for row in rows:
        if counts(row_of(MembershipRow, membership, row[:_WIDTH])):
            holder = as_counted(seals, row_of(PersonRow, person, row[_WIDTH:]))
            if holder.active:
                found.setdefault(holder.id, holder)
    return [*found.values()]


class MembershipRepository(AccountRepository):
    """What people hold, with its beginning and its end."""

    def memberships(self, person_id: int, now: datetime) -> list[MembershipRow]:
        """Return what a person holds at ``now``."""
        return self._that_count(self._all(MembershipRow, _MEMBERSHIPS, person=person_id, now=now))

    def memberships_of(self, person_ids: Collection[int], now: datetime) -> dict[int, list[MembershipRow]]:
        """Return what each of these people holds at ``now``."""
        held: dict[int, list[MembershipRow]] = {person_id: [] for person_id in person_ids}
        if held:
            for row in self._that_count(self._all(MembershipRow, _MEMBERSHIPS_OF, people=sorted(held), now=now)):
                held[row.person_id].append(row)
        return held

    def ever_held(self, person_id: int) -> list[MembershipRow]:
        """Return what a person holds and what they held before, oldest first."""
        return self._all(MembershipRow, _EVER, person=person_id)

    def add_membership(self, row: MembershipRow) -> int:
        """Give a person a role for a body; the same again renews it, and its seal of before is taken back."""
        new = self._upsert(membership).values(values_of(replace(row, seal="")))
        renewed = {"since": new.excluded.since, "until": new.excluded.until}
        statement = new.on_conflict_do_update(index_elements=[*_KEY], set_=renewed)
        ((number, seal),) = self._read(statement.returning(membership.c.id, membership.c.seal), {})
        ident = int(number)
        self._seal(replace(row, id=ident, seal=str(seal)))
        if self.written is not None:
            self.written.again(membership.name, (ident,), digested(membership.name))
        return ident

    def end_membership(self, membership_id: int, at: datetime) -> None:
        """End a membership."""
        held = self._existing(MembershipRow, ("角色", "membership"), _ONE, membership_id)
        self._alter(membership, membership_id, {"until": at})
        self._seal(replace(held, until=at))

    def page_of_memberships(self, after: int, most: int) -> list[MembershipRow]:
        """Return the next rows above number ``after``, those that ended too."""
        return self._all(MembershipRow, _PAGE, after=after, most=most)

    def lacks_seal(self, row: MembershipRow) -> bool:
        """Return whether a row has no seal of this installation."""
        return self.seals is not None and not self.seals.is_sealed(membership.name, sealed_words(row), row.seal)

    def seal_membership(self, row: MembershipRow) -> None:
        """Seal a row of a program before, or of an old backup, as it stands now; one that was sealed since is left."""
        now = self._as_it_is(MembershipRow, membership, row.id)
        if now is not None and self.lacks_seal(now):
            self._seal(replace(now, seal=""))

    def people_with(self, jurisdiction: str, role: str, body_id: int | None, now: datetime) -> list[PersonRow]:
        """Return the active people who hold ``role`` for a body at ``now`` (None: for any body of the jurisdiction)."""
        if body_id is None:
            return self._holders(_HOLDERS, place=jurisdiction, role=role, now=now)
        return self._holders(_HOLDERS_OF_BODY, place=jurisdiction, role=role, body=body_id, now=now)

    def readable_people_with(self, jurisdiction: str, role: str, now: datetime) -> list[PersonRow]:
        """Return the same of any body, without those of whom a cell cannot be read: the others are told all the same."""
        try:
            return self.people_with(jurisdiction, role, None, now)
        except UNREADABLE:
            given = {"place": jurisdiction, "role": role, "now": now}
            numbers = [row[0] for row in self._read(_HOLDING, given)]
            return [one for number in numbers for one in self._readable_holder({**given, "number": number})]

    def _readable_holder(self, given: Mapping[str, object]) -> list[PersonRow]:
        try:
            return self._holders(_HOLDER, **given)
        except UNREADABLE:
            return []

    def people_of(self, body_id: int, now: datetime) -> list[PersonRow]:
        """Return the active people of a body, whatever they hold in it."""
        return self._holders(_MEMBERS, body=body_id, now=now)

    def _holders(self, statement: sa.Executable, **given: object) -> list[PersonRow]:
        return holders_in(self.seals, self._told_rows(statement, **given))

    def _that_count(self, rows: list[MembershipRow]) -> list[MembershipRow]:
        counts = counts_in(self.seals)
        return [row for row in rows if counts(row)]

    def _seal(self, row: MembershipRow) -> None:
        """Seal a row as it stands now; the seal that it had is taken back."""
        if self.seals is None:
            return
        if row.seal:
            self.withdrawn.append(mark_of(row.seal))
        seal = self.seals.made(membership.name, sealed_words(row))
        self._alter(membership, row.id, {"seal": seal})


def _active(*conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for valid memberships that meet ``conditions`` with their people, if active, by person."""
    return (
        sa.select(*membership.c, *person.c)
        .join_from(membership, person, person.c.id == membership.c.person_id)
        .where(*conditions, *_VALID, person.c.active)
        .order_by(person.c.id)
    )


_NOW = sa.bindparam("now", type_=membership.c.since.type)
_VALID = (membership.c.since <= _NOW, sa.or_(membership.c.until.is_(None), membership.c.until > _NOW))
_MEMBERSHIPS = (
    sa.select(membership).where(membership.c.person_id == sa.bindparam("person"), *_VALID).order_by(membership.c.id)
)
_MEMBERSHIPS_OF = (
    sa.select(membership).where(among(membership.c.person_id, "people"), *_VALID).order_by(membership.c.id)
)
_ROLE, _OF_BODY = membership.c.role == sa.bindparam("role"), membership.c.body_id == sa.bindparam("body")
_PLACE: sa.BindParameter[str] = sa.bindparam("place")
_HOLDERS = _active(_ROLE, membership.c.jurisdiction == _PLACE)
_HOLDING = sa.select(membership.c.id).where(_ROLE, membership.c.jurisdiction == _PLACE, *_VALID)
_HOLDER = _active(_ROLE, membership.c.jurisdiction == _PLACE, membership.c.id == sa.bindparam("number"))
_HOLDERS_OF_BODY = _active(
    _ROLE, _OF_BODY, sa.or_(membership.c.jurisdiction == _PLACE, membership.c.jurisdiction == "*")
)
_MEMBERS = _active(_OF_BODY)
