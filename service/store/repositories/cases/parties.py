"""Which bodies take part in a case."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.repositories.people.bodies import PARTIES
from service.store.rows import BodyRow, CasePartyRow
from service.store.rows.cases import case_party
from service.store.rows.people import body


class PartyRepository(Repository):
    """The bodies of cases."""

    def parties(self, case_id: int) -> dict[str, list[BodyRow]]:
        """Return the bodies of a case by the role they hold in it."""
        found: dict[str, list[BodyRow]] = defaultdict(list)
        for role, *values in self._told_rows(PARTIES, case=case_id):
            found[role].append(BodyRow(**dict(zip(body.c.keys(), values, strict=True))))
        return dict(found)

    def bind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body hold ``role`` in this case; again is no harm."""
        self._put_unless_there(case_party, [CasePartyRow(case_id=case_id, role=role, body_id=body_id)])

    def unbind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body no longer hold ``role`` in this case."""
        where = (case_party.c.case_id == case_id, case_party.c.role == role, case_party.c.body_id == body_id)
        self._change(sa.delete(case_party).where(*where))
