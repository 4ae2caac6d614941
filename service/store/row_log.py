"""Rows of decisive tables that a unit of work wrote, and their keyed hashes, which an event takes along.

A hash is keyed and salted: who reads the log tries no values out, and who has the database alone makes none.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from types import NoneType
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.domain.proof.algorithms import SHA256, algorithm_of, named_mac
from service.domain.proof.signing import is_same_text
from service.store.models.cases import case
from service.store.models.columns import metadata
from service.store.models.people import person
from service.store.types import to_text

_SIGNS_IN = ("login", "password")
"""Columns of a person that are in its hash: by whom, and by what, somebody signs in."""

_OF_CASE = ("parent_id", "definition", "jurisdiction", "award", "process", "parameters")
"""Columns of a case that are in its hash: of what stands in a case besides, its history tells."""

DECISIVE: Mapping[str, tuple[str, ...]] = {
    "case_instance": tuple(column.name for column in case.c if column.name not in {"id", *_OF_CASE}),
    "form_result": (),
    "upload": ("task_id",),
    "finding": (),
    "document": ("produced_at", "pdf_sha256", "pdf_size"),
    "notice": ("listed",),
    "receipt": (),
    "sign_ask": (),
    "task_sign": (),
    "expert_draw": (),
    "panel": (),
    "panel_member": (),
    "panel_case": (),
    "score_sheet": (),
    "stage_score": (),
    "recusal": (),
    "ballot": ("cast", "urn", "key_name", "old_key", "sheet", "sheet_by"),
    "ballot_roll": ("state", "task_id"),
    "ballot_recusal": (),
    "ballot_result": (),
    "award_record": (),
    "award_holder": (),
    "sanction": (),
    "setting": (),
    "definition": ("content", "sources", "draft_id"),
    "package_event": (),
    "person": tuple(column.name for column in person.c if column.name not in {"id", *_SIGNS_IN}),
    "membership": (),
    "deputy": (),
    "rights_request": (),
}
"""Table → columns that are in no hash.

Of a roll and an urn these are what moves with each secret vote: their hashes would tell when who voted. The others say
in which task a file was added, what a notice was listed by, or are made after the step.
"""

CLAIMED = "upload"
"""A file decides nothing before a case has it."""

_THROUGH: Mapping[str, tuple[str, str]] = {
    "panel_member": ("panel_id", "panel"),
    "ballot_roll": ("ballot_id", "ballot"),
    "ballot_recusal": ("ballot_id", "ballot"),
    "ballot_result": ("ballot_id", "ballot"),
}
"""Tables whose rows name a row of another table, whose case is theirs: the column, and that table."""

BESIDE_CASES = frozenset(
    {
        "award_record",
        "award_holder",
        "sanction",
        "setting",
        "definition",
        "package_event",
        "person",
        "membership",
        "deputy",
        "rights_request",
    }
)
"""Decisive tables whose rows belong to no case."""


@cache
def hashed_columns(table: str) -> tuple[str, ...]:
    """Return the columns of a decisive table that its hashes cover, without those of the primary key."""
    columns = (column for column in metadata.tables[table].columns if not column.primary_key)
    return tuple(f"{column.name}" for column in columns if column.name not in DECISIVE[table])


def rows_of_cases(table: str, case_ids: Sequence[int]) -> sa.Select[tuple[object, ...]]:
    """Return the question for key and hashed columns of the rows of a decisive table that belong to these cases."""
    return every_row(table).where(_of_cases(table, case_ids))


def every_row(table: str) -> sa.Select[tuple[object, ...]]:
    """Return the question for key and hashed columns of every row, in the order of their keys."""
    row_table = metadata.tables[table]
    return sa.select(*row_table.primary_key, *(row_table.c[name] for name in hashed_columns(table))).order_by(
        *row_table.primary_key
    )


def is_unclaimed(table: str, values: Sequence[object]) -> bool:
    """Return whether the values of a row are those of a file that no case has, which needs no hash."""
    return table == CLAIMED and values[hashed_columns(table).index("case_id")] is None


def _of_cases(table: str, case_ids: Sequence[int]) -> sa.ColumnElement[bool]:
    row_table = metadata.tables[table]
    if table in _THROUGH:
        column, above = _THROUGH[table]
        return row_table.c[column].in_(sa.select(metadata.tables[above].c.id).where(_of_cases(above, case_ids)))
    return (row_table.c.id if row_table is case else row_table.c.case_id).in_(case_ids)


RECORDS, ROWS, ORDER, MAC = "records", "rows", "order", "mac"
"""Under `RECORDS` the data of an event hold: under `ROWS` the hash of each row that was written (None: it was removed); of two
events that tell of one row the one with the greater `ORDER` is the newer. `MAC` is made of both with the key: who adds an event
beside the program lets no row be removed by it, nor be again what it was."""

_AT_ONCE = 300
_SALT = 12


class LoggedRows(NamedTuple):
    """What an event holds of the rows that were written: ``data`` in its hash, ``salts`` by row beside it."""

    data: Mapping[str, Any]
    salts: Mapping[str, str]


def hash_row(key: bytes, salt: str, name: str, values: Iterable[object], by: str = SHA256) -> str:
    """Return the hash of a row (``table:key``) by the values of its hashed columns; it names its algorithm."""
    text = to_text([salt, name, *(_as_text(value) for value in values)])
    return named_mac(key, text.encode("utf-8", "surrogatepass"), by)


def is_hash_of_row(hashed: str, key: bytes, salt: str, name: str, values: Iterable[object]) -> bool:
    """Return whether a row is the one that was hashed."""
    return is_same_text(hashed, hash_row(key, salt, name, values, algorithm_of(hashed)))


def mac_of(key: bytes, rows: Mapping[str, str | None], order: int, by: str = SHA256) -> str:
    """Return what shows that the program itself noted the hashes of these rows, as number ``order``."""
    return named_mac(key, to_text([*sorted(rows.items()), order]).encode(), by)


def name_row(table: str, key: Iterable[object]) -> str:
    """Return a row as events name it, such as ``score_sheet:12`` or ``panel_member:3/7``."""
    return f"{table}:{'/'.join(str(part) for part in key)}"


class RowLog:
    """The decisive rows that a unit of work wrote and that are in no event yet."""

    def __init__(self, key: Callable[[], bytes], by: str = SHA256) -> None:
        self._key, self._by = key, by
        self._rows: dict[tuple[str, tuple[object, ...]], tuple[object, ...] | None] = {}
        """Table and key of each → its values; None: they are read when the event is made."""
        self.intact: set[int] = set()
        """Rounds that were found intact within this unit of work."""

    @property
    def names(self) -> set[str]:
        """The rows that are in no event yet."""
        return {name_row(table, key) for table, key in self._rows}

    def note_new(self, table: str, key: Sequence[object], row: Any) -> None:
        """Note a row as it was added; it has an attribute for each column."""
        self._rows[table, tuple(key)] = tuple(getattr(row, name) for name in hashed_columns(table))

    def note_changed(self, table: str, key: Sequence[object], columns: Iterable[str] | None = None) -> None:
        """Note a row of which ``columns`` (None: any, or all of it) were written; what has no hash is passed over."""
        if columns is None or not {*columns}.isdisjoint(hashed_columns(table)):
            self._rows[table, tuple(key)] = None

    @contextmanager
    def undone_with(self) -> Iterator[None]:
        """Forget what was noted inside when it raises."""
        before = {**self._rows}
        try:
            yield
        except BaseException:
            self._rows = before
            raise

    def take(self, connection: sa.Connection) -> LoggedRows | None:
        """Return what an event is to hold of what was written, and forget it; None where nothing was."""
        rows, self._rows = self._rows, {}
        if not rows:
            return None
        gone = [place for place, values in rows.items() if values is None]
        values = {place: row_values for place, row_values in rows.items() if row_values is not None}
        for table in dict.fromkeys(table for table, _ in gone):
            keys = [key for name, key in gone if name == table]
            values |= {(table, key): row_values for key, row_values in read_rows(connection, table, keys)}
        key, order, hashes, salts = self._key(), _next_order(), dict[str, str | None](), dict[str, str]()
        for place in rows:
            name = name_row(*place)
            if place not in values:
                hashes[name] = None
                continue
            if is_unclaimed(place[0], values[place]):
                continue
            salts[name] = secrets.token_urlsafe(_SALT)
            hashes[name] = hash_row(key, salts[name], name, values[place], self._by)
        if not hashes:
            return None
        data = {ROWS: hashes, ORDER: order, MAC: mac_of(key, hashes, order, self._by)}
        return LoggedRows(data, salts)


def read_rows(
    connection: sa.Connection, table: str, keys: Sequence[tuple[object, ...]]
) -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
    """Yield key and values of the rows of a decisive table with these keys, as far as they are there."""
    key_columns = [*metadata.tables[table].primary_key]
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        if len(key_columns) == 1:
            wanted = key_columns[0].in_([key[0] for key in some])
        else:
            wanted = sa.or_(*(sa.and_(*(c == part for c, part in zip(key_columns, key, strict=True))) for key in some))
        for row in connection.execute(every_row(table).where(wanted)):
            yield tuple(row[: len(key_columns)]), tuple(row[len(key_columns) :])


def is_decisive(table: Any) -> bool:
    """Return whether a table of a statement is a decisive one."""
    return getattr(table, "name", "") in DECISIVE


_KINDS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "n",
    bool: lambda value: f"b{value}",
    str: lambda value: f"s{value}",
    bytes: lambda value: f"x{sha256(value).hexdigest()}",
    int: lambda value: f"i{value}",
    datetime: lambda value: f"t{value.astimezone(UTC).isoformat(timespec='microseconds')}",
    date: lambda value: f"d{value.isoformat()}",
}
"""A value as text of its kind, the same for what is written and for what the database gives back."""


def _as_text(value: object) -> str:
    kind = _KINDS.get(type(value))
    if kind is not None:
        return kind(value)
    for each in (str, bool, int, datetime, date):  # kinds that are derived from these
        if isinstance(value, each):
            return _KINDS[each](value)
    return f"j{to_text(value)}"


_LOCK = threading.Lock()
_LAST = [0]


def _next_order() -> int:
    """Return a number that grows with the clock of the machine, and in a process whatever that does."""
    with _LOCK:
        _LAST[0] = max(_LAST[0] + 1, time.time_ns())
        return _LAST[0]
