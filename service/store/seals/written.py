"""What a unit of work wrote into deciding tables, and the digests of it that go into a chain.

A digest is keyed: who reads the chain cannot try values out, and who has the database alone cannot make one.
"""

from __future__ import annotations

import threading
import time
from binascii import b2a_base64
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from types import NoneType
from typing import Any

import sqlalchemy as sa

from service.domain.proof.same_text import is_same_text
from service.store.json_text import to_text
from service.store.rows.columns import metadata
from service.store.seals.deciding import CLAIMED, DECIDING, READ_BY_CASES, digested, read_by_cases

KeyOfDigests = Callable[[], bytes]
Digests = dict[str, dict[str, str] | None]
"""Name of a row (``table:key``) → digest of each column that was written; None for a row that was removed."""

RECORDS, BY, ROWS, SEAL, ORDER = "records", "by", "rows", "seal", "order"
"""Under `RECORDS` the data of an event hold the digests (`ROWS`), the name of their key (`BY`) and a `SEAL` over them and the time.

Of two that two chains hold of one instant the one with the greater number under `ORDER` is the later.
"""

_LENGTH = 9
_AT_ONCE = 300


class Content(str):
    """The digest (BLAKE2b, hex) of bytes, which stands for them where they are compared."""

    __slots__ = ()


def content_of(value: bytes) -> Content:
    """Return what stands for bytes."""
    return Content(blake2b(value, digest_size=32).hexdigest())


def digest_of(key: bytes, row: str, column: str, value: object) -> str:
    """Return the digest of one value in its place: 72 bits of keyed BLAKE2b (RFC 7693), base64."""
    kind = _KINDS.get(type(value))
    told = f"{row}\0{column}\0{kind(value) if kind is not None else _text_of(value)}"
    return b2a_base64(
        blake2b(told.encode("utf-8", "surrogatepass"), digest_size=_LENGTH, key=key).digest(), newline=False
    ).decode()


def mark_of_row(table: str, row: Any) -> str:
    """Return the digest of what steps read of a row of a case; it stands in the sealed state of that case, and has no key."""
    said = [getattr(row, name) for name in read_by_cases(table)]
    return digest_of(b"", table, "", "\0".join(kind(v) if (kind := _KINDS.get(type(v))) else _text_of(v) for v in said))


def name_of_key(key: bytes) -> str:
    """Return by which name digests say which key made them."""
    return blake2b(b"laurel digests", digest_size=6, key=key).hexdigest()


def told_at(key: bytes, at: datetime, rows: Digests) -> dict[str, Any]:
    """Return what an event of ``at`` holds of ``rows``: sealed, so that old digests cannot be told as newer ones."""
    seal = _seal(key, at, rows)
    return {BY: name_of_key(key), ROWS: rows, SEAL: seal, ORDER: _ordered(key, seal, _ORDER.following())}


def is_sealed(key: bytes, at: datetime, told: Mapping[str, Any]) -> bool:
    """Return whether who has the ``key`` told this at that time."""
    return is_same_text(str(told.get(SEAL, "")), _seal(key, at, told.get(ROWS, {})))


def order_of(key: bytes, told: Mapping[str, Any]) -> int:
    """Return which of several that were told of one instant is the later; 0 of one of a program before, or that others numbered."""
    said = str(told.get(ORDER, ""))
    number, _, _ = said.partition(".")
    if not number.isdecimal() or not is_same_text(said, _ordered(key, str(told.get(SEAL, "")), int(number))):
        return 0
    return int(number)


def _ordered(key: bytes, seal: str, number: int) -> str:
    return f"{number}.{digest_of(key, 'order', seal, number)}"


class _Order:
    """Numbers that grow with the clock of the machine, and in a process whatever that does."""

    def __init__(self) -> None:
        self._lock, self._last = threading.Lock(), 0

    def following(self) -> int:
        """Return the next number."""
        with self._lock:
            self._last = max(self._last + 1, time.time_ns())
            return self._last


_ORDER = _Order()


def _seal(key: bytes, at: datetime, rows: Mapping[str, Any]) -> str:
    return digest_of(key, "event", _instant(at), to_text(rows))


def name_of_row(table: str, key: Iterable[object]) -> str:
    """Return a row as digests name it, such as ``score_sheet:12`` or ``panel_member:3/7``."""
    return f"{table}:{'/'.join(str(part) for part in key)}"


def _instant(value: datetime) -> str:
    return f"t{value.astimezone(UTC).isoformat(timespec='microseconds')}"


_KINDS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "n",
    bool: lambda value: f"b{value}",
    str: lambda value: f"s{value}",
    bytes: lambda value: f"x{content_of(value)}",
    Content: lambda value: f"x{value}",
    int: lambda value: f"i{value}",
    datetime: _instant,
    date: lambda value: f"d{value.isoformat()}",
    dict: lambda value: f"j{to_text(value)}",
    list: lambda value: f"j{to_text(value)}",
}
"""A value as text of its kind, the same for what is given and for what the database gives back."""


def _text_of(value: object) -> str:
    """Return the same of a value of a kind that is derived from these."""
    for kind in (str, bool, int, datetime, date):
        if isinstance(value, kind):
            return _KINDS[kind](value)
    return f"j{to_text(value)}"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row that was written: the ``values`` that it has now, or the ``columns`` to be read again."""

    table: str
    key: tuple[object, ...]
    values: Mapping[str, object] | None
    columns: Collection[str]


@dataclass(slots=True)
class Written:
    """What a unit of work wrote into deciding tables and what is in no chain yet."""

    key: KeyOfDigests | None
    entries: list[_Entry] = field(default_factory=list)
    announced: set[tuple[str, object]] = field(default_factory=set)
    sound: set[object] = field(default_factory=set)
    """What of the records was compared within this unit of work."""
    begun: set[str] = field(default_factory=set)
    """The cases that this unit of work added, as rows are named."""
    own: dict[tuple[str, int], tuple[int, str] | None] = field(default_factory=dict)
    """Table and number of rows that steps read and this unit of work wrote: their case and mark, None until they are read again."""

    def added(self, table: str, key: Sequence[object], row: Any) -> None:
        """Note a row as it was added; ``row`` has an attribute for each column."""
        if table == CLAIMED and row.case_id is None:
            return
        values = {name: getattr(row, name) for name in digested(table)}
        self.entries.append(_Entry(table, tuple(key), values, ()))
        if table == "case_instance":
            self.begun.add(name_of_row(table, key))
        elif table in READ_BY_CASES:
            self.own[str(table), int(str(key[0]))] = row.case_id, mark_of_row(table, row)

    def changed(self, table: str, key: Sequence[object], values: Mapping[str, object]) -> None:
        """Note the columns of a row that have other ``values`` now; those that have no digest are passed over."""
        moved = {name: value for name, value in values.items() if name in digested(table)}
        self._own_again(table, key, moved)
        if (table, key[0]) in self.announced:
            self.announced.discard((table, key[0]))
        elif table == CLAIMED or any(isinstance(value, sa.ClauseElement) for value in moved.values()):
            self.again(table, key, digested(table) if table == CLAIMED else moved)
        elif moved:
            self.entries.append(_Entry(table, tuple(key), moved, ()))

    def announce(self, table: str, key: int, values: Mapping[str, object]) -> None:
        """Note what the next change of a row will be: the event that holds its digests is written before the row."""
        self.changed(table, (key,), values)
        self.announced.add((table, key))

    def again(self, table: str, key: Sequence[object], columns: Collection[str]) -> None:
        """Note a row whose ``columns`` are read before its digests are made; one that is gone is noted as gone."""
        self._own_again(table, key, columns)
        self.entries.append(_Entry(table, tuple(key), None, tuple(columns)))

    def _own_again(self, table: str, key: Sequence[object], columns: Iterable[str]) -> None:
        if table in READ_BY_CASES and not {*columns}.isdisjoint(read_by_cases(table)):
            self.own[str(table), int(str(key[0]))] = None

    @contextmanager
    def undone_with(self) -> Iterator[None]:
        """Forget what was noted inside when it raises."""
        before, announced, own = [*self.entries], {*self.announced}, {**self.own}
        try:
            yield
        except BaseException:
            self.entries, self.announced, self.own = before, announced, own
            raise

    def names(self) -> set[str]:
        """Return the rows that are in no chain yet."""
        return {name_of_row(entry.table, entry.key) for entry in self.entries}

    def take(self, connection: sa.Connection, at: datetime) -> dict[str, Any]:
        """Return what an event of ``at`` is to hold of what was written, and forget it; nothing where nothing was."""
        if not self.entries or self.key is None:
            return {}
        entries, self.entries = self.entries, []
        key, found = self.key(), dict[str, dict[str, object] | None]()
        for entry in entries:
            if entry.values is not None:
                found[name_of_row(entry.table, entry.key)] = {
                    **(found.get(name_of_row(entry.table, entry.key)) or {}),
                    **entry.values,
                }
        for name, values in _read_again(connection, [entry for entry in entries if entry.values is None]):
            found[name] = None if values is None else {**(found.get(name) or {}), **values}
        rows: Digests = {
            name: None if values is None else {c: digest_of(key, name, c, v) for c, v in values.items()}
            for name, values in found.items()
        }
        return told_at(key, at, rows) if rows else {}


def _read_again(connection: sa.Connection, entries: Sequence[_Entry]) -> Iterator[tuple[str, dict[str, object] | None]]:
    """Yield each row with what its columns hold now, None for one that is gone."""
    for table in dict.fromkeys(entry.table for entry in entries):
        wanted: dict[tuple[object, ...], set[str]] = {}
        for entry in entries:
            if entry.table == table:
                wanted.setdefault(entry.key, set()).update(entry.columns)
        there = dict(rows_at(connection, table, list(wanted)))
        for key, columns in wanted.items():
            row = there.get(key)
            if row is None or table != CLAIMED or row["case_id"] is not None:
                yield name_of_row(table, key), None if row is None else {name: row[name] for name in columns}


def rows_at(
    connection: sa.Connection, table: str, keys: Sequence[tuple[object, ...]]
) -> Iterator[tuple[tuple[object, ...], dict[str, object]]]:
    """Yield the rows of a deciding table with these keys: key, and its digested columns by name."""
    own = metadata.tables[table]
    named = [*own.primary_key]
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        if len(named) == 1:
            here = named[0].in_([key[0] for key in some])
        else:
            here = sa.or_(*(sa.and_(*(c == part for c, part in zip(named, key, strict=True))) for key in some))
        for row in connection.execute(sa.select(*named, *(own.c[c] for c in digested(table))).where(here)):
            yield tuple(row[: len(named)]), in_brief(table, row[len(named) :])


def in_brief(table: str, values: Sequence[object]) -> dict[str, object]:
    """Return the digested columns of a row by name, what stands for them instead of bytes."""
    told = (content_of(value) if isinstance(value, bytes) else value for value in values)
    return dict(zip(digested(table), told, strict=True))


def columns_set(statement: sa.Update, given: Mapping[str, object]) -> set[str]:
    """Return the columns that an update writes."""
    values: Mapping[Any, object] = statement._values or {}
    named = {name_of_column(column) for column in values}
    return named | {name for name in given if name in statement.table.c}


def name_of_column(column: Any) -> str:
    """Return the name of a column that a statement was given, as it is or by its name."""
    return column if isinstance(column, str) else str(column.name)


def decides(table: Any) -> bool:
    """Return whether a table of a statement is a deciding one."""
    return getattr(table, "name", "") in DECIDING


def key_of_row(name: str) -> tuple[str, tuple[object, ...]]:
    """Return table and key of a row that `name_of_row` named."""
    table, _, key = name.partition(":")
    columns = [*metadata.tables[table].primary_key]
    parts = key.split("/", len(columns) - 1)
    return table, tuple(column.type.python_type(part) for column, part in zip(columns, parts, strict=True))
