"""Which bodies take part in a case: with the seal of this installation alone."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa

from service.store.altered import PartyAltered
from service.store.choice_seals import TAKING_PART
from service.store.repositories.base import Repository, values_of
from service.store.repositories.bodies import PARTIES, as_named
from service.store.row_seals import mark_of
from service.store.rows import BodyRow, CasePartyRow
from service.store.rows.cases import case_party
from service.store.rows.people import body


class PartyRepository(Repository):
    """The bodies of cases."""

    def parties(self, case_id: int) -> dict[str, list[BodyRow]]:
        """Return the bodies of a case by the role they hold in it.

        One that others wrote holds none; where something is written by it PartyAltered is raised.
        """
        found: dict[str, list[BodyRow]] = defaultdict(list)
        for role, seal, *values in self._told_rows(PARTIES, case=case_id):
            row = BodyRow(**dict(zip(body.c.keys(), values, strict=True)))
            part = CasePartyRow(case_id=case_id, role=role, body_id=row.id, seal=seal)
            if not TAKING_PART.rows.counts(self.seals, part):
                if self.told is None:
                    raise PartyAltered(case_id, row.id)
                continue
            found[role].append(as_named(row, self.seals, reading=self.told is not None))
        return dict(found)

    def bind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body hold ``role`` in this case; again is no harm."""
        row = TAKING_PART.rows.sealed(self.seals, CasePartyRow(case_id=case_id, role=role, body_id=body_id))
        kept = self._upsert(case_party).on_conflict_do_update(
            index_elements=["case_id", "role", "body_id"], set_={"seal": row.seal}
        )
        self._change(kept, **values_of(row))

    def unbind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body no longer hold ``role`` in this case, though its row be put back."""
        where = (case_party.c.case_id == case_id, case_party.c.role == role, case_party.c.body_id == body_id)
        gone = self._connection.scalars(sa.delete(case_party).where(*where).returning(case_party.c.seal)).all()
        self.withdrawn += [mark_of(seal) for seal in gone if self.seals is not None and seal]
