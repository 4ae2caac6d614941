"""What the chains hold of rows that decide, and those rows as they stand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.connections.prepared import fetch
from service.store.repositories.base import Repository, among
from service.store.rows.acts import act
from service.store.rows.cases import case
from service.store.rows.columns import metadata
from service.store.rows.history import audit
from service.store.seals.deciding import DECIDING, beside_cases, digested, rows_of_cases
from service.store.seals.unreadable import UNREADABLE, rows_with_unreadable
from service.store.seals.written import RECORDS, ROWS, in_brief, order_of, rows_at

_AT_ONCE = 500
_PAGE = 1_000
_HOLDING = (
    sa.select(audit.c.case_id, audit.c.seq, audit.c.at, audit.c.actor, audit.c.data)
    .where(among(audit.c.case_id, "cases"), sa.cast(audit.c.data, sa.Text).contains(f'"{RECORDS}":'))
    .order_by(audit.c.id)
)
_BOOKED = (
    sa.select(act.c.id, act.c.chain, act.c.seq, act.c.at, act.c.actor, act.c.data)
    .where(act.c.id > sa.bindparam("after"), sa.cast(act.c.data, sa.Text).contains(f'"{RECORDS}":'))
    .order_by(act.c.id)
    .limit(_PAGE)
)
_ROOTS = (
    sa.select(case.c.id)
    .where(case.c.parent_id.is_(None), case.c.id > sa.bindparam("after"))
    .order_by(case.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)


@dataclass(frozen=True, slots=True)
class ToldOfRows:
    """What one entry of a chain holds: ``place`` is the chain, ``told`` its digests with the name of their key.

    ``order`` says which of several of one instant is the later, once whoever has the key has read it (`in_order`).
    """

    place: str
    seq: int
    at: datetime
    actor: str
    told: Mapping[str, Any]
    order: int = 0

    def in_order(self, key: bytes) -> ToldOfRows:
        """Return the same with its place among those of one instant."""
        return replace(self, order=order_of(key, self.told))

    @property
    def when(self) -> tuple[datetime, int]:
        """Return by what it is older or newer than others."""
        return self.at, self.order


@dataclass(frozen=True, slots=True)
class DecidingRow:
    """A row of a deciding table: its key, and its digested columns by name."""

    table: str
    key: tuple[object, ...]
    values: Mapping[str, object]


class DigestRepository(Repository):
    """Digests in the chains, and what they are of."""

    def told_of(self, case_ids: Sequence[int]) -> Iterator[ToldOfRows]:
        """Yield what the histories of these cases hold, each in its order."""
        for start in range(0, len(case_ids), _AT_ONCE):
            given = {"cases": list(case_ids[start : start + _AT_ONCE])}
            for ident, seq, at, actor, data in fetch(self._connection, _HOLDING, given)[1]:
                if (told := _told_in(data)) is not None:
                    yield ToldOfRows(f"case {ident}", seq, at, actor, told)

    def roots_after(self, after: int, limit: int) -> list[int]:
        """Return the next cases above which none stands, by number."""
        return [row[0] for row in fetch(self._connection, _ROOTS, {"after": after, "most": limit})[1]]

    def told_beside(self) -> Iterator[ToldOfRows]:
        """Yield what the book holds, oldest first."""
        return (told for _, told in self.told_after(0))

    def told_after(self, after: int) -> Iterator[tuple[int, ToldOfRows]]:
        """Yield what the acts above number ``after`` hold, each with its number, oldest first."""
        whole = True
        while whole:
            page = fetch(self._connection, _BOOKED, {"after": after})[1]
            for ident, chain, seq, at, actor, data in page:
                if (told := _told_in(data)) is not None:
                    yield ident, ToldOfRows(f"book {chain}", seq, at, actor, told)
            whole = len(page) == _PAGE
            after = page[-1][0] if whole else after

    def rows(self, tables: Collection[str], case_ids: Sequence[int]) -> Iterator[DecidingRow]:
        """Yield the rows of these deciding tables that belong to these cases."""
        for table in (name for name in tables if not beside_cases(name)):
            for start in range(0, len(case_ids), _AT_ONCE):
                given = {"cases": list(case_ids[start : start + _AT_ONCE])}
                yield from self._read_rows(table, rows_of_cases(table), given)

    def rows_beside(self) -> Iterator[DecidingRow]:
        """Yield the rows of deciding tables that belong to no case."""
        for table in (name for name in DECIDING if beside_cases(name)):
            own = metadata.tables[table]
            yield from self._read_rows(table, sa.select(*own.primary_key, *(own.c[n] for n in digested(table))), {})

    def at(self, table: str, keys: Sequence[tuple[object, ...]]) -> Iterator[DecidingRow]:
        """Yield the rows of a deciding table with these keys."""
        for key, values in rows_at(self._connection, table, keys):
            yield DecidingRow(table, key, values)

    def _read_rows(self, table: str, wanted: sa.Select[Any], given: Mapping[str, object]) -> Iterator[DecidingRow]:
        count = len(metadata.tables[table].primary_key)
        try:
            rows: Sequence[Sequence[Any]] = self._connection.execute(wanted, given).all()
        except UNREADABLE:
            rows = [*rows_with_unreadable(self._connection, metadata.tables[table], wanted, given)]
        for row in rows:
            yield DecidingRow(table, tuple(row[:count]), in_brief(table, row[count:]))


def _told_in(data: object) -> Mapping[str, Any] | None:
    """Return what an entry says of rows; None where it says nothing, or what no program of ours ever wrote there."""
    told = data.get(RECORDS) if isinstance(data, Mapping) else None
    rows = told.get(ROWS, {}) if isinstance(told, Mapping) else None
    if told is None or not isinstance(rows, Mapping):
        return None
    return told if all(one is None or isinstance(one, Mapping) for one in rows.values()) else None
