"""Awards that change, and who holds one besides the organisation it is on record for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one, values_of
from service.store.rows import AwardRow, HolderRow, Json
from service.store.rows.register import award_holder, award_record

_AWARD = one(award_record, "id")
_LOCKED = _AWARD.with_for_update()
_HOLDERS = sa.select(award_holder).where(among(award_holder.c.award_id, "awards"))
_PLACE = sa.and_(award_holder.c.award_id == sa.bindparam("at_award"), award_holder.c.body_id == sa.bindparam("at_body"))


class AwardHolderRepository(Repository):
    """What becomes of awards on record, and who holds them."""

    def award(self, award_id: int) -> AwardRow:
        """Return an award on record; raises NotFound."""
        return self._existing(AwardRow, ("获奖登记", "award"), _AWARD, award_id)

    def holders(self, award_ids: Collection[int]) -> list[HolderRow]:
        """Return who holds these awards besides the organisation each is on record for, or held it."""
        return self._all(HolderRow, _HOLDERS, awards=list(award_ids)) if award_ids else []

    def add_holder(self, award_id: int, body_id: int, kind: str, until: date | None = None) -> None:
        """Note that an organisation holds an award too, or held it ``until`` a day; again is brought up to date."""
        row = HolderRow(award_id=award_id, body_id=body_id, kind=kind, until=until)
        new = self._upsert(award_holder).values(**values_of(row))
        renewed = {"kind": new.excluded.kind, "until": new.excluded.until}
        self._change(new.on_conflict_do_update(index_elements=["award_id", "body_id"], set_=renewed))

    def pass_on(self, award_id: int, body_id: int, until: date, partner: int | None = None) -> None:
        """Let another organisation hold an award; who held it ``until`` that day stays on record as a former holder.

        It takes the place of the organisation the award is on record for, or of a ``partner``.
        """
        before = self.award(award_id)
        self._change(sa.delete(award_holder).where(_PLACE), at_award=award_id, at_body=body_id)
        if partner is None:
            self._alter(award_record, before.id, {"body_id": body_id})
        elif body_id != before.body_id:
            self.add_holder(award_id, body_id, "partner")
        self.add_holder(award_id, before.body_id if partner is None else partner, "former", until)

    def revoke_award(self, award_id: int, on: date) -> bool:
        """Note that an award was revoked; whether it stood until now: the day on record is never moved."""
        before = self._first(AwardRow, _LOCKED, id=award_id)
        if before is None:
            return False
        if before.revoked_on is None:
            self._alter(award_record, before.id, {"revoked_on": on})
        return before.revoked_on is None

    def add_details(self, award_id: int, details: Mapping[str, Json]) -> None:
        """Lay ``details`` over what is on record of an award."""
        row = self._existing(AwardRow, ("获奖登记", "award"), _LOCKED, award_id)
        self._alter(award_record, row.id, {"details": {**row.details, **details}})
