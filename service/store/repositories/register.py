"""The register of awards and sanctions, across rounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from service.store.choice_seals import SANCTIONS
from service.store.counted_rows import AWARDED, BARRED, CountedRows, RowsMissing, distinct
from service.store.errors import missing
from service.store.repositories.base import among, one, word
from service.store.repositories.choices import SealingRows
from service.store.repositories.row_counts import RowCountRepository
from service.store.rows import AwardRow, HolderRow, Json, SanctionRow
from service.store.rows.cases import case, subscription
from service.store.rows.people import body
from service.store.rows.register import award_holder, award_record, sanction
from service.store.unit_of_work import joined

_OWN = sa.select(award_record.c.id).where(award_record.c.body_id == sa.bindparam("body_id"))
_HELD = sa.select(award_holder.c.award_id).where(award_holder.c.body_id == sa.bindparam("body_id"))
_AWARDS = (
    sa.select(award_record)
    .where(award_record.c.id.in_(_OWN.union_all(_HELD)))
    .order_by(award_record.c.decided_on.desc(), award_record.c.id.desc())
)
_AWARD = one(award_record, "id")
_HOLDERS = sa.select(award_holder).where(among(award_holder.c.award_id, "awards"))
_SANCTIONS = one(sanction, "body_id").order_by(sanction.c.decided_on.desc(), sanction.c.id.desc())


class RegisterRepository(SealingRows):
    """Awards and sanctions on record."""

    def awards(self, body_id: int, case_id: int | None = None) -> list[AwardRow]:
        """Return the awards of an organisation, newest first: revoked, joint and passed-on ones too.

        Raises RowsMissing in a unit of work that writes where others deleted one; ``case_id`` is for what they are asked.
        """
        self._demand_all(AWARDED, body_id, case_id)
        return self._all(AwardRow, _AWARDS, body_id=body_id)

    def sanctions(self, body_id: int, case_id: int | None = None) -> list[SanctionRow]:
        """Return the sanctions of an organisation that this installation recorded, newest first.

        Raises RowsMissing in a unit of work that writes where others deleted one, also where they wrote one in its place;
        ``case_id`` is for what they are asked.
        """
        self._demand_all(BARRED, body_id, case_id)
        there = self._all(SanctionRow, _SANCTIONS, body_id=body_id)
        found = self._that_hold(SANCTIONS, there)
        if len(found) < len(there):
            self._demand_all(BARRED, body_id, case_id, distinct(found))
        return found

    def _demand_all(self, of: CountedRows, body_id: int, case_id: int | None, held: int | None = None) -> None:
        if self.told is not None:
            return
        gone = joined(RowCountRepository(self._connection), self).missing_of(of, body_id, held)
        if gone is not None:
            raise RowsMissing(gone, case_id)

    def insert_award(self, row: AwardRow) -> int:
        """Record an award and return its id."""
        self._count(award_record, row)
        return self._insert(award_record, row)

    def award(self, award_id: int) -> AwardRow:
        """Return an award on record; raises NotFound."""
        return self._existing(AwardRow, ("获奖登记", "award"), _AWARD, award_id)

    def holders(self, award_ids: Collection[int]) -> list[HolderRow]:
        """Return who holds these awards besides the organisation each is on record for, or held it."""
        return self._all(HolderRow, _HOLDERS, awards=list(award_ids)) if award_ids else []

    def watchers(self, body_ids: Collection[int]) -> list[int]:
        """Return the live cases about these organisations that wait for something of the register, oldest first."""
        if not body_ids:
            return []
        watching = subscription.c.barrier.contains("register.")
        about = among(case.c.subject_id, "bodies")
        found = (
            sa.select(case.c.id)
            .join(subscription, subscription.c.case_id == case.c.id)
            .where(about, case.c.status != word("ended"), watching)
        )
        ordered = found.distinct().order_by(case.c.id)
        return [int(ident) for (ident,) in self._connection.execute(ordered, {"bodies": list(body_ids)})]

    def add_holder(self, award_id: int, body_id: int, kind: str, until: date | None = None) -> None:
        """Note that an organisation holds an award too, or held it ``until`` a day; again is brought up to date."""
        new = self._upsert(award_holder).values(award_id=award_id, body_id=body_id, kind=kind, until=until)
        changed = {"kind": new.excluded.kind, "until": new.excluded.until}
        self._change(new.on_conflict_do_update(index_elements=["award_id", "body_id"], set_=changed))

    def pass_on(self, award_id: int, body_id: int, until: date, partner: int | None = None) -> None:
        """Let another organisation hold an award; who held it ``until`` that day stays on record as a former holder.

        It takes the place of the organisation the award is on record for, or of a ``partner``.
        """
        before = self.award(award_id)
        gone = (award_holder.c.award_id == award_id, award_holder.c.body_id == body_id)
        self._change(sa.delete(award_holder).where(*gone))
        if partner is None:
            passed = sa.update(award_record).where(award_record.c.id == award_id).values(body_id=body_id)
            self._change(passed)
            self._count(award_record, before, -1)
            self._count(award_record, replace(before, body_id=body_id))
        elif body_id != before.body_id:
            self.add_holder(award_id, body_id, "partner")
        self.add_holder(award_id, before.body_id if partner is None else partner, "former", until)

    def insert_sanction(self, row: SanctionRow) -> int:
        """Record a sanction and return its id."""
        self._count(sanction, row)
        return self._insert_sealed(SANCTIONS, row)

    def revoke_award(self, award_id: int, on: date) -> bool:
        """Note that an award was revoked; whether it stood until now: the day on record is never moved."""
        standing = award_record.c.id == award_id, award_record.c.revoked_on.is_(None)
        return self._change(sa.update(award_record).where(*standing).values(revoked_on=on)) == 1

    def add_details(self, award_id: int, details: Mapping[str, Json]) -> None:
        """Lay ``details`` over what is on record of an award."""
        row = self._first(AwardRow, sa.select(award_record).where(award_record.c.id == award_id).with_for_update())
        if row is None:
            raise missing("获奖登记", "award", award_id)
        merged = {**row.details, **details}
        self._alter(award_record, award_id, {"details": merged})

    def conferred(self, jurisdiction: str, award: str, since: date) -> list[AwardRow]:
        """Return what was decided in an award on ``since`` or later, oldest first, what was revoked too."""
        chosen = (award_record.c.jurisdiction == jurisdiction, award_record.c.award == award)
        statement = sa.select(award_record).where(*chosen, award_record.c.decided_on >= since)
        return self._all(AwardRow, statement.order_by(award_record.c.decided_on, award_record.c.id))

    def public(
        self,
        jurisdiction: str | None = None,
        limit: int = 100,
        before: tuple[date, int] | None = None,
        *,
        year: int | None = None,
        tier: str | None = None,
        named: Sequence[str] = (),
    ) -> list[AwardRow]:
        """Return awards newest first; ``before`` is (decided_on, id) of the last one of the page above.

        ``named``: words that the name of an organisation holds which the award is on record for, or that holds or held it.
        """
        key = (award_record.c.decided_on, award_record.c.id)
        statement = sa.select(award_record).order_by(*(column.desc() for column in key)).limit(limit)
        if jurisdiction is not None:
            statement = statement.where(award_record.c.jurisdiction == jurisdiction)
        if before is not None:
            statement = statement.where(sa.tuple_(*key) < before)
        if year is not None:
            statement = statement.where(award_record.c.decided_on.between(date(year, 1, 1), date(year, 12, 31)))
        if tier is not None:
            statement = statement.where(award_record.c.tier == tier)
        if named:
            statement = statement.where(_held_by_one_called(named))
        return self._all(AwardRow, statement)

    def years(self, jurisdiction: str | None = None) -> list[int]:
        """Return the years in which awards were decided, newest first."""
        year = sa.extract("year", award_record.c.decided_on)
        statement = sa.select(year).distinct().order_by(year.desc())
        if jurisdiction is not None:
            statement = statement.where(award_record.c.jurisdiction == jurisdiction)
        return [int(found) for (found,) in self._connection.execute(statement)]

    def sanctions_of(
        self, jurisdiction: str, effects: Sequence[str], limit: int, body_id: int | None = None
    ) -> list[SanctionRow]:
        """Return the sanctions of a city with one of these effects, newest first; of one organisation when asked."""
        statement = sa.select(sanction).where(sanction.c.jurisdiction == jurisdiction, sanction.c.effect.in_(effects))
        if body_id is not None:
            statement = statement.where(sanction.c.body_id == body_id)
        ordered = statement.order_by(sanction.c.decided_on.desc(), sanction.c.id.desc())
        return self._that_hold(SANCTIONS, self._all(SanctionRow, ordered.limit(limit)))


def _held_by_one_called(words: Sequence[str]) -> sa.ColumnElement[bool]:
    held = sa.select(award_holder.c.body_id).where(award_holder.c.award_id == award_record.c.id)
    one_of_them = sa.or_(body.c.id == award_record.c.body_id, body.c.id.in_(held.correlate(award_record)))
    called = (body.c.name.contains(word, autoescape=True) for word in words)
    return sa.exists().where(one_of_them, *called).correlate(award_record)
