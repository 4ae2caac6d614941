"""Who holds which role for which body."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, row_of, values_of
from service.store.rows import MembershipRow, PersonRow
from service.store.rows.people import membership, person

_WIDTH = len(membership.c)
_KEY = ("person_id", "body_id", "jurisdiction", "role")
_EVER = sa.select(membership).where(membership.c.person_id == sa.bindparam("person")).order_by(membership.c.id)


def holders_in(rows: Iterable[Sequence[Any]]) -> list[PersonRow]:
    """Return, each once, the people of rows that hold the columns of a membership and those of its person."""
    found = dict[int, PersonRow]()
    for row in rows:
        holder = row_of(PersonRow, person, row[_WIDTH:])
        found.setdefault(holder.id, holder)
    return [*found.values()]


class MembershipRepository(Repository):
    """What people hold, with its beginning and its end."""

    def memberships(self, person_id: int, now: datetime) -> list[MembershipRow]:
        """Return what a person holds at ``now``."""
        return self._all(MembershipRow, _MEMBERSHIPS, person=person_id, now=now)

    def memberships_of(self, person_ids: Collection[int], now: datetime) -> dict[int, list[MembershipRow]]:
        """Return what each of these people holds at ``now``."""
        held: dict[int, list[MembershipRow]] = {person_id: [] for person_id in person_ids}
        if held:
            for row in self._all(MembershipRow, _MEMBERSHIPS_OF, people=sorted(held), now=now):
                held[row.person_id].append(row)
        return held

    def ever_held(self, person_id: int) -> list[MembershipRow]:
        """Return what a person holds and what they held before, oldest first."""
        return self._all(MembershipRow, _EVER, person=person_id)

    def add_membership(self, row: MembershipRow) -> int:
        """Give a person a role for a body; the same again renews it."""
        new = self._upsert(membership).values(values_of(row))
        renewed = {"since": new.excluded.since, "until": new.excluded.until}
        statement = new.on_conflict_do_update(index_elements=[*_KEY], set_=renewed)
        ident = int(self._scalar(statement.returning(membership.c.id)))
        self._note_changed(membership, (ident,))
        return ident

    def end_membership(self, membership_id: int, at: datetime) -> None:
        """End a membership."""
        self._alter(membership, membership_id, {"until": at})

    def people_with(self, jurisdiction: str, role: str, body_id: int | None, now: datetime) -> list[PersonRow]:
        """Return the active people who hold ``role`` for a body at ``now`` (None: for any body of the jurisdiction)."""
        if body_id is None:
            return self._holders(_HOLDERS, place=jurisdiction, role=role, now=now)
        return self._holders(_HOLDERS_OF_BODY, place=jurisdiction, role=role, body=body_id, now=now)

    def people_of(self, body_id: int, now: datetime) -> list[PersonRow]:
        """Return the active people of a body, whatever they hold in it."""
        return self._holders(_MEMBERS, body=body_id, now=now)

    def _holders(self, statement: sa.Executable, **given: object) -> list[PersonRow]:
        return holders_in(self._told_rows(statement, **given))


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
_HOLDERS_OF_BODY = _active(
    _ROLE, _OF_BODY, sa.or_(membership.c.jurisdiction == _PLACE, membership.c.jurisdiction == "*")
)
_MEMBERS = _active(_OF_BODY)
