"""Interventions over a selection of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.repositories.base import Repository, one, word
from service.store.rows import InterventionBatchRow, InterventionResultRow, Json
from service.store.rows.history import incident
from service.store.rows.interventions import intervention_batch, intervention_result

_OF_BATCH = intervention_result.c.batch_id == sa.bindparam("batch")


class InterventionRepository(Repository):
    """Batches, and their result in each case."""

    def begin(self, row: InterventionBatchRow, cases: Sequence[int]) -> int:
        """Keep a batch with every case it is to change; returns its id."""
        batch = self._insert(intervention_batch, row)
        self._add(batch, cases)
        return batch

    def begin_for_cause(self, row: InterventionBatchRow, jurisdiction: str, cause: str) -> int:
        """Keep a batch with every case that has an open incident of a cause; returns its id."""
        batch = self._insert(intervention_batch, row)
        given = (incident.c.jurisdiction == jurisdiction, incident.c.cause == cause)
        found = sa.select(incident.c.case_id).where(
            *given, incident.c.resolved_at.is_(None), incident.c.case_id.is_not(None)
        )
        self._add(batch, [*self._connection.scalars(found.distinct())])
        return batch

    def _add(self, batch: int, cases: Sequence[int]) -> None:
        self._put(intervention_result, [InterventionResultRow(batch_id=batch, case_id=case) for case in cases])

    def under_way(self, kind: str) -> list[InterventionBatchRow]:
        """Return the batches of a kind in which a case waits, newest first."""
        result = intervention_result.c
        waits = sa.exists().where(result.batch_id == intervention_batch.c.id, result.state == word("waiting"))
        statement = sa.select(intervention_batch).where(intervention_batch.c.kind == kind, waits)
        return self._all(InterventionBatchRow, statement.order_by(intervention_batch.c.id.desc()))

    def newest(self, kind: str, before: int | None = None, limit: int = 100) -> list[InterventionBatchRow]:
        """Return the newest batches of a kind, newest first, below the number ``before``."""
        of_kind = sa.select(intervention_batch).where(intervention_batch.c.kind == kind)
        if before is not None:
            of_kind = of_kind.where(intervention_batch.c.id < before)
        return self._all(InterventionBatchRow, of_kind.order_by(intervention_batch.c.id.desc()).limit(limit))

    def spend(self, tried: int, done: int) -> bool:
        """Note that batch ``done`` does what ``tried`` tried; returns whether no other does already."""
        first = (intervention_batch.c.id == tried, intervention_batch.c.tried_id.is_(None))
        return self._change(sa.update(intervention_batch).where(*first).values(tried_id=done)) == 1

    def get(self, batch: int) -> InterventionBatchRow:
        """Return a batch; raises NotFound."""
        return self._existing(InterventionBatchRow, ("批次", "batch"), one(intervention_batch, "id"), batch)

    def of_person(self, person_id: int, limit: int = 20, before: int | None = None) -> list[InterventionBatchRow]:
        """Return the newest batches of a person, below the number ``before``."""
        statement = sa.select(intervention_batch).where(intervention_batch.c.person_id == person_id)
        if before is not None:
            statement = statement.where(intervention_batch.c.id < before)
        return self._all(InterventionBatchRow, statement.order_by(intervention_batch.c.id.desc()).limit(limit))

    def counts(self, batch: int) -> dict[str, int]:
        """Return in how many cases a batch is waiting, done or refused."""
        counted = sa.select(intervention_result.c.state, sa.func.count()).where(_OF_BATCH)
        found = self._connection.execute(counted.group_by(intervention_result.c.state), {"batch": batch})
        return {str(state): int(count) for state, count in found}

    def results(
        self, batch: int, state: str | None = None, after: int = 0, limit: int = 100
    ) -> list[InterventionResultRow]:
        """Return results by case; ``after`` is the last case of the page above."""
        statement = sa.select(intervention_result).where(_OF_BATCH, intervention_result.c.case_id > after)
        if state is not None:
            statement = statement.where(intervention_result.c.state == state)
        return self._all(
            InterventionResultRow, statement.order_by(intervention_result.c.case_id).limit(limit), batch=batch
        )

    def refuse_waiting(self, batch: int, said: Mapping[str, Json], at: datetime) -> int:
        """Note for every case of a batch that waits still that it was refused, and why; returns how many those are."""
        waiting = (intervention_result.c.batch_id == batch, intervention_result.c.state == word("waiting"))
        changes = {"state": "refused", "said": dict(said), "at": at}
        return self._change(sa.update(intervention_result).where(*waiting).values(changes))

    def note(self, batch: int, case_id: int, state: str, said: Mapping[str, Json], at: datetime) -> None:
        """Note what a batch came to in one case that waits; raises Stale where it has a result, which stays."""
        here = (intervention_result.c.batch_id == batch, intervention_result.c.case_id == case_id)
        waiting = (*here, intervention_result.c.state == word("waiting"))
        changes = {"state": state, "said": dict(said), "at": at}
        if self._change(sa.update(intervention_result).where(*waiting).values(changes)) != 1:
            raise Stale
