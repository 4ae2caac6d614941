"""The register of awards and sanctions, across rounds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa

from service.store.models import AwardRow, HolderRow, Json, SanctionRow
from service.store.models.cases import case, subscription
from service.store.models.people import body
from service.store.models.register import award_holder, award_record, sanction
from service.store.queries.base import Repository, among, one, values_of, word

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

    def add_former_holder(self, award_id: int, body_id: int, until: date) -> None:
        """Note that an organisation held an award ``until`` a day; again is brought up to date."""
        row = HolderRow(award_id=award_id, body_id=body_id, until=until)
        new = self._upsert(award_holder).values(**values_of(row))
        self._change(
            new.on_conflict_do_update(index_elements=["award_id", "body_id"], set_={"until": new.excluded.until})
        )

    def pass_on(self, award_id: int, body_id: int, until: date) -> None:
        """Let another organisation hold an award; who held it ``until`` that day stays on record as a former holder."""
        before = self.award(award_id)
        self._change(sa.delete(award_holder).where(_PLACE), at_award=award_id, at_body=body_id)
        self._alter(award_record, before.id, {"body_id": body_id})
        self.add_former_holder(award_id, before.body_id, until)

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


_OWN = sa.select(award_record.c.id).where(award_record.c.body_id == sa.bindparam("body_id"))
_HELD = sa.select(award_holder.c.award_id).where(award_holder.c.body_id == sa.bindparam("body_id"))
_AWARDS = (
    sa.select(award_record)
    .where(award_record.c.id.in_(_OWN.union_all(_HELD)))
    .order_by(award_record.c.decided_on.desc(), award_record.c.id.desc())
)
_SANCTIONS = one(sanction, "body_id").order_by(sanction.c.decided_on.desc(), sanction.c.id.desc())

_CONFERRED = (
    one(award_record, "jurisdiction", "award")
    .where(award_record.c.decided_on >= sa.bindparam("since"))
    .order_by(award_record.c.decided_on, award_record.c.id)
)
_WATCHING = (
    sa.select(case.c.id)
    .join(subscription, subscription.c.case_id == case.c.id)
    .where(among(case.c.subject_id, "bodies"), case.c.status != word("ended"))
    .where(subscription.c.barrier.contains("register."))
    .distinct()
    .order_by(case.c.id)
)


class RegisterRepository(AwardHolderRepository):
    """Awards and sanctions on record."""

    def awards(self, body_id: int) -> list[AwardRow]:
        """Return the awards of an organisation, newest first: revoked, joint and passed-on ones too."""
        return self._all(AwardRow, _AWARDS, body_id=body_id)

    def sanctions(self, body_id: int) -> list[SanctionRow]:
        """Return the sanctions of an organisation, newest first."""
        return self._all(SanctionRow, _SANCTIONS, body_id=body_id)

    def insert_award(self, row: AwardRow) -> int:
        """Record an award and return its id."""
        return self._insert(award_record, row)

    def watchers(self, body_ids: Collection[int]) -> list[int]:
        """Return the live cases about these organisations that wait for something of the register, oldest first."""
        if not body_ids:
            return []
        return [int(ident) for (ident,) in self._read(_WATCHING, {"bodies": list(body_ids)})]

    def insert_sanction(self, row: SanctionRow) -> int:
        """Record a sanction and return its id."""
        return self._insert(sanction, row)

    def conferred(self, jurisdiction: str, award: str, since: date) -> list[AwardRow]:
        """Return what was decided in an award on ``since`` or later, oldest first, what was revoked too."""
        return self._all(AwardRow, _CONFERRED, jurisdiction=jurisdiction, award=award, since=since)

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
        if year is not None:
            statement = statement.where(award_record.c.decided_on.between(date(year, 1, 1), date(year, 12, 31)))
        if tier is not None:
            statement = statement.where(award_record.c.tier == tier)
        if named:
            statement = statement.where(_held_by_one_called(named))
        if before is not None:
            statement = statement.where(sa.tuple_(*key) < before)
        return self._all(AwardRow, statement)

    def years(self, jurisdiction: str | None = None) -> list[int]:
        """Return the years in which awards were decided, newest first."""
        statement = sa.select(sa.extract("year", award_record.c.decided_on)).distinct()
        if jurisdiction is not None:
            statement = statement.where(award_record.c.jurisdiction == jurisdiction)
        return sorted((int(year) for year in self._connection.scalars(statement)), reverse=True)

    def sanctions_of(
        self, jurisdiction: str, effects: Sequence[str], limit: int, body_id: int | None = None
    ) -> list[SanctionRow]:
        """Return the sanctions of a city with one of these effects, newest first; of one organisation when asked."""
        statement = sa.select(sanction).where(sanction.c.jurisdiction == jurisdiction, sanction.c.effect.in_(effects))
        if body_id is not None:
            statement = statement.where(sanction.c.body_id == body_id)
        ordered = statement.order_by(sanction.c.decided_on.desc(), sanction.c.id.desc())
        return self._all(SanctionRow, ordered.limit(limit))


def _held_by_one_called(words: Sequence[str]) -> sa.ColumnElement[bool]:
    held = sa.select(award_holder.c.body_id).where(award_holder.c.award_id == award_record.c.id)
    one_of_them = sa.or_(body.c.id == award_record.c.body_id, body.c.id.in_(held.correlate(award_record)))
    called = (body.c.name.contains(word, autoescape=True) for word in words)
    return sa.exists().where(one_of_them, *called).correlate(award_record)
