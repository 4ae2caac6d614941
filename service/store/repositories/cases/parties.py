"""Which bodies take part in a case: with the seal of this installation alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository, values_of
from service.store.repositories.people.bodies import PARTIES, as_named
from service.store.rows import BodyRow, CasePartyRow
from service.store.rows.cases import case_party
from service.store.rows.people import body
from service.store.seals.altered import PartyAltered
from service.store.seals.choice_seals import TAKING_PART
from service.store.seals.counted_rows import PARTIES as COUNTED_PARTIES
from service.store.seals.counted_rows import RowsMissing, fewer, pending
from service.store.seals.row_seals import mark_of


class PartyRepository(Repository):
    """The bodies of cases."""

    def parties(self, case_id: int) -> dict[str, list[BodyRow]]:
        """Return the bodies of a case by the role they hold in it.

        One that others wrote holds none; where something is written by it PartyAltered is raised, and RowsMissing where
        others deleted one.
        """
        found: dict[str, list[BodyRow]] = defaultdict(list)
        told = self._told_rows(PARTIES, case=case_id)
        if self.told is None:
            self._demand_all(case_id, told)
        for _, _, role, seal, *values in told:
            if role is None:
                continue
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
        new = self._upsert(case_party).on_conflict_do_nothing(index_elements=["case_id", "role", "body_id"])
        if self._connection.execute(new.returning(case_party.c.body_id), values_of(row)).first() is not None:
            self._count(case_party, row)
            return
        mine = (case_party.c.case_id == case_id, case_party.c.role == role, case_party.c.body_id == body_id)
        (kept,) = self._all(CasePartyRow, sa.select(case_party).where(*mine).with_for_update())
        if TAKING_PART.rows.lacks(self.seals, kept):
            self._change(sa.update(case_party).where(*mine).values(seal=row.seal))
            self._count(case_party, row)

    def _demand_all(self, case_id: int, told: Sequence[Sequence[Any]]) -> None:
        there = len({seal for _, _, role, seal, *_ in told if role is not None})
        missing = fewer(
            self.seals, COUNTED_PARTIES, case_id, (told[0][0], told[0][1]), lambda: there,
            pending(self.counted, COUNTED_PARTIES.name, case_id),
        )  # fmt: skip
        if missing is not None:
            raise RowsMissing(missing, case_id)

    def unbind(self, case_id: int, role: str, body_id: int) -> None:
        """Let a body no longer hold ``role`` in this case, though its row be put back; one that others wrote was not counted."""
        where = (case_party.c.case_id == case_id, case_party.c.role == role, case_party.c.body_id == body_id)
        gone = self._connection.scalars(sa.delete(case_party).where(*where).returning(case_party.c.seal)).all()
        for row in (CasePartyRow(case_id=case_id, role=role, body_id=body_id, seal=seal) for seal in gone):
            if TAKING_PART.rows.counts(self.seals, row):
                self._count(case_party, row, -1)
            if self.seals is not None and row.seal:
                self.withdrawn.append(mark_of(row.seal))
