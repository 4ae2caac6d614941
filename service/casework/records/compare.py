"""Compare rows that decide with the chains: a changed value, a row taken out and one that nobody recorded are told.

The digests come into the chains by themselves (`service/store/seals/written.py`): those of a step with the last entry of its
case, all others in the book of acts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.desk.desk import Desk
from service.domain.calendar import CHINA
from service.domain.text import Text
from service.store import (
    DECIDING,
    GIVEN_LATER,
    DecidingRow,
    ToldOfRows,
    Transaction,
    beside_cases,
    digest_of,
    is_sealed,
    key_of_row,
    name_of_key,
    name_of_row,
)

SECRET = "digests"  # noqa: S105  the name of a secret, not a secret
WHOLE = "digests-whole"
"""Name of the secret that is there once the rows of a program before have digests, too: from then on each must have them."""

LATER = "receipts-whole"
"""The same of the tables that are on record since later, and of columns that were added to the others then."""
COLUMNS_LATER = "fields-whole"
"""The same of columns that were added after these."""
LATER_TABLES = frozenset({"receipt"})

RANKED = ("score_sheet", "stage_score", "panel", "panel_member", "panel_case")
"""Tables that a ranking is made from."""

CHANGED, REMOVED, ADDED, RETURNED = "changed", "removed", "added", "returned"


@dataclass(frozen=True, slots=True)
class Altered:
    """A row that is not what the chains say: ``how``, in which ``column``, and which entry said so last (``told``)."""

    row: str
    how: str
    column: str = ""
    told: ToldOfRows | None = None

    @property
    def words(self) -> Text:
        """Say it: table, row, column, and when and in which entry it was recorded; who recorded it, the entry says alone."""
        table, _, key = self.row.partition(":")
        if self.told is None:
            return Text(
                f"表 {table} 第{key}行没有任何记录，不是由本系统写入的",
                f"row {key} of table {table} is in no record: the program did not write it",
            )
        when = f"{self.told.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        zh = f"{self.told.place} 第{self.told.seq}条，{when}"
        en = f"entry {self.told.seq} of {self.told.place}, {when}"
        if self.how == RETURNED:
            return Text(
                f"表 {table} 第{key}行已由本系统删除（记录见 {zh}），却又在表中",
                f"the program removed row {key} of table {table} (recorded in {en}), and it is there again",
            )
        if self.how == REMOVED:
            return Text(
                f"表 {table} 第{key}行已被删除（记录见 {zh}）",
                f"row {key} of table {table} was removed (recorded in {en})",
            )
        return Text(
            f"表 {table} 第{key}行 {self.column} 列的值与记录的不同（记录见 {zh}）",
            f"column {self.column} in row {key} of table {table} is not what was recorded (in {en})",
        )


class OnRecord:
    """What chains hold of rows: of each column the newest digest, both where two chains of a program before told one at one instant."""

    def __init__(self, key: bytes) -> None:
        self.key, self._by = key, name_of_key(key)
        self.rows: dict[str, dict[str, tuple[tuple[str, ...], ToldOfRows]]] = {}
        self._gone: dict[str, ToldOfRows] = {}

    def hear(self, entries: Iterable[ToldOfRows], wanted: Callable[[str], bool] | None = None) -> None:
        """Take in ``entries`` of one chain, oldest first; of the rows ``wanted``. What this key did not seal says nothing."""
        for entry in entries:
            if entry.told.get("by") != self._by or not is_sealed(self.key, entry.at, entry.told):
                continue
            entry = entry.in_order(self.key)
            for name, digests in entry.told["rows"].items():
                if wanted is not None and not wanted(name):
                    continue
                if digests is not None:
                    self._hear_row(name, digests, entry)
                elif name not in self._gone or self._gone[name].when <= entry.when:
                    self._gone[name] = entry

    def _hear_row(self, name: str, digests: Mapping[str, str], entry: ToldOfRows) -> None:
        known = self.rows.setdefault(name, {})
        for column, digest in digests.items():
            before, told = known.get(column, ((), entry))
            if told.when == entry.when and told.place != entry.place:
                known[column] = ((*before, digest), entry)
            elif told.when <= entry.when:
                known[column] = ((digest,), entry)

    def is_gone(self, name: str) -> bool:
        """Return whether the program itself removed a row, and recorded that."""
        last = self._last(name)
        return name in self._gone and (last is None or last <= self._gone[name].when)

    def faults_of(self, row: DecidingRow, *, every: bool, columns: bool = False) -> Iterator[Altered]:
        """Yield what of a row is not as recorded; ``every`` row must be on record, or even each of its ``columns``."""
        name = name_of_row(row.table, row.key)
        known, gone, last = self.rows.get(name), self._gone.get(name), self._last(name)
        if gone is not None and (last is None or last < gone.when):
            yield Altered(name, RETURNED, "", gone)
            return
        if known is None:
            if every:
                yield Altered(name, ADDED)
            return
        for column, value in row.values.items():
            if column not in known and columns:
                yield Altered(name, ADDED, column)
            elif column in known and not self._is_told(row.table, name, column, value, known[column][0]):
                yield Altered(name, CHANGED, column, known[column][1])

    def _is_told(self, table: str, name: str, column: str, value: object, told: Collection[str]) -> bool:
        """Return whether a value is one that was ``told``, or was given later by an older program that records none."""
        if digest_of(self.key, name, column, value) in told:
            return True
        return column in GIVEN_LATER.get(table, ()) and digest_of(self.key, name, column, None) in told

    def _last(self, name: str) -> tuple[datetime, int] | None:
        return max((entry.when for _, entry in self.rows.get(name, {}).values()), default=None)


def altered(
    desk: Desk,
    tx: Transaction,
    case_ids: Sequence[int],
    tables: Collection[str] = tuple(DECIDING),
    *,
    every: bool | None = None,
    beside: list[ToldOfRows] | None = None,
) -> list[Altered]:
    """Return what of the rows of ``tables`` that belong to these cases is not as the chains say.

    ``every`` row must be on record; by itself where those of a program before have digests. What the unit of work wrote
    itself is not looked at. ``beside`` collects what the histories say of rows that belong to no case, for
    `altered_beside`. Nothing is told where no key of digests is kept.
    """
    here = [name for name in tables if not beside_cases(name)]
    told = list(tx.digests.told_of(case_ids))
    if beside is not None:
        beside += about_no_case(told)
    rows = list(tx.digests.rows(here, case_ids))
    found = _of_cases(desk, tx, told, rows, here, every)
    if not found:
        return []
    desk.store.booked.forget()  # what was remembered may be of a database that was restored since
    return _of_cases(desk, tx, told, rows, here, every)


def _of_cases(
    desk: Desk,
    tx: Transaction,
    told: Sequence[ToldOfRows],
    rows: Sequence[DecidingRow],
    tables: Collection[str],
    every: bool | None,
) -> list[Altered]:
    """Compare rows of cases with what their histories (``told``) and the book say."""
    on_record = _on_record(desk)
    if on_record is None:
        return []
    on_record.hear(told)
    names = {name_of_row(row.table, row.key) for row in rows} | {*on_record.rows}
    on_record.hear(desk.store.booked.told_of(tx.digests, names), names.__contains__)
    return _faults(desk, tx, on_record, rows, tables, every)


def about_no_case(told: Iterable[ToldOfRows]) -> list[ToldOfRows]:
    """Return the entries that say something of rows which belong to no case."""
    return [entry for entry in told if any(_is_beside(name) for name in entry.told.get("rows", {}))]


def altered_beside(
    desk: Desk, tx: Transaction, told: Iterable[ToldOfRows], *, every: bool | None = None
) -> list[Altered]:
    """Return the same of all rows that belong to no case, such as awards; ``told`` is what the histories say of them."""
    on_record = _on_record(desk)
    if on_record is None:
        return []
    on_record.hear(told, _is_beside)
    on_record.hear(tx.digests.told_beside(), _is_beside)
    tables = [name for name in DECIDING if beside_cases(name)]
    return _faults(desk, tx, on_record, list(tx.digests.rows_beside()), tables, every)


def are_comparable(desk: Desk) -> bool:
    """Return whether rows can be compared: where digests are kept, the key that they were made by must be there."""
    return desk.store.key_of_digests is None or desk.ballot_keys.known_secret(SECRET) is not None


def _on_record(desk: Desk) -> OnRecord | None:
    key = desk.ballot_keys.known_secret(SECRET)
    return None if key is None or desk.store.key_of_digests is None else OnRecord(key)


def _is_beside(name: str) -> bool:
    """Return whether a row, by its name, belongs to no case."""
    return beside_cases(name.partition(":")[0])


def _faults(
    desk: Desk,
    tx: Transaction,
    on_record: OnRecord,
    rows: Sequence[DecidingRow],
    tables: Collection[str],
    all_known: bool | None,
) -> list[Altered]:
    must = _on_record_whole(desk) if all_known is None else None
    fresh = tx.written.names() if tx.written is not None else set()
    there = {name_of_row(row.table, row.key): row for row in rows}
    found = [
        one
        for name, row in there.items()
        if name not in fresh
        for one in on_record.faults_of(
            row, every=bool(all_known) if must is None else must(row.table), columns=bool(all_known)
        )
    ]
    found += _lost(on_record, there, tables, fresh)
    return [one for one in found if one.how != REMOVED or not _is_elsewhere(tx, on_record, one)]


def _on_record_whole(desk: Desk) -> Callable[[str], bool]:
    """Return what says of a table whether each of its rows must be on record."""
    whole, later = (desk.ballot_keys.known_secret(name) is not None for name in (WHOLE, LATER))
    return lambda table: later if table in LATER_TABLES else whole


def _lost(
    on_record: OnRecord, there: Mapping[str, DecidingRow], tables: Collection[str], fresh: Collection[str]
) -> list[Altered]:
    """Return the rows that are on record and gone."""
    found = []
    for name, known in on_record.rows.items():
        lost = name.partition(":")[0] in tables and name not in there and name not in fresh
        if lost and not on_record.is_gone(name):
            found.append(
                Altered(name, REMOVED, "", max((one[1] for one in known.values()), key=lambda told: told.when))
            )
    return found


def _is_elsewhere(tx: Transaction, on_record: OnRecord, one: Altered) -> bool:
    """Return whether a row that a chain names belongs to another case, as its own record says."""
    table, key = key_of_row(one.row)
    return any(not list(on_record.faults_of(row, every=False)) for row in tx.digests.at(table, [key]))
