"""Incidents, which wait for a person, and interventions over a selection of cases."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.models import IncidentRow, InterventionBatchRow, InterventionResultRow, Json
from service.store.models.cases import case
from service.store.models.interventions import intervention_batch, intervention_result
from service.store.models.log import incident
from service.store.queries.base import Repository, one, word

_SAME = ("case_id", "engine_id", "kind", "work_item_id")


@dataclass(frozen=True, slots=True)
class IncidentCause:
    """Open incidents of a jurisdiction that one remedy settles: how many, the oldest and the newest."""

    jurisdiction: str
    cause: str
    count: int
    since: datetime
    newest: int


class KindOfCase(NamedTuple):
    """One kind of case of one award; an empty word means any."""

    award: str
    process: str


def cause_of(row: IncidentRow) -> str:
    """Return what an incident has in common with those that one remedy settles: kind, element and what happened."""
    what = hashlib.sha256(str(row.what.get("zh", "")).encode()).hexdigest()[:12]
    return row.cause or f"{row.kind}/{row.element or ''}/{what}"


class IncidentRepository(Repository):
    """Open and resolved incidents."""

    def open(self, row: IncidentRow) -> int:
        """Report an incident; the same one again (case, element instance, work item, kind) counts up.

        It then says what happened last, and is queued for nothing, while since when it stands and who takes care of it stay.
        """
        given = {name: value for name in _SAME if (value := getattr(row, name))}
        same = [incident.c[name] == value for name, value in given.items()]
        again = sa.update(incident).where(*same, incident.c.resolved_at.is_(None))
        told = {name: getattr(row, name) for name in ("what", "consequence", "remedy", "detail")}
        values = {**told, "count": incident.c.count + 1, "cause": cause_of(row), "queued_at": None}
        known = self._scalar(again.values(values).returning(incident.c.id))
        return int(known) if known is not None else self._insert(incident, replace(row, cause=cause_of(row)))

    def get(self, incident_id: int) -> IncidentRow:
        """Return an incident; raises NotFound."""
        return self._existing(IncidentRow, ("异常", "incident"), one(incident, "id"), incident_id)

    def list_open(
        self, jurisdictions: Collection[str] | None = None, limit: int = 100, before: int | None = None
    ) -> list[IncidentRow]:
        """Return what is not resolved, newest first (None: everywhere); ``before`` is the last id of the page above."""
        statement = sa.select(incident).where(*_open(jurisdictions))
        if before is not None:
            statement = statement.where(incident.c.id < before)
        return self._all(IncidentRow, statement.order_by(incident.c.id.desc()).limit(limit))

    def raised(self, jurisdiction: str) -> list[IncidentRow]:
        """Return everything that ever broke in one place, resolved or not, newest first."""
        where = incident.c.jurisdiction == jurisdiction
        return self._all(IncidentRow, sa.select(incident).where(where).order_by(incident.c.id.desc()))

    def causes(self, jurisdictions: Collection[str], of: KindOfCase | None = None) -> list[IncidentCause]:
        """Return the causes of everything that is not resolved in these places, or in one kind of case there.

        The longest standing comes first.
        """
        oldest = sa.func.min(incident.c.since)
        columns = (incident.c.jurisdiction, incident.c.cause, sa.func.count(), oldest, sa.func.max(incident.c.id))
        grouped = sa.select(*columns).where(*_open(jurisdictions), *_of_kind(of))
        grouped = grouped.group_by(incident.c.jurisdiction, incident.c.cause)
        return [IncidentCause(*row) for row in self._connection.execute(grouped.order_by(oldest, incident.c.cause))]

    def of_cause(
        self,
        jurisdiction: str,
        cause: str,
        limit: int = 100,
        before: int | None = None,
        of: KindOfCase | None = None,
    ) -> list[IncidentRow]:
        """Return the open incidents of one cause, newest first; ``before`` is the last id of the page above."""
        statement = sa.select(incident).where(*_open([jurisdiction]), incident.c.cause == cause, *_of_kind(of))
        if before is not None:
            statement = statement.where(incident.c.id < before)
        return self._all(IncidentRow, statement.order_by(incident.c.id.desc()).limit(limit))

    def count_of_cause(self, jurisdiction: str, cause: str) -> tuple[int, int]:
        """Return how many open incidents of a cause are in cases, and how many are in none."""
        counted = sa.select(sa.func.count(incident.c.case_id), sa.func.count())
        inside, whole = self._connection.execute(counted.where(*_open([jurisdiction]), incident.c.cause == cause)).one()
        return int(inside), int(whole) - int(inside)

    def outside_cases(self, jurisdiction: str, cause: str, limit: int, before: int | None = None) -> list[IncidentRow]:
        """Return the open incidents of a cause that are in no case, newest first, below the number ``before``."""
        statement = sa.select(incident).where(
            *_open([jurisdiction]), incident.c.cause == cause, incident.c.case_id.is_(None)
        )
        if before is not None:
            statement = statement.where(incident.c.id < before)
        return self._all(IncidentRow, statement.order_by(incident.c.id.desc()).limit(limit))

    def hand_over(self, incident_id: int, person_id: int, note: str) -> None:
        """Note who takes care of an incident, and what they were told."""
        self._alter(incident, incident_id, {"handed_to": person_id, "handed_note": note})

    def queue(self, incident_id: int, at: datetime) -> None:
        """Note that a person had the work of an incident queued again; a second time changes nothing."""
        where = (incident.c.id == incident_id, incident.c.queued_at.is_(None))
        self._connection.execute(sa.update(incident).where(*where).values(queued_at=at))

    def resolve_work(self, work_item_id: int, at: datetime) -> None:
        """Note that the work of an incident went well after all."""
        where = (incident.c.work_item_id == work_item_id, incident.c.resolved_at.is_(None))
        self._connection.execute(sa.update(incident).where(*where).values(resolved_at=at))

    def count_open(self, jurisdictions: Collection[str] | None = None) -> int:
        """Return how many incidents are not resolved (None: everywhere)."""
        counted = sa.select(sa.func.count()).select_from(incident).where(*_open(jurisdictions))
        return int(self._scalar(counted))

    def oldest_open(self) -> datetime | None:
        """Return since when the oldest unresolved incident stands; None where there is none."""
        found = sa.select(incident.c.since).where(*_open(None)).order_by(incident.c.since).limit(1)
        since: datetime | None = self._scalar(found)
        return since

    def elements_open(self, jurisdictions: Collection[str]) -> set[str]:
        """Return the elements at which incidents of these places are not resolved."""
        found = sa.select(incident.c.element).where(*_open(jurisdictions), incident.c.element.is_not(None)).distinct()
        return set(self._connection.execute(found).scalars())

    def open_by_kind(self, jurisdictions: Collection[str]) -> dict[tuple[str, str, str], int]:
        """Return how many incidents of cases are not resolved, by (jurisdiction, award, kind of case)."""
        keys = (incident.c.jurisdiction, case.c.award, case.c.process)
        counted = sa.select(*keys, sa.func.count()).join(case, case.c.id == incident.c.case_id)
        found = self._connection.execute(counted.where(*_open(jurisdictions)).group_by(*keys))
        return {(place, award, sort): int(count) for place, award, sort, count in found}

    def of_case(self, case_id: int) -> list[IncidentRow]:
        """Return every incident of a case, oldest first."""
        return self._all(IncidentRow, sa.select(incident).where(incident.c.case_id == case_id).order_by(incident.c.id))

    def resolve(self, incident_id: int, at: datetime, person_id: int | None, settled: str = "") -> None:
        """Note that an incident is dealt with, and how where a person settled it otherwise; again is no harm."""
        where = (incident.c.id == incident_id, incident.c.resolved_at.is_(None))
        values = {"resolved_at": at, "resolved_by": person_id, "settled": settled}
        self._connection.execute(sa.update(incident).where(*where).values(values))


def _of_kind(of: KindOfCase | None) -> list[sa.ColumnElement[bool]]:
    if of is None or not any(of):
        return []
    asked = ((case.c.award, of.award), (case.c.process, of.process))
    return [sa.exists().where(case.c.id == incident.c.case_id, *(column == said for column, said in asked if said))]


def _open(jurisdictions: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    everywhere: list[sa.ColumnElement[bool]] = [incident.c.resolved_at.is_(None)]
    return everywhere if jurisdictions is None else [*everywhere, incident.c.jurisdiction.in_(jurisdictions)]


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
