"""Incidents, which wait for a person, and interventions over a selection of cases."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.models import IncidentRow, InterventionBatchRow, InterventionResultRow, Json
from service.store.models.cases import case
from service.store.models.interventions import intervention_batch, intervention_result
from service.store.models.log import incident
from service.store.queries.base import word
from service.store.queries.rows import Rows

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


class IncidentRepository(Rows[IncidentRow]):
    """Open and resolved incidents."""

    def open(self, row: IncidentRow) -> int:
        """Report an incident; the same one again (case, element instance, work item, kind) counts up.

        It then says what happened last, and is queued for nothing, while since when it stands and who takes care of it stay.
        """
        identity = {name: value for name in _SAME if (value := getattr(row, name))}
        same = [incident.c[name] == value for name, value in identity.items()]
        again = sa.update(incident).where(*same, incident.c.resolved_at.is_(None))
        descriptions = {name: getattr(row, name) for name in ("what", "consequence", "remedy", "detail")}
        values = {**descriptions, "count": incident.c.count + 1, "cause": cause_of(row), "queued_at": None}
        incident_id = self._scalar(again.values(values).returning(incident.c.id))
        return int(incident_id) if incident_id is not None else self.insert(replace(row, cause=cause_of(row)))

    def list_open(
        self,
        jurisdictions: Collection[str] | None = None,
        limit: int = 100,
        before: int | None = None,
        cause: str = "",
        of: KindOfCase | None = None,
    ) -> list[IncidentRow]:
        """Return what is not resolved, newest first (None: everywhere), or of one cause; ``before`` is the last id of the page above."""
        statement = sa.select(incident).where(*_match_open(jurisdictions), *_of_kind(of))
        if cause:
            statement = statement.where(incident.c.cause == cause)
        if before is not None:
            statement = statement.where(incident.c.id < before)
        return self._all(IncidentRow, statement.order_by(incident.c.id.desc()).limit(limit))

    def causes(self, jurisdictions: Collection[str], of: KindOfCase | None = None) -> list[IncidentCause]:
        """Return the causes of everything that is not resolved in these places, or in one kind of case there.

        The longest standing comes first.
        """
        oldest = sa.func.min(incident.c.since)
        columns = (incident.c.jurisdiction, incident.c.cause, sa.func.count(), oldest, sa.func.max(incident.c.id))
        grouped = sa.select(*columns).where(*_match_open(jurisdictions), *_of_kind(of))
        grouped = grouped.group_by(incident.c.jurisdiction, incident.c.cause)
        return [IncidentCause(*row) for row in self._connection.execute(grouped.order_by(oldest, incident.c.cause))]

    def count_of_cause(self, jurisdiction: str, cause: str) -> tuple[int, int]:
        """Return how many open incidents of a cause are in cases, and how many are in none."""
        counted = sa.select(sa.func.count(incident.c.case_id), sa.func.count())
        inside, whole = self._connection.execute(
            counted.where(*_match_open([jurisdiction]), incident.c.cause == cause)
        ).one()
        return int(inside), int(whole) - int(inside)

    def oldest_open(self) -> datetime | None:
        """Return since when the oldest unresolved incident stands; None where there is none."""
        statement = sa.select(incident.c.since).where(*_match_open(None)).order_by(incident.c.since).limit(1)
        since: datetime | None = self._scalar(statement)
        return since

    def open_by_kind(self, jurisdictions: Collection[str]) -> dict[tuple[str, str, str], int]:
        """Return how many incidents of cases are not resolved, by (jurisdiction, award, kind of case)."""
        keys = (incident.c.jurisdiction, case.c.award, case.c.process)
        counted = sa.select(*keys, sa.func.count()).join(case, case.c.id == incident.c.case_id)
        rows = self._connection.execute(counted.where(*_match_open(jurisdictions)).group_by(*keys))
        return {(place, award, sort): int(count) for place, award, sort, count in rows}

    def resolve(self, incident_id: int, at: datetime, settled: str = "") -> None:
        """Note that an incident is dealt with, and how where a person settled it otherwise; again is no harm."""
        still = {"id": incident_id, "resolved_at": None}
        self.change_where(still, resolved_at=at, settled=settled)


def _of_kind(of: KindOfCase | None) -> list[sa.ColumnElement[bool]]:
    if of is None or not any(of):
        return []
    criteria = ((case.c.award, of.award), (case.c.process, of.process))
    return [
        sa.exists().where(case.c.id == incident.c.case_id, *(column == value for column, value in criteria if value))
    ]


def _match_open(jurisdictions: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    everywhere: list[sa.ColumnElement[bool]] = [incident.c.resolved_at.is_(None)]
    return everywhere if jurisdictions is None else [*everywhere, incident.c.jurisdiction.in_(jurisdictions)]


class InterventionRepository(Rows[InterventionBatchRow]):
    """Batches of interventions."""

    def begin(self, row: InterventionBatchRow, cases: Iterable[int]) -> int:
        """Keep a batch with every case it is to change; returns its id."""
        batch = self.insert(row)
        self._put(intervention_result, [InterventionResultRow(batch_id=batch, case_id=case) for case in cases])
        return batch

    def under_way(self, kind: str) -> list[InterventionBatchRow]:
        """Return the batches of a kind in which a case waits, newest first."""
        result = intervention_result.c
        waits = sa.exists().where(result.batch_id == intervention_batch.c.id, result.state == word("waiting"))
        statement = sa.select(intervention_batch).where(intervention_batch.c.kind == kind, waits)
        return self._all(InterventionBatchRow, statement.order_by(intervention_batch.c.id.desc()))


class InterventionResultRepository(Rows[InterventionResultRow]):
    """What batches came to in each case."""

    def refuse_waiting(self, batch: int, details: Mapping[str, Json], at: datetime) -> int:
        """Note for every case of a batch that waits still that it was refused, and why; returns how many those are."""
        return self.change_where({"batch_id": batch, "state": "waiting"}, state="refused", said=dict(details), at=at)

    def note(self, batch: int, case_id: int, state: str, details: Mapping[str, Json], at: datetime) -> None:
        """Note what a batch came to in one case that waits; raises Stale where it has a result, which stays."""
        waiting = {"batch_id": batch, "case_id": case_id, "state": "waiting"}
        if self.change_where(waiting, state=state, said=dict(details), at=at) != 1:
            raise Stale
