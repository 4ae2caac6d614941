"""Sittings of committees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import SittingMemberRow, SittingRow
from service.store.rows.sittings import sitting, sitting_member

_NAME = ("会议", "sitting")
_ONE = one(sitting, "id")
_OF_CASE = one(sitting, "case_id").order_by(sitting.c.starts_at.desc(), sitting.c.id.desc())
_MEMBERS = one(sitting_member, "sitting_id").order_by(sitting_member.c.body, sitting_member.c.person_id)
_CALLED = (
    sa.select(sitting)
    .join(sitting_member, sitting_member.c.sitting_id == sitting.c.id)
    .where(
        sitting_member.c.person_id == sa.bindparam("person_id"),
        sitting.c.state == "called",
        sitting.c.starts_at >= sa.bindparam("since"),
    )
    .order_by(sitting.c.starts_at, sitting.c.id)
    .limit(5)
)


class SittingRepository(Repository):
    """Sittings, and who is called to them."""

    def add(self, row: SittingRow, members: Sequence[SittingMemberRow]) -> int:
        """Keep a sitting with its members (whose ``sitting_id`` is given here); returns its number."""
        number = self._insert(sitting, row)
        self._put(
            sitting_member,
            [
                SittingMemberRow(sitting_id=number, person_id=each.person_id, name=each.name, body=each.body)
                for each in members
            ],
        )
        return number

    def get(self, sitting_id: int) -> SittingRow:
        """Return a sitting; raises NotFound."""
        return self._existing(SittingRow, _NAME, _ONE, sitting_id)

    def of_case(self, case_id: int) -> list[SittingRow]:
        """Return the sittings about a case, the latest first."""
        return self._all(SittingRow, _OF_CASE, case_id=case_id)

    def calling(self, person_id: int, since: datetime) -> list[SittingRow]:
        """Return the next five sittings to which somebody is called that begin after ``since``, the first first."""
        return self._all(SittingRow, _CALLED, person_id=person_id, since=since)

    def members(self, sitting_id: int) -> list[SittingMemberRow]:
        """Return who is called, by body."""
        return self._all(SittingMemberRow, _MEMBERS, sitting_id=sitting_id)

    def change(self, sitting_id: int, version: int, **changes: object) -> None:
        """Change a sitting that still has ``version``; raises Stale."""
        self._step(sitting, sitting_id, version, changes)

    def note(self, sitting_id: int, person_id: int, **changes: object) -> None:
        """Note whether a member came."""
        where = (sitting_member.c.sitting_id == sitting_id, sitting_member.c.person_id == person_id)
        self._connection.execute(sa.update(sitting_member).where(*where).values(changes))
