"""Findings of eligibility tables."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import FindingRow
from service.store.rows.submissions import finding

_CURRENT = one(finding, "case_id").where(finding.c.current).order_by(finding.c.id)


class FindingRepository(Repository):
    """What was found on each ground; older findings are kept as history."""

    def replace(self, case_id: int, table: str, rows: Sequence[FindingRow]) -> list[int]:
        """Let ``rows`` be the findings on ``table`` from now on; returns their ids."""
        where = (finding.c.case_id == case_id, finding.c.table == table, finding.c.current)
        self._change(sa.update(finding).where(*where).values(current=False))
        return self._insert_many(finding, rows)

    def current(self, case_id: int) -> list[FindingRow]:
        """Return the findings that count, in the order they were made."""
        return self._all(FindingRow, _CURRENT, case_id=case_id)

    def history(self, case_id: int) -> list[FindingRow]:
        """Return all findings ever made, oldest first."""
        return self._all(FindingRow, sa.select(finding).where(finding.c.case_id == case_id).order_by(finding.c.id))
