"""Cells that hold what their column cannot hold: written beside the program, they would stop whoever reads their row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.rows import metadata

UNREADABLE: tuple[type[Exception], ...] = (ValueError, sa.exc.DataError)
"""What reading such a cell raises: on SQLite a text that is no day, no instant or no JSON; on PostgreSQL a day beyond all years."""


MISREAD: tuple[type[Exception], ...] = (*UNREADABLE, ArithmeticError, AttributeError, LookupError, TypeError)
"""The same, and what comes of a value that is of another kind than the program ever wrote there, such as a list for an object."""

_LONG = 20_000
"""Rows of a table that is read only where nothing was found before."""

_MOST = 20
"""Cells of a column that are named."""

NOTHING_READ = "\ufffd"
"""Stands for the value of a cell that cannot be read: no column ever held it, so that it is not what is on record."""


class UnreadableCell(NamedTuple):
    """A cell by its table, the key of its row and its column."""

    table: str
    key: str
    column: str


def unreadable_cells(connection: sa.Connection) -> list[UnreadableCell]:
    """Read tables, the shortest first, and name the cells that cannot be read; only who met one asks.

    Long tables are read no further than to the first that has any: what is in the others is named once that is mended.
    """
    tables = metadata.sorted_tables
    length = {one.name: connection.scalar(sa.select(sa.func.count()).select_from(one)) or 0 for one in tables}
    found: list[UnreadableCell] = []
    for table in sorted(tables, key=lambda one: length[one.name]):
        if found and length[table.name] > _LONG:
            break
        if not _reads(connection, sa.select(table)):
            found += [cell for column in table.c for cell in _cells(connection, table, column)]
    return found


def rows_with_unreadable(
    connection: sa.Connection, table: sa.Table, wanted: sa.Select[Any], given: Mapping[str, object]
) -> Iterator[tuple[Any, ...]]:
    """Yield the ``wanted`` rows of a table, its key first, a cell at a time: what cannot be read is `NOTHING_READ`."""
    own = list(table.primary_key)
    for key in connection.execute(wanted.with_only_columns(*own), given).all():
        here = [one == value for one, value in zip(own, key, strict=True)]
        others = list(wanted.selected_columns)[len(own) :]
        yield (*key, *(_cell(connection, sa.select(column).where(*here)) for column in others))


def _cell(connection: sa.Connection, wanted: sa.Select[Any]) -> object:
    try:
        return connection.scalar(wanted)
    except UNREADABLE:
        return NOTHING_READ


def _cells(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> Iterator[UnreadableCell]:
    own = list(table.primary_key)
    keys = sa.select(*(sa.cast(one, sa.Text) for one in own)).order_by(*own)
    passed, wanted = 0, sa.select(column).order_by(*own)
    for _ in range(_MOST):
        read = _read_of(connection, wanted.offset(passed))
        if read is None:
            return
        row = connection.execute(keys.offset(passed + read).limit(1)).one()
        yield UnreadableCell(table.name, "/".join(map(str, row)), column.name)
        passed += read + 1


def _read_of(connection: sa.Connection, wanted: sa.Select[Any]) -> int | None:
    """Return how many rows are read before the first that cannot be; None where all can."""
    with connection.execute(wanted) as found:
        for count in itertools.count():
            try:
                if found.fetchone() is None:
                    return None
            except UNREADABLE:
                return count
    return None


def _reads(connection: sa.Connection, wanted: sa.Select[Any]) -> bool:
    try:
        for _ in connection.execute(wanted):
            pass
    except UNREADABLE:
        return False
    return True
