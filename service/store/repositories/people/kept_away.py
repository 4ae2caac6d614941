"""From whom people keep away: a recusal ends by the program's word alone, and one that others delete is missed.

The recusals of who signs in come with their seats, in one text with how many were counted; their rows are read once in a
process, and again when the text is another, to ask for their seals. Where one is missing, or nobody knows from whom it
keeps away, its person keeps away from everybody until it is put back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from service.store.connections.prepared import fetch
from service.store.repositories.base import rows_of
from service.store.rows import RecusalRow
from service.store.rows.experts import recusal
from service.store.rows.people import body
from service.store.rows.row_counts import row_count
from service.store.seals.choice_seals import RECUSALS
from service.store.seals.counted_rows import RECUSED, distinct, fewer
from service.store.seals.row_seals import RowSeals

_EVERY = sa.select(recusal).where(recusal.c.person_id == sa.bindparam("person"))
_ALL_BODIES = sa.select(body.c.id)
_END, _SIGN, _MOST_KNOWN = ";", ":", 10_000


def recusals_of(who: sa.FromClause) -> sa.ColumnElement[str]:
    """Return all recusals of a person in one text: organisation and seal of each, and at its end how many were counted.

    The number of an ended one stands below zero.
    """
    comma, sign, end = (_written(f"'{text}'") for text in (",", _SIGN, _END))
    told = sa.case((recusal.c.lifted_at.is_(None), recusal.c.body_id), else_=-recusal.c.body_id)
    every = sa.func.aggregate_strings(sa.cast(told, sa.String) + sign + recusal.c.seal, comma)
    listed = sa.select(every).where(recusal.c.person_id == who.c.id).correlate(who).scalar_subquery()
    mine = (row_count.c.counted == _written(f"'{RECUSED.name}'"), row_count.c.owner == sa.cast(who.c.id, sa.String))
    number = sa.cast(row_count.c.amount, sa.String) + sign + row_count.c.seal
    counted = sa.select(number).where(*mine).correlate(who).scalar_subquery()
    nothing = _written("''")
    whole: sa.ColumnElement[str] = sa.func.coalesce(listed, nothing) + end + sa.func.coalesce(counted, nothing)
    return whole.label("recused")


def _written(text: str) -> Any:
    return sa.literal_column(text, sa.String)  # a value would be written into the statement each time


def stands(seals: RowSeals | None, row: RecusalRow) -> bool:
    """Return whether a recusal still keeps somebody away: it is not ended, or others wrote that it is."""
    return row.lifted_at is None or not RECUSALS.rows.counts(seals, row)


class KeptAway:
    """Says from which organisations people keep away."""

    def __init__(self, connection: sa.Connection, seals: RowSeals | None) -> None:
        self._connection, self.seals = connection, seals

    def of(self, person_id: int, listed: object) -> frozenset[int]:
        """Return from whom a person keeps away, by what `recusals_of` told of them."""
        told, _, counted = str(listed or _END).rpartition(_END)
        away, there = self._read(person_id, told) if told else (frozenset[int](), 0)
        amount, _, seal = counted.partition(_SIGN)
        kept = (amount, seal) if amount else None
        missing = fewer(self.seals, RECUSED, person_id, kept, lambda: there)
        if missing is None:
            return away
        if self.seals is not None:
            self.seals.tell_missing(missing.words.en)
        return frozenset(row[0] for row in fetch(self._connection, _ALL_BODIES, {})[1])

    def _read(self, person_id: int, told: str) -> tuple[frozenset[int], int]:
        """Return from whom the rows keep a person away, and how many of them this installation wrote."""
        known = self.seals.kept_away.get((person_id, told)) if self.seals is not None else None
        if known is not None:
            return known
        rows = rows_of(RecusalRow, *fetch(self._connection, _EVERY, {"person": person_id}))
        found = (
            frozenset(row.body_id for row in rows if stands(self.seals, row)),
            distinct([row for row in rows if _is_known(self.seals, row)]),
        )
        if self.seals is not None:
            if len(self.seals.kept_away) >= _MOST_KNOWN:
                self.seals.kept_away.clear()
            self.seals.kept_away[person_id, told] = found
        return found


def _is_known(seals: RowSeals | None, row: RecusalRow) -> bool:
    """Return whether a row keeps away from whom this installation said, though others may have written that it ended."""
    if seals is None or not seals.asks_for(recusal.name):
        return True
    return not all(RECUSALS.rows.lacks(seals, one) for one in (row, replace(row, lifted_at=None)))
