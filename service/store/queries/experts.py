"""The register of experts, their interests and recusals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.models import ExpertChangeRow, ExpertRow, InterestRow, RecusalRow, TrainingRow
from service.store.models.review import expert, expert_change, interest, recusal, training
from service.store.queries.base import Repository, among, one, values_of

_RECUSED_FROM = sa.select(recusal.c.body_id).where(
    recusal.c.person_id == sa.bindparam("person"), recusal.c.lifted_at.is_(None)
)
_POOL = one(expert, "jurisdiction").order_by(expert.c.id)
_POOL_AFTER = (
    sa.select(expert)
    .where(expert.c.jurisdiction == sa.bindparam("jurisdiction"), expert.c.id > sa.bindparam("after"))
    .order_by(expert.c.id)
    .limit(sa.bindparam("most"))
)
_TRAININGS_OF = (
    sa.select(training)
    .where(among(training.c.expert_id, "experts"))
    .order_by(training.c.held_on.desc(), training.c.id.desc())
)
_TRAININGS = (
    sa.select(training)
    .join(expert, expert.c.id == training.c.expert_id)
    .where(expert.c.jurisdiction == sa.bindparam("jurisdiction"))
    .order_by(training.c.held_on.desc(), training.c.id.desc())
)
_INTERESTS = sa.select(interest).where(among(interest.c.body_id, "bodies")).order_by(interest.c.id)
_RECUSALS = (
    sa.select(recusal).where(among(recusal.c.body_id, "bodies"), recusal.c.lifted_at.is_(None)).order_by(recusal.c.id)
)
_RECUSALS_ABOUT = (
    sa.select(recusal)
    .where(sa.or_(among(recusal.c.body_id, "bodies"), among(recusal.c.person_id, "people")))
    .order_by(recusal.c.id)
)


class ExpertRepository(Repository):
    """Who may be drawn, and from whom they keep away."""

    def insert(self, row: ExpertRow) -> int:
        """Put a person on the register and return the entry's id."""
        return self._insert(expert, row)

    def get(self, expert_id: int) -> ExpertRow:
        """Return an entry; raises NotFound."""
        return self._existing(ExpertRow, ("专家", "expert"), one(expert, "id"), expert_id)

    def of_person(self, jurisdiction: str, person_id: int) -> ExpertRow | None:
        """Return the entry of a person in a jurisdiction."""
        where = (expert.c.jurisdiction == jurisdiction, expert.c.person_id == person_id)
        return self._first(ExpertRow, sa.select(expert).where(*where))

    def entries_of(self, person_id: int) -> list[ExpertRow]:
        """Return the entries of a person in every jurisdiction, oldest first."""
        return self._all(ExpertRow, sa.select(expert).where(expert.c.person_id == person_id).order_by(expert.c.id))

    def pool(self, jurisdiction: str) -> list[ExpertRow]:
        """Return the whole register of a jurisdiction, by entry."""
        return self._all(ExpertRow, _POOL, jurisdiction=jurisdiction)

    def pool_after(self, jurisdiction: str, after: int, most: int) -> list[ExpertRow]:
        """Return the next entries of a register after an entry's number, ``most`` at a time."""
        return self._all(ExpertRow, _POOL_AFTER, jurisdiction=jurisdiction, after=after, most=most)

    def update(self, expert_id: int, version: int, **changes: object) -> None:
        """Change an entry that still has ``version``; raises Stale."""
        self._step(expert, expert_id, version, changes)

    def add_training(self, row: TrainingRow) -> int:
        """Record a training."""
        return self._insert(training, row)

    def trainings(self, jurisdiction: str) -> dict[int, list[TrainingRow]]:
        """Return the trainings of everybody on a register by entry, newest first."""
        return _by_entry(self._all(TrainingRow, _TRAININGS, jurisdiction=jurisdiction))

    def trainings_of(self, expert_ids: Collection[int]) -> dict[int, list[TrainingRow]]:
        """Return the trainings of some entries, newest first."""
        return _by_entry(self._all(TrainingRow, _TRAININGS_OF, experts=list(expert_ids))) if expert_ids else {}

    def note(self, row: ExpertChangeRow) -> int:
        """Add a line to the history of an entry."""
        return self._insert(expert_change, row)

    def changes(self, expert_id: int) -> list[ExpertChangeRow]:
        """Return the history of an entry, newest first."""
        statement = sa.select(expert_change).where(expert_change.c.expert_id == expert_id)
        return self._all(ExpertChangeRow, statement.order_by(expert_change.c.id.desc()))

    def add_interest(self, row: InterestRow) -> int:
        """Record an interest of a person in an organisation."""
        return self._insert(interest, row)

    def interests(self, body_ids: Collection[int]) -> list[InterestRow]:
        """Return all interests in these organisations, oldest first."""
        return self._all(InterestRow, _INTERESTS, bodies=list(body_ids)) if body_ids else []

    def interests_of(self, person_id: int) -> list[InterestRow]:
        """Return what ties a person to organisations, oldest first."""
        return self._all(
            InterestRow, sa.select(interest).where(interest.c.person_id == person_id).order_by(interest.c.id)
        )

    def recuse(self, row: RecusalRow) -> bool:
        """Keep a person away from an organisation; False where the jurisdiction does so already."""
        new = self._upsert(recusal).values(values_of(row))
        where = recusal.c.lifted_at.is_(None)
        statement = new.on_conflict_do_nothing(
            index_elements=["jurisdiction", "person_id", "body_id"], index_where=where
        )
        ident = self._scalar(statement.returning(recusal.c.id))
        if ident is not None:
            self._note_changed(recusal, (ident,))
        return ident is not None

    def recusals(self, body_ids: Collection[int]) -> list[RecusalRow]:
        """Return who now keeps away from these organisations."""
        return self._all(RecusalRow, _RECUSALS, bodies=list(body_ids)) if body_ids else []

    def recusals_about(self, body_ids: Collection[int], person_ids: Collection[int]) -> list[RecusalRow]:
        """Return the recusals from these organisations and those of these people, lifted ones too, oldest first."""
        return self._all(RecusalRow, _RECUSALS_ABOUT, bodies=list(body_ids), people=list(person_ids))

    def recusals_of(self, person_id: int) -> list[RecusalRow]:
        """Return the recusals of a person, lifted ones too, newest first."""
        statement = sa.select(recusal).where(recusal.c.person_id == person_id)
        return self._all(RecusalRow, statement.order_by(recusal.c.id.desc()))

    def recused_from(self, person_id: int) -> frozenset[int]:
        """Return the organisations a person now keeps away from."""
        return frozenset(row[0] for row in self._read(_RECUSED_FROM, {"person": person_id}))

    def recusal(self, recusal_id: int) -> RecusalRow:
        """Return a recusal; raises NotFound."""
        return self._existing(RecusalRow, ("回避记录", "recusal"), one(recusal, "id"), recusal_id)

    def lift(self, recusal_id: int, at: datetime, reason: str) -> None:
        """End a recusal; raises Stale when it has ended already."""
        where = (recusal.c.id == recusal_id, recusal.c.lifted_at.is_(None))
        changes: dict[str, object] = {"lifted_at": at, "lifted_reason": reason}
        if self._change(sa.update(recusal).where(*where).values(changes)) != 1:
            raise Stale


def _by_entry(rows: Iterable[TrainingRow]) -> dict[int, list[TrainingRow]]:
    found: dict[int, list[TrainingRow]] = defaultdict(list)
    for row in rows:
        found[row.expert_id].append(row)
    return dict(found)
