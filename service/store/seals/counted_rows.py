"""Rows that are counted under a seal, for each owner: one that somebody deletes is missed where something rests on it.

A count is of the seals of rows, each of which counts once, so that a copy takes no other row's place. That of before is
noted beside the keys, as that an owner was counted at all: neither an older count nor none comes back with the rows. It is
noted for every process at once, and waits for the disk within a minute, with whatever is noted next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from service.domain.errors import Conflict
from service.domain.proof.row_mark import MarkMatter, RowMark
from service.domain.text import Text
from service.store.rows.cases import case, case_party
from service.store.rows.experts import expert, interest, recusal, training
from service.store.rows.ratings import rating
from service.store.rows.register import award_holder, award_record, sanction
from service.store.rows.row_counts import RowCountRow, row_count
from service.store.rows.work import mail
from service.store.seals.row_seals import RowSeals
from service.store.seals.sealed_rows import SealedRows

Counting = tuple[str, str, int]
"""Of what, of which owner, and how many more rows."""

_BEGUN = "counted:"


@dataclass(frozen=True, slots=True)
class CountedRows:
    """The rows of a table that bear seals, counted for each value of a column."""

    table: sa.Table
    column: str
    daily: bool = False
    """Whether there are so many that all of them are looked at once a day."""
    told_by: str = "seal"
    """By which column rows are told apart, so that a copy takes no row's place."""
    begun: str = row_count.name
    """With the seals of what table these began to be counted, where that was later."""

    @property
    def name(self) -> str:
        """Return by which name it is counted."""
        return f"{self.table.name}.{self.column}"

    def as_stored(self, owner: str) -> object:
        """Return an owner as it stands in the column."""
        return int(owner) if isinstance(self.table.c[self.column].type, sa.Integer) else owner


PARTIES = CountedRows(case_party, "case_id", daily=True)
REGISTER = CountedRows(expert, "jurisdiction")
TRAINED = CountedRows(training, "expert_id")
TIES_OF, TIES_TO = CountedRows(interest, "person_id"), CountedRows(interest, "body_id")
RECUSED, RECUSED_FROM = CountedRows(recusal, "person_id"), CountedRows(recusal, "body_id")
LETTERS = CountedRows(mail, "person_id", daily=True)
BARRED = CountedRows(sanction, "body_id")
AWARDED = CountedRows(award_record, "body_id", told_by="id")
AWARDED_IN = CountedRows(award_record, "jurisdiction", told_by="id", begun=award_holder.name)
HELD = CountedRows(award_holder, "body_id", told_by="award_id", begun=award_holder.name)
BESIDE = CountedRows(award_holder, "award_id", told_by="body_id", begun=award_holder.name)
RATED = CountedRows(rating, "case_id", daily=True, told_by="case_id", begun=rating.name)
BELOW = CountedRows(case, "parent_id", daily=True, told_by="id")
CASES = CountedRows(case, "jurisdiction", daily=True, told_by="id")

COUNTED: Mapping[str, CountedRows] = {
    one.name: one
    for one in (
        *(PARTIES, REGISTER, TRAINED, TIES_OF, TIES_TO, RECUSED, RECUSED_FROM),
        *(LETTERS, BARRED, AWARDED, AWARDED_IN, HELD, BESIDE, BELOW, CASES, RATED),
    )
}
"""By their names; a table may be counted for more than one owner."""


def _words(row: RowCountRow) -> list[object]:
    return [row.counted, row.owner, row.amount]


COUNTS = SealedRows(row_count.name, _words)
"""The counts themselves, and what their seals bind."""


@dataclass(frozen=True, slots=True)
class Fewer:
    """Rows that are missing: ``there`` are fewer than the ``amount`` counted; None where the count itself is of others."""

    counted: str
    owner: str
    amount: int | None
    there: int

    @property
    def words(self) -> RowMark:
        """Name table, owner and count."""
        table, _, column = self.counted.partition(".")
        if self.amount is None:
            return RowMark(
                f"表 {table} 中 {column} 为 {self.owner} 的行有多少（row_count 表），不是由本系统写入的，或者已被删除；现有 {self.there} 行",
                f"how many rows of table {table} have {column} {self.owner} (table row_count) was not written by this program, or"
                f" was deleted; there are {self.there}",
                table=table,
                row=f"{column} {self.owner}",
                matter=MarkMatter.UNFIT,
            )
        return RowMark(
            f"表 {table} 中 {column} 为 {self.owner} 的应有 {self.amount} 行，现有 {self.there} 行，缺的不是由本系统删除的（他人改动过的行不算）",
            f"{self.amount} rows of table {table} have {column} {self.owner}, and {self.there} are there: the program did not"
            " delete what is missing (a row that others changed is none)",
            table=table,
            row=f"{column} {self.owner}",
            matter=MarkMatter.MISSING,
        )


class RowsMissing(Conflict):
    """Rows were deleted beside the program: nothing is done by those that are left."""

    code = "rows_missing"

    def __init__(self, fewer: Fewer, case_id: int | None = None, place: str | None = None) -> None:
        self.fewer, self.case_id, self.place = fewer, case_id, place
        said = fewer.words
        super().__init__(
            Text(
                f"数据在系统之外被删除，您刚才的操作没有生效：{said.zh}。请通知审计管理员：查明是谁删除的，从备份恢复后再办；"
                "确认现状无误的，运行 laurel audit record-rows。",
                f"Data were deleted beside the program, and what you just did was not done: {said.en}. Tell the audit"
                " administrator, who finds out who did it and puts the rows back from a backup; where what stands there is known"
                " to be right, laurel audit record-rows takes it as it stands.",
            )
        )


def countings(table: sa.Table, row: Any, more: int = 1) -> Iterator[Counting]:
    """Yield what changes by ``more`` rows like ``row``."""
    for one in COUNTED.values():
        owner = getattr(row, one.column) if one.table is table else None
        if owner is not None:
            yield one.name, str(owner), more


def fewer(
    seals: RowSeals | None,
    of: CountedRows,
    owner: object,
    kept: tuple[Any, Any] | None,
    there: Callable[[], int],
    more: int = 0,
) -> Fewer | None:
    """Return what is missing of the rows of an owner, None where nothing is.

    ``kept`` are amount and seal of their count, None where there is none; ``there`` counts the rows, to which a unit of work
    has added ``more`` that are not counted yet.
    """
    if seals is None or not seals.asks_for(row_count.name):
        return None
    if kept is None or kept[0] is None:
        return Fewer(of.name, str(owner), None, there()) if seals.is_withdrawn(begun(of.name, str(owner))) else None
    row = RowCountRow(counted=of.name, owner=str(owner), amount=int(kept[0]), seal=str(kept[1]))
    if COUNTS.lacks(seals, row):
        return Fewer(of.name, str(owner), None, there())
    found = there()
    return Fewer(of.name, str(owner), row.amount + more, found) if found < row.amount + more else None


def pending(counted: Iterable[Counting], name: str, owner: object) -> int:
    """Return how many rows more a unit of work has written than are counted."""
    return sum(more for what, whose, more in counted if (what, whose) == (name, str(owner)))


def distinct(rows: Collection[Any]) -> int:
    """Return how many of ``rows`` there are, a copy not counted."""
    return len({row.seal for row in rows})


def begun(name: str, owner: str) -> str:
    """Return what is noted beside the keys once the rows of an owner are counted."""
    return f"{_BEGUN}{name}/{owner}"


def begun_of(marks: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield of what and of which owner ``marks`` say that rows are counted."""
    for mark in marks:
        if mark.startswith(_BEGUN):
            name, _, owner = mark.removeprefix(_BEGUN).partition("/")
            if name in COUNTED:
                yield name, owner
