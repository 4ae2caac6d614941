"""Findings of eligibility tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.prepared import Prepared
from service.store.repositories.base import Repository, one
from service.store.rows import FindingRow
from service.store.tables import finding

_CURRENT = Prepared(one(finding, "case_id").where(finding.c.current).order_by(finding.c.id))


class Findings(Repository):
    """What was found on each ground; older findings are kept as history."""

    def replace(self, case_id: int, table: str, rows: Sequence[Mapping[str, object]], at: datetime) -> list[int]:
        """Let ``rows`` be the findings on ``table`` from now on; returns their ids."""
        where = (finding.c.case_id == case_id, finding.c.table == table, finding.c.current)
        self._connection.execute(sa.update(finding).where(*where).values(current=False))
        fixed = {"case_id": case_id, "table": table, "at": at, "current": True}
        return self._insert_many(finding, [{**row, **fixed} for row in rows])

    def current(self, case_id: int) -> list[FindingRow]:
        """Return the findings that count, in the order they were made."""
        return self._all(FindingRow, _CURRENT, case_id=case_id)

    def history(self, case_id: int) -> list[FindingRow]:
        """Return all findings ever made, oldest first."""
        return self._all(FindingRow, sa.select(finding).where(finding.c.case_id == case_id).order_by(finding.c.id))
