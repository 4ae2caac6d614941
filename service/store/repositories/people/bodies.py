"""Bodies and the roles they hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.rows import BodyRoleRow, BodyRow, Json
from service.store.rows.cases import case_party
from service.store.rows.people import body, body_role
from service.store.searching import note_new, noted
from service.store.usual_statements import upsert

_BODY, _BY_KEY = one(body, "id"), one(body, "jurisdiction", "key")
_BODIES = sa.select(body).where(among(body.c.id, "ids"))
_IN_ORDER = sa.select(body).where(body.c.active).order_by(body.c.id)
_ACTIVE = _IN_ORDER.where(body.c.jurisdiction == sa.bindparam("jurisdiction"))
_ACTIVE_AMONG = _IN_ORDER.where(among(body.c.id, "ids"))
_OF_ROLE = one(body_role, "jurisdiction", "role")
PARTIES = (
    sa.select(case_party.c.role, *body.c)
    .join(body, body.c.id == case_party.c.body_id)
    .where(case_party.c.case_id == sa.bindparam("case"))
    .order_by(body.c.id)
)
"""The bodies of a case, with the role that each holds in it."""


@cache
def _upserting(dialect: str) -> sa.Executable:
    """Return the statement that adds a body or brings it up to date, and returns its number."""
    new = upsert(dialect, body)
    renewed = ("kind", "name", "name_en", "details", "active")
    changed = {column: new.excluded[column] for column in renewed}
    return new.on_conflict_do_update(index_elements=["jurisdiction", "key"], set_=changed).returning(body.c.id)


class BodyRepository(Repository):
    """The directory of bodies."""

    def body(self, body_id: int) -> BodyRow:
        """Return a body; raises NotFound."""
        return self._existing(BodyRow, ("单位", "body"), _BODY, body_id)

    def body_by_key(self, jurisdiction: str, key: str) -> BodyRow | None:
        """Return the body with this key of jurisdiction.yaml; organisations are in ``*`` under their credit code."""
        return self._first(BodyRow, _BY_KEY, jurisdiction=jurisdiction, key=key)

    def bodies_by_id(self, body_ids: Collection[int]) -> dict[int, BodyRow]:
        """Return bodies by row number."""
        if not body_ids:
            return {}
        found = self._all(BodyRow, _BODIES, ids=list(body_ids))
        return {row.id: row for row in found}

    def bodies(self, jurisdiction: str, role: str | None = None) -> list[BodyRow]:
        """Return the active bodies of a jurisdiction, or those that hold ``role`` in it, oldest first."""
        if role is None:
            return self._all(BodyRow, _ACTIVE, jurisdiction=jurisdiction)
        held = self._all(BodyRoleRow, _OF_ROLE, jurisdiction=jurisdiction, role=role)
        return self._all(BodyRow, _ACTIVE_AMONG, ids=sorted({row.body_id for row in held})) if held else []

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
        values = {"kind": kind, "name": name, "name_en": name_en, "details": dict(details or {}), "active": active}
        new: dict[str, Any] = {"jurisdiction": jurisdiction, "key": key, "registered_in": registered_in, **values}
        before, statement = self.body_by_key(jurisdiction, key), _upserting(self._connection.dialect.name)
        if before is None:
            body_id = int(self._scalar(statement, **new))
            note_new(self._connection, body, [body_id], [BodyRow(**new)])
        else:
            with noted(self._connection, body, before.id, values):
                body_id = int(self._scalar(statement, **new))
        if roles is not None:
            self.hold_roles(body_id, jurisdiction, roles)
        return body_id

    def hold_roles(self, body_id: int, jurisdiction: str, roles: Collection[str]) -> None:
        """Let a body hold exactly these roles in a jurisdiction."""
        where = (body_role.c.body_id == body_id, body_role.c.jurisdiction == jurisdiction)
        self._connection.execute(sa.delete(body_role).where(*where))
        held = (BodyRoleRow(jurisdiction=jurisdiction, role=role, body_id=body_id) for role in sorted(set(roles)))
        self._put(body_role, [*held])
