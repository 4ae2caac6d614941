"""Incidents: what went wrong and waits for a person."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import IncidentRow
from service.store.rows.history import incident

_SAME = ("case_id", "engine_id", "kind", "work_item_id")


class IncidentRepository(Repository):
    """Open and resolved incidents."""

    def open(self, row: IncidentRow) -> int:
        """Report an incident; the same one again (case, element instance, work item, kind) counts up."""
        given = {name: value for name in _SAME if (value := getattr(row, name))}
        same = [incident.c[name] == value for name, value in given.items()]
        again = sa.update(incident).where(*same, incident.c.resolved_at.is_(None))
        values = {"count": incident.c.count + 1, "detail": row.detail}
        known = self._scalar(again.values(values).returning(incident.c.id))
        return int(known) if known is not None else self._insert(incident, row)

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

    def count_open(self, jurisdictions: Collection[str] | None = None) -> int:
        """Return how many incidents are not resolved (None: everywhere)."""
        counted = sa.select(sa.func.count()).select_from(incident).where(*_open(jurisdictions))
        return int(self._scalar(counted))

    def elements_open(self, jurisdictions: Collection[str]) -> set[str]:
        """Return the elements at which incidents of these places are not resolved."""
        found = sa.select(incident.c.element).where(*_open(jurisdictions), incident.c.element.is_not(None)).distinct()
        return set(self._connection.execute(found).scalars())

    def of_case(self, case_id: int) -> list[IncidentRow]:
        """Return every incident of a case, oldest first."""
        return self._all(IncidentRow, sa.select(incident).where(incident.c.case_id == case_id).order_by(incident.c.id))

    def resolve(self, incident_id: int, at: datetime, person_id: int | None) -> None:
        """Note that an incident is dealt with; again is no harm."""
        where = (incident.c.id == incident_id, incident.c.resolved_at.is_(None))
        self._connection.execute(sa.update(incident).where(*where).values(resolved_at=at, resolved_by=person_id))


def _open(jurisdictions: Collection[str] | None) -> list[sa.ColumnElement[bool]]:
    everywhere: list[sa.ColumnElement[bool]] = [incident.c.resolved_at.is_(None)]
    return everywhere if jurisdictions is None else [*everywhere, incident.c.jurisdiction.in_(jurisdictions)]
