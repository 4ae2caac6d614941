"""From whom people keep away: a recusal ends by the program's word alone.

The recusals of who signs in come with their seats; only where one has ended is its row read, to ask for its seal.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from service.store.choice_seals import RECUSALS
from service.store.prepared import fetch
from service.store.repositories.base import rows_of
from service.store.row_seals import RowSeals
from service.store.rows import RecusalRow
from service.store.rows.experts import recusal

_ENDED = sa.select(recusal).where(recusal.c.person_id == sa.bindparam("person"), recusal.c.lifted_at.is_not(None))


def recusals_of(who: sa.FromClause) -> sa.ColumnElement[str]:
    """Return the organisations of all recusals of a person in one text; the number of an ended one stands below zero."""
    comma: Any = sa.literal_column("','")  # a value would be written into the statement each time
    told = sa.case((recusal.c.lifted_at.is_(None), recusal.c.body_id), else_=-recusal.c.body_id)
    every = sa.func.aggregate_strings(sa.cast(told, sa.String), comma)
    return sa.select(every).where(recusal.c.person_id == who.c.id).correlate(who).scalar_subquery().label("recused")


def stands(seals: RowSeals | None, row: RecusalRow) -> bool:
    """Return whether a recusal still keeps somebody away: it is not ended, or others wrote that it is."""
    return row.lifted_at is None or not RECUSALS.rows.counts(seals, row)


class KeptAway:
    """Says from which organisations people keep away."""

    def __init__(self, connection: sa.Connection, seals: RowSeals | None) -> None:
        self._connection, self.seals = connection, seals

    def of(self, person_id: int, listed: object) -> frozenset[int]:
        """Return from whom a person keeps away, by what `recusals_of` told of them."""
        numbers = {int(number) for number in str(listed or "").split(",") if number}
        standing = frozenset(number for number in numbers if number > 0)
        if self.seals is None or len(standing) == len(numbers):
            return standing
        ended = rows_of(RecusalRow, *fetch(self._connection, _ENDED, {"person": person_id}))
        return standing.union(row.body_id for row in ended if stands(self.seals, row))
