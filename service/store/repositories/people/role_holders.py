"""Who holds a role, and for which body."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, among
from service.store.rows.people import body, membership, person

_NOW = sa.bindparam("now", type_=membership.c.since.type)
_PLACE: sa.BindParameter[str] = sa.bindparam("place")
_SEATS = (
    sa.select(
        membership.c.person_id,
        person.c.name,
        membership.c.body_id,
        sa.func.coalesce(body.c.name, ""),
        membership.c.role,
    )
    .join_from(membership, person, person.c.id == membership.c.person_id)
    .outerjoin(body, body.c.id == membership.c.body_id)
    .where(person.c.active, membership.c.since <= _NOW, sa.or_(membership.c.until.is_(None), membership.c.until > _NOW))
    .order_by(membership.c.body_id, person.c.id)
)
_HOLDING = _SEATS.where(membership.c.role == sa.bindparam("role"), membership.c.jurisdiction == _PLACE)
_LOCAL = sa.select(body.c.id).where(body.c.jurisdiction == _PLACE)
_SEATED = _SEATS.where(
    membership.c.body_id.in_(_LOCAL.where(sa.or_(among(body.c.kind, "kinds"), among(body.c.id, "bodies"))))
)


class RoleHolder(NamedTuple):
    """Somebody who holds a role, and the body for which."""

    person_id: int
    name: str
    body_id: int | None
    body: str
    role: str = ""


class RoleHolderRepository(Repository):
    """People by what they hold."""

    def of_role(self, jurisdiction: str, role: str, now: datetime) -> list[RoleHolder]:
        """Return the active people who hold ``role`` in a jurisdiction at ``now``, each with the bodies for which."""
        return self._holders(_HOLDING, {"place": jurisdiction, "role": role, "now": now})

    def seated(
        self, jurisdiction: str, kinds: Collection[str], body_ids: Collection[int], now: datetime
    ) -> list[RoleHolder]:
        """Return the active people of a jurisdiction's bodies of these kinds, or with these numbers, by body."""
        given = {"place": jurisdiction, "kinds": list(kinds), "bodies": list(body_ids), "now": now}
        return self._holders(_SEATED, given)

    def _holders(self, statement: sa.Executable, given: Mapping[str, object]) -> list[RoleHolder]:
        return [RoleHolder._make(row) for row in self._connection.execute(statement, given)]
