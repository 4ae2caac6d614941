"""Identities that people have at a provider outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import OutsideIdentityRow
from service.store.rows.outside_identities import outside_identity

_ONE, _BY_CODE = one(outside_identity, "mark"), one(outside_identity, "code")
_OF_PERSON = (
    sa.select(outside_identity)
    .where(outside_identity.c.person_id == sa.bindparam("person"))
    .order_by(outside_identity.c.linked_at, outside_identity.c.mark)
)


class OutsideIdentityRepository(Repository):
    """People as a provider knows them, linked or waiting."""

    def get(self, mark: str) -> OutsideIdentityRow | None:
        """Return the identity of a mark, None where nobody came by it yet."""
        return self._first(OutsideIdentityRow, _ONE, mark=mark)

    def by_code(self, code: str) -> OutsideIdentityRow | None:
        """Return the identity that waits under the hash of a code."""
        return self._first(OutsideIdentityRow, _BY_CODE, code=code)

    def of(self, person_id: int) -> list[OutsideIdentityRow]:
        """Return those linked to a person, the oldest first."""
        return self._all(OutsideIdentityRow, _OF_PERSON, person=person_id)

    def wait(self, row: OutsideIdentityRow, lapsed: datetime) -> None:
        """Note somebody who is linked to nobody, in place of what waited of them; what waits since before ``lapsed`` goes."""
        old = sa.and_(outside_identity.c.person_id.is_(None), outside_identity.c.seen_at <= lapsed)
        self._change(sa.delete(outside_identity).where(old))
        self._forget_waiting(row.mark)
        self._put(outside_identity, [row])

    def link(self, row: OutsideIdentityRow) -> bool:
        """Link an identity to a person; False where it is linked already."""
        self._forget_waiting(row.mark)
        if self.get(row.mark) is not None:
            return False
        self._put(outside_identity, [row])
        return True

    def seen(self, mark: str, at: datetime, given: Sequence[Sequence[object]]) -> None:
        """Note that its owner came by it, and which roles their groups gave them."""
        mine = outside_identity.c.mark == mark
        self._change(sa.update(outside_identity).where(mine).values(seen_at=at, given=[list(one) for one in given]))

    def remove(self, mark: str, person_id: int) -> bool:
        """Forget the link of an identity to a person; False where there is none."""
        mine = sa.and_(outside_identity.c.mark == mark, outside_identity.c.person_id == person_id)
        return self._change(sa.delete(outside_identity).where(mine)) == 1

    def _forget_waiting(self, mark: str) -> None:
        """Forget somebody who is linked to nobody."""
        waiting = (outside_identity.c.mark == mark, outside_identity.c.person_id.is_(None))
        self._change(sa.delete(outside_identity).where(*waiting))
