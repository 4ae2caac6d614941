"""Statements put together once and handed to SQLite's driver.

For a short statement, what SQLAlchemy does around it costs ten times what SQLite takes. PostgreSQL, a network away,
and whoever counts statements (`Store.statements`) go the usual way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any] | None

LONGEST = 50
"""Longer lists go the usual way."""


@dataclass(frozen=True, slots=True)
class _Bind:
    """Where one ``?`` gets its value: given under ``name``, else ``fixed`` or made by ``default``.

    With ``index`` it is that element of the list given under ``name``.
    """

    name: str
    fixed: object
    default: Callable[[Any], object] | None
    convert: Convert
    index: int | None = None

    def value(self, given: Mapping[str, object]) -> object:
        value = given[self.name] if self.name in given else self.otherwise()
        if self.index is not None:
            value = cast(Sequence[object], value)[self.index]
        return value if self.convert is None else self.convert(value)

    def otherwise(self) -> object:
        """Return what stands for a value that is not given."""
        return self.fixed if self.default is None else self.default(None)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in SQLite's words."""

    sql: str
    binds: tuple[_Bind, ...]
    results: tuple[tuple[int, Callable[[Any], Any]], ...]
    """Which columns of a row the driver does not give as they are meant."""
    given: tuple[tuple[str, Convert], ...] | None
    """The same as ``binds`` where every ``?`` is a single value that the caller names."""

    def values(self, given: Mapping[str, object]) -> list[object]:
        """Return what stands for each ``?``."""
        if self.given is None:
            return [bind.value(given) for bind in self.binds]
        return [given[name] if convert is None else convert(given[name]) for name, convert in self.given]

    def row(self, row: Sequence[Any]) -> Sequence[Any]:
        """Return a row of the driver as it is meant."""
        values = list(row)
        for place, convert in self.results:
            values[place] = convert(values[place])
        return values


class Prepared:
    """A statement with named parameters; the names also choose the columns it writes.

    A parameter declared as ``expanding`` takes a list; each length is put together once, up to `LONGEST`.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self.statement = statement
        self._lists = _lists_in(statement)
        self._ready: dict[tuple[object, ...], _Ready] = {}

    def rows(self, connection: sa.Connection, given: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """Execute and return all rows; raises as SQLAlchemy does."""
        if not self._direct(connection, given):
            return connection.execute(self.statement, dict(given)).all()
        ready, cursor = self._execute(connection, given)
        found = cursor.fetchall()
        return [ready.row(row) for row in found] if ready.results else found

    def each(self, connection: sa.Connection, rows: Sequence[Mapping[str, object]]) -> list[Any]:
        """Insert ``rows``, which name the same columns; returns the first of what each returned, where it did."""
        if not _is_direct(connection):
            return [row[0] for row in connection.execute(self.statement, [dict(row) for row in rows])]
        return [found[0] for row in rows for found in self.rows(connection, row)]

    def put(self, connection: sa.Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert ``rows``, which name the same columns, and ask for nothing back."""
        if not rows:
            return
        if not _is_direct(connection):
            connection.execute(self.statement, [dict(row) for row in rows])
            return
        ready = self._put_together(connection, rows[0])
        values = [ready.values(row) for row in rows]
        try:
            _driver(connection).executemany(ready.sql, values)
        except sqlite3.Error as error:
            raise _as_sqlalchemy_says(connection, ready.sql, values, error) from error

    def change(self, connection: sa.Connection, given: Mapping[str, object]) -> int:
        """Execute and return how many rows changed; raises as SQLAlchemy does."""
        if not self._direct(connection, given):
            return connection.execute(self.statement, dict(given)).rowcount
        _, cursor = self._execute(connection, given)
        return cursor.rowcount

    def _direct(self, connection: sa.Connection, given: Mapping[str, object]) -> bool:
        return _is_direct(connection) and all(len(cast(Sized, given[name])) <= LONGEST for name in self._lists)

    def _execute(self, connection: sa.Connection, given: Mapping[str, object]) -> tuple[_Ready, sqlite3.Cursor]:
        ready = self._put_together(connection, given)
        values = ready.values(given)
        try:
            return ready, _driver(connection).execute(ready.sql, values)
        except sqlite3.Error as error:
            raise _as_sqlalchemy_says(connection, ready.sql, values, error) from error

    def _put_together(self, connection: sa.Connection, given: Mapping[str, object]) -> _Ready:
        key = (*given, *(len(cast(Sized, given[name])) for name in self._lists)) if self._lists else tuple(given)
        ready = self._ready.get(key)
        if ready is None:
            lists = {name: given[name] for name in self._lists}
            ready = self._ready[key] = _compile(self.statement, connection.dialect, tuple(given), lists)
        return ready


def _as_sqlalchemy_says(
    connection: sa.Connection, sql: str, values: Any, error: sqlite3.Error
) -> sa.exc.StatementError:
    """Return what SQLAlchemy would raise for an error of the driver."""
    dialect = connection.dialect
    return sa.exc.DBAPIError.instance(sql, values, error, sqlite3.Error, hide_parameters=True, dialect=dialect)


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


def _is_direct(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite" and not connection.engine.dispatch.before_cursor_execute


def _lists_in(statement: sa.Executable) -> tuple[str, ...]:
    found = visitors.iterate(cast(Any, statement))
    return tuple(dict.fromkeys(e.key for e in found if isinstance(e, sa.BindParameter) and e.expanding))


def _compile(
    statement: sa.Executable, dialect: sa.Dialect, names: Sequence[str], lists: Mapping[str, object]
) -> _Ready:
    compiled: Any = cast(Any, statement).compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    sql, places = _expanded(compiled, lists)
    defaults = {column.key: cast(Any, column.default) for column in compiled.insert_prefetch}
    convert = compiled._bind_processors
    binds = [_bind(compiled, name, index, defaults.get(name), convert.get(name)) for name, index in places]
    converts = (entry.type._cached_result_processor(dialect, None) for entry in compiled._result_columns)
    results = tuple((place, each) for place, each in enumerate(converts) if each is not None)
    plain = all(bind.name in names and bind.index is None for bind in binds)
    return _Ready(sql, tuple(binds), results, tuple((b.name, b.convert) for b in binds) if plain else None)


def _expanded(compiled: Any, lists: Mapping[str, object]) -> tuple[str, list[tuple[str, int | None]]]:
    """Return the words of SQLite, and for each ``?`` the parameter's name and which element of its list."""
    if not lists:
        return str(compiled), [(name, None) for name in compiled.positiontup or ()]
    state = compiled.construct_expanded_state({**dict.fromkeys(compiled.binds), **lists})
    elements = {each: (name, n) for name, every in state.parameter_expansion.items() for n, each in enumerate(every)}
    return state.statement, [elements.get(name, (name, None)) for name in state.positiontup]


def _bind(compiled: Any, name: str, index: int | None, default: Any, convert: Any) -> _Bind:
    if default is None:
        return _Bind(name, compiled.binds[name].value, None, convert, index)
    if default.is_callable:
        return _Bind(name, None, default.arg, convert)
    return _Bind(name, default.arg, None, convert)
