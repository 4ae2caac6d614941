"""Bodies and the roles they hold: what a body is counts with the seal of this installation alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import sqlalchemy as sa

from service.domain.text import Text
from service.store.repositories.base import among, one, upsert
from service.store.repositories.choices import SealingRows
from service.store.rows import BodyRoleRow, BodyRow, Json
from service.store.rows.cases import case_party
from service.store.rows.people import body, body_role
from service.store.rows.row_counts import row_count
from service.store.seals.altered import NameAltered
from service.store.seals.choice_seals import BODIES, HELD, NAMES
from service.store.seals.counted_rows import PARTIES as COUNTED_PARTIES
from service.store.seals.row_seals import RowSeals, mark_of

NO_KIND = ""
"""What a body is that others wrote: nothing that anybody could act by."""

ALTERED = Text("（名称或登记信息在系统之外被改动，待核实）", " (name or details were changed beside the program)")
"""What a name says on a page where somebody else wrote it."""

_OF_CASE = row_count.c.owner == sa.cast(sa.bindparam("case", type_=sa.Integer), sa.String)
_BODY, _BY_KEY = one(body, "id"), one(body, "jurisdiction", "key")
_LOCKED = _BY_KEY.with_for_update()
_BODIES = sa.select(body).where(among(body.c.id, "ids"))
_IN_ORDER = sa.select(body).where(body.c.active).order_by(body.c.id)
_ACTIVE = _IN_ORDER.where(body.c.jurisdiction == sa.bindparam("jurisdiction"))
_ACTIVE_AMONG = _IN_ORDER.where(among(body.c.id, "ids"))
_OF_ROLE = one(body_role, "jurisdiction", "role")
PARTIES = (
    sa.select(row_count.c.amount, row_count.c.seal, case_party.c.role, case_party.c.seal, *body.c)
    .select_from(
        sa.select(sa.literal(COUNTED_PARTIES.name).label("counted"))
        .subquery()
        .outerjoin(row_count, sa.and_(row_count.c.counted == COUNTED_PARTIES.name, _OF_CASE))
        .outerjoin(case_party, case_party.c.case_id == sa.bindparam("case"))
        .outerjoin(body, body.c.id == case_party.c.body_id)
    )
    .order_by(body.c.id)
)
"""The bodies of a case, with the role that each holds in it, and the seal of that; before them how many were counted.

Of a case without any there is one row that says so.
"""
_OF_BODY = one(body_role, "jurisdiction", "body_id")


@cache
def _upserting(dialect: str) -> sa.Executable:
    """Return the statement that adds a body or brings it up to date, and returns its number."""
    new = upsert(dialect, body)
    renewed = ("kind", "name", "name_en", "details", "active", "name_seal")
    changed = {column: new.excluded[column] for column in renewed}
    return new.on_conflict_do_update(index_elements=["jurisdiction", "key"], set_=changed).returning(body.c.id)


def body_as_counted(seals: RowSeals | None, row: BodyRow) -> BodyRow:
    """Return a body as it counts: one that others wrote is closed, and nothing that anybody could act by."""
    return row if BODIES.rows.counts(seals, row) else replace(row, kind=NO_KIND, active=False)


def as_named(row: BodyRow, seals: RowSeals | None, *, reading: bool) -> BodyRow:
    """Return a body as it is called; with a name that somebody else wrote it is marked where it is only read, else refused."""
    if seals is None or not seals.asks_for(NAMES.rows.table) or not NAMES.rows.lacks(seals, row):
        return row
    if not reading:
        raise NameAltered(row.id)
    return replace(row, name=f"{row.name}{ALTERED.zh}", name_en=f"{row.name_en or row.name}{ALTERED.en}")


def kind_of_seat(seat: Sequence[Any], proof: Sequence[Any], seals: RowSeals | None) -> str | None:
    """Return what the body of a seat is, as it counts; ``proof`` are place, whether it is active, where it was registered, and its seal."""
    (_, _, ident, key, name, kind), (place, active, registered, seal) = seat, proof
    if ident is None:
        return None
    row = BodyRow(
        id=ident, jurisdiction=place, key=key, kind=kind, name=name, active=active, registered_in=registered, seal=seal
    )
    return body_as_counted(seals, row).kind


class BodyRepository(SealingRows):
    """The directory of bodies.

    Where something is written by what they say, a name or details that somebody else wrote raise NameAltered; where they
    are only read, the name says so.
    """

    def body(self, body_id: int) -> BodyRow:
        """Return a body; raises NotFound."""
        return self._as_counted(self._existing(BodyRow, ("单位", "body"), _BODY, body_id))

    def body_by_key(self, jurisdiction: str, key: str) -> BodyRow | None:
        """Return the body with this key of jurisdiction.yaml; organisations are in ``*`` under their credit code."""
        found = self._first(BodyRow, _BY_KEY, jurisdiction=jurisdiction, key=key)
        return None if found is None else self._as_counted(found)

    def bodies_by_id(self, body_ids: Collection[int]) -> dict[int, BodyRow]:
        """Return bodies by row number."""
        if not body_ids:
            return {}
        found = self._all(BodyRow, _BODIES, ids=list(body_ids))
        return {row.id: self._as_counted(row) for row in found}

    def bodies(self, jurisdiction: str, role: str | None = None) -> list[BodyRow]:
        """Return the active bodies of a jurisdiction, or those that hold ``role`` in it, oldest first."""
        if role is None:
            return self._active(self._all(BodyRow, _ACTIVE, jurisdiction=jurisdiction))
        held = self._that_hold(HELD, self._all(BodyRoleRow, _OF_ROLE, jurisdiction=jurisdiction, role=role))
        return (
            self._active(self._all(BodyRow, _ACTIVE_AMONG, ids=sorted({row.body_id for row in held}))) if held else []
        )

    def upsert_body(
        self,
        jurisdiction: str,
        key: str,
        *,
        kind: str,
        name: str,
        name_en: str | None = None,
        details: Mapping[str, Json] | None = None,
        active: bool = True,
        roles: Collection[str] | None = None,
        registered_in: str | None = None,
    ) -> int:
        """Add a body or bring it up to date, with the roles it holds in its jurisdiction (None: as they are).

        ``registered_in`` is kept of a new one only.
        """
        before = self._first(BodyRow, _LOCKED, jurisdiction=jurisdiction, key=key) if self.seals is not None else None
        values = {"kind": kind, "name": name, "name_en": name_en, "details": dict(details or {}), "active": active}
        values["name_seal"] = self._name_seal(before, BodyRow(jurisdiction=jurisdiction, key=key, **values))  # type: ignore[arg-type]
        new = {"jurisdiction": jurisdiction, "key": key, "registered_in": registered_in, "seal": "", **values}
        body_id = int(self._scalar(_upserting(self._connection.dialect.name), **new))
        place = before.registered_in if before is not None else registered_in
        self._seal_body(
            before,
            BodyRow(id=body_id, jurisdiction=jurisdiction, key=key, registered_in=place, **values),  # type: ignore[arg-type]
        )
        if roles is not None:
            self.hold_roles(body_id, jurisdiction, roles)
        return body_id

    def _name_seal(self, before: BodyRow | None, after: BodyRow) -> str:
        """Return the seal of what a body is called from now on; that of another name before is taken back."""
        if before is not None and before.name_seal:
            if NAMES.rows.words(before) == NAMES.rows.words(after) and not NAMES.rows.lacks(self.seals, before):
                return before.name_seal
            self.withdrawn.append(mark_of(before.name_seal))
        return NAMES.rows.sealed(self.seals, after).name_seal

    def _seal_body(self, before: BodyRow | None, after: BodyRow) -> None:
        """Seal a body as it is now, unless it is what its seal says already; that seal is taken back otherwise."""
        same = before is not None and BODIES.rows.words(before) == BODIES.rows.words(after)
        if before is not None and same and not BODIES.rows.lacks(self.seals, before):
            return
        if before is not None and before.seal:
            self.withdrawn.append(mark_of(before.seal))
        self._seal_new(BODIES, after, {"id": after.id})

    def hold_roles(self, body_id: int, jurisdiction: str, roles: Collection[str]) -> None:
        """Let a body hold exactly these roles in a jurisdiction."""
        before = self._all(BodyRoleRow, _OF_BODY, jurisdiction=jurisdiction, body_id=body_id)
        self.withdrawn += [mark_of(row.seal) for row in before if row.seal]
        where = (body_role.c.body_id == body_id, body_role.c.jurisdiction == jurisdiction)
        self._connection.execute(sa.delete(body_role).where(*where))
        held = (BodyRoleRow(jurisdiction=jurisdiction, role=role, body_id=body_id) for role in sorted(set(roles)))
        self._put(body_role, [HELD.rows.sealed(self.seals, row) for row in held])

    def _counted(self, rows: Iterable[BodyRow]) -> list[BodyRow]:
        """Return bodies as they count, closed ones too."""
        return [self._as_counted(row) for row in rows]

    def _as_counted(self, row: BodyRow) -> BodyRow:
        named = as_named(row, self.seals, reading=self.told is not None)
        counted = body_as_counted(self.seals, row)
        return counted if named is row else replace(named, kind=counted.kind, active=counted.active)

    def _active(self, rows: Iterable[BodyRow]) -> list[BodyRow]:
        """Return those bodies that are active and that this installation wrote."""
        return [row for row in self._counted(rows) if row.active]
