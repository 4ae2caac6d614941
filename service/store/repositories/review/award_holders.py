"""Awards that change, and who holds one besides the organisation it is on record for: each row with its seal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from service.store.repositories.base import among, one, values_of
from service.store.repositories.choices import SealingRows
from service.store.repositories.row_counts import RowCountRepository
from service.store.repositories.unit_of_work import joined
from service.store.rows import AwardRow, HolderRow, Json
from service.store.rows.register import award_holder, award_record
from service.store.seals.choice_seals import AWARDS, HOLDERS
from service.store.seals.counted_rows import AWARDED, BESIDE, HELD, CountedRows, Fewer, RowsMissing
from service.store.seals.row_seals import mark_of

_AWARD = one(award_record, "id")
_LOCKED = _AWARD.with_for_update()
_HOLDERS = sa.select(award_holder).where(among(award_holder.c.award_id, "awards"))
_HELD = one(award_holder, "body_id")
_HOLDER = one(award_holder, "award_id", "body_id").with_for_update()
_PLACE = sa.and_(award_holder.c.award_id == sa.bindparam("at_award"), award_holder.c.body_id == sa.bindparam("at_body"))

Asked = tuple[int | None, str | None]
"""For which case something is asked, and in which place it is told where there is none."""


class AwardHolderRepository(SealingRows):
    """What becomes of awards on record, and who holds them."""

    def award(self, award_id: int) -> AwardRow:
        """Return an award on record; raises NotFound, and RowsMissing where something is written by one that others changed."""
        row = self._existing(AwardRow, ("获奖登记", "award"), _AWARD, award_id)
        self._demand_own(row)
        return row

    def holders(self, award_ids: Collection[int]) -> list[HolderRow]:
        """Return who holds these awards besides the organisation each is on record for, or held it.

        Raises RowsMissing in a unit of work that writes where others deleted or changed one.
        """
        if not award_ids:
            return []
        found = self._that_hold(HOLDERS, self._all(HolderRow, _HOLDERS, awards=list(award_ids)))
        if self.told is None:
            number = Counter(row.award_id for row in found)
            for award_id in award_ids:
                self._demand_all(BESIDE, award_id, (None, None), number[award_id])
        return found

    def add_holder(self, award_id: int, body_id: int, kind: str, until: date | None = None) -> None:
        """Note that an organisation holds an award too, or held it ``until`` a day; again is brought up to date."""
        row = HolderRow(award_id=award_id, body_id=body_id, kind=kind, until=until)
        row = HOLDERS.rows.sealed(self.seals, row)
        new = self._upsert(award_holder).values(**values_of(row))
        if self._change(new.on_conflict_do_nothing(index_elements=["award_id", "body_id"])):
            self._count(award_holder, row)
            return
        (before,) = self._all(HolderRow, _HOLDER, award_id=award_id, body_id=body_id)
        if not self._takes_back(before):
            self._count(award_holder, row)
        given = {"kind": kind, "until": until, "seal": row.seal}
        self._change(sa.update(award_holder).where(_PLACE).values(given), at_award=award_id, at_body=body_id)

    def pass_on(self, award_id: int, body_id: int, until: date, partner: int | None = None) -> None:
        """Let another organisation hold an award; who held it ``until`` that day stays on record as a former holder.

        It takes the place of the organisation the award is on record for, or of a ``partner``.
        """
        before = self.award(award_id)
        for gone in self._all(HolderRow, _HOLDER, award_id=award_id, body_id=body_id):
            if self._takes_back(gone):
                self._count(award_holder, gone, -1)
            self._change(sa.delete(award_holder).where(_PLACE), at_award=award_id, at_body=body_id)
        if partner is None:
            if AWARDS.rows.counts(self.seals, before):
                self._count(award_record, before, -1)
                self._count(award_record, replace(before, body_id=body_id))
            self._change_sealed(AWARDS, before, {"body_id": body_id})
        elif body_id != before.body_id:
            self.add_holder(award_id, body_id, "partner")
        self.add_holder(award_id, before.body_id if partner is None else partner, "former", until)

    def revoke_award(self, award_id: int, on: date) -> bool:
        """Note that an award was revoked; whether it stood until now: the day on record is never moved."""
        before = self._first(AwardRow, _LOCKED, id=award_id)
        if before is None:
            return False
        self._demand_own(before)
        if before.revoked_on is None:
            self._change_sealed(AWARDS, before, {"revoked_on": on})
        return before.revoked_on is None

    def add_details(self, award_id: int, details: Mapping[str, Json]) -> None:
        """Lay ``details`` over what is on record of an award."""
        row = self._existing(AwardRow, ("获奖登记", "award"), _LOCKED, award_id)
        self._demand_own(row)
        self._change_sealed(AWARDS, row, {"details": {**row.details, **details}})

    def _demand_own(self, row: AwardRow) -> None:
        """Raise RowsMissing where others changed an award by which something is written, or wrote it."""
        if self.told is None and not AWARDS.rows.counts(self.seals, row):
            raise RowsMissing(_gone(row.id), place=row.jurisdiction)

    def _held_by(self, body_id: int, there: Collection[int], asked: Asked) -> set[int]:
        """Return the awards that an organisation holds besides its own; ``there`` are those that were found."""
        self._demand_all(HELD, body_id, asked)
        rows = self._all(HolderRow, _HELD, body_id=body_id)
        found = self._that_hold(HOLDERS, rows)
        if len(found) < len(rows):
            self._demand_all(HELD, body_id, asked, len(found))
        for row in found:
            if row.award_id not in there and self.told is None:
                raise RowsMissing(_gone(row.award_id), *asked)
        return {row.award_id for row in found}

    def _takes_back(self, before: HolderRow) -> bool:
        """Take back the seal of a row that gives way; returns whether it was counted, since others did not write it."""
        counted = HOLDERS.rows.counts(self.seals, before)
        if self.seals is not None and before.seal:
            self.withdrawn.append(mark_of(before.seal))
        return counted

    def _demand_all(self, of: CountedRows, owner: object, asked: Asked, held: int | None = None) -> None:
        joined(RowCountRepository(self._connection), self).demand(of, owner, *asked, held=held)


def _gone(award_id: int) -> Fewer:
    return Fewer(f"{AWARDED.table.name}.id", str(award_id), 1, 0)
