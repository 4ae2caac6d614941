"""Doubts about the clock and restores: what waits by them until a person releases them, whoever writes that it was released.

That one waits is noted beside the keys. Where its row is gone, or says without a seal of this installation that somebody
released it, it waits all the same, and the next who looks for work puts the row back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from service.domain.text import Text
from service.store.repositories.choices import SealingRows
from service.store.repositories.unit_of_work import joined
from service.store.repositories.work.incidents import IncidentRepository
from service.store.rows import IncidentRow
from service.store.seals.choice_seals import SealedTable
from service.store.seals.noted_marks import held_mark, released_mark

_Row = TypeVar("_Row")
ALTERED_HOLD = "altered_hold"
"""Kind of the incident about one that somebody released beside the program."""

_CONSEQUENCE = Text(
    "不算放行：期限和对外发送仍旧暂停，直到有人在“监控”中核对后放行。",
    "It is not released: time limits, or what leaves for the outside, go on to wait until a person has looked in the monitor.",
)
_REMEDY = Text(
    "请审计管理员运行 laurel audit verify，查明是谁改动了数据库；核对时间或者待发内容以后，在“监控”中照常放行，再写明原因跳过本异常。",
    "the audit administrator runs laurel audit verify and finds out who changed the database; look at the time, or at what"
    " would leave, release it in the monitor as usual, then skip this with the reason.",
)


class HeldRows(SealingRows, ABC, Generic[_Row]):
    """The rows of one of these tables."""

    kind: SealedTable[_Row]
    """Which table it is."""

    @abstractmethod
    def _row_of(self, ident: int, words: Sequence[str]) -> _Row:
        """Return the row that is made of what was noted of it, where it is gone."""

    def put_back(self, now: datetime) -> None:
        """Let wait again what others released or took out; an incident says so once."""
        for stored, row in self._written():
            known: Any = row
            if stored is None:
                self._put_unless_there(self.kind.table, [self.kind.rows.sealed(self.seals, row)])
            else:
                self._alter(self.kind.table, known.id, self.kind.rows.renewed(self.seals, stored, _OPEN))
            joined(IncidentRepository(self._connection), self).open(self._told_of(known.id, stored is None, now))

    def _written(self) -> list[tuple[_Row | None, _Row]]:
        """Return what others released or took out: as it stands, None where it is gone, and as it waits."""
        noted = self._noted()
        if not noted:
            return []
        table = self.kind.table
        found: Any = self._all(self.kind.kind, sa.select(table).where(table.c.id.in_(noted)))
        rows = {row.id: row for row in found}
        written: list[tuple[_Row | None, _Row]] = []
        for ident, words in sorted(noted.items()):
            stored = rows.get(ident)
            if stored is None:
                written.append((None, self._row_of(ident, words)))
            elif stored.released_at is not None and not self.kind.rows.counts(self.seals, stored):
                written.append((stored, replace(stored, **_OPEN)))
        return written

    def _held_open(self, rows: Sequence[_Row]) -> list[_Row]:
        """Return ``rows`` that nobody released, with those that others released or took out, in their order."""
        known: Any = [*rows, *(row for _, row in self._written())]
        return sorted(known, key=lambda row: row.id)

    def _hold(self, row: _Row) -> int:
        """Keep one that waits from now on."""
        ident = self._insert_sealed(self.kind, row)
        assert self.kind.held is not None
        self.later.append(held_mark(self.kind.table.name, ident, *self.kind.held(row)))
        return ident

    def _release(self, through: int, at: datetime, person: int | None, reason: str) -> bool:
        """Release one and those before it; returns whether any waited."""
        table, any_waited = self.kind.table, False
        self.put_back(at)
        found: Any = self._all(
            self.kind.kind, sa.select(table).where(table.c.id <= through, table.c.released_at.is_(None))
        )
        for row in found:
            given = {"released_at": at, "released_by": person, "reason": reason}
            changes = self.kind.rows.renewed(self.seals, row, given)
            one = (table.c.id == row.id, table.c.released_at.is_(None))
            if self._change(sa.update(table).where(*one).values(changes)):
                self.later.append(released_mark(table.name, row.id))
                any_waited = True
        return any_waited

    def forget_missing(self) -> None:
        """Let nothing wait that was noted after the backup which was restored; what it holds waits as it says."""
        for stored, row in self._written():
            known: Any = row
            if stored is None:
                self.later.append(released_mark(self.kind.table.name, known.id))

    def _noted(self) -> dict[int, list[str]]:
        if self.seals is None:
            return {}
        start = f"{self.kind.table.name}/"
        return {
            int(name.removeprefix(start)): words.split("|")
            for name, words in self.seals.waiting().items()
            if name.startswith(start)
        }

    def _told_of(self, ident: int, gone: bool, now: datetime) -> IncidentRow:
        table = self.kind.table.name
        what = (
            Text(f"表 {table} 第{ident}行在系统之外被删除，已恢复", f"Row {ident} of table {table} was deleted beside the program")
            if gone
            else Text(
                f"表 {table} 第{ident}行的放行（released_at 等列）不是由本系统写入的，已撤销",
                f"That row {ident} of table {table} is released (column released_at) was not written by this program",
            )
        )  # fmt: skip
        return IncidentRow(
            jurisdiction="*", kind=ALTERED_HOLD, what=what.as_json(), consequence=_CONSEQUENCE.as_json(),
            remedy=_REMEDY.as_json(), detail=ALTERED_HOLD, since=now,
        )  # fmt: skip


_OPEN: dict[str, Any] = {"released_at": None, "released_by": None, "reason": ""}
