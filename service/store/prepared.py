"""Statements put together once and handed to SQLite's driver.

For a short statement, what SQLAlchemy does around it costs ten times what SQLite takes. PostgreSQL, a network away,
and whoever counts statements (`Store.statements`) go the usual way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True)
class _Bind:
    """Where one ``?`` gets its value: given under ``name``, else ``fixed`` or made by ``default``."""

    name: str
    fixed: object
    default: Callable[[Any], object] | None
    convert: Convert

    def value(self, given: Mapping[str, object]) -> object:
        value = given[self.name] if self.name in given else self.otherwise()
        return value if self.convert is None else self.convert(value)

    def otherwise(self) -> object:
        """Return what stands for a value that is not given."""
        return self.fixed if self.default is None else self.default(None)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in SQLite's words."""

    sql: str
    binds: tuple[_Bind, ...]
    results: tuple[Convert, ...]


class Prepared:
    """A statement with named parameters, no list among them; the names also choose the columns it writes."""

    def __init__(self, statement: sa.Executable) -> None:
        self.statement = statement
        self._ready: dict[tuple[str, ...], _Ready] = {}

    def rows(self, connection: sa.Connection, given: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """Execute and return all rows; raises as SQLAlchemy does."""
        if not _direct(connection):
            return connection.execute(self.statement, dict(given)).all()
        ready, cursor = self._execute(connection, given)
        converts = ready.results
        return [
            [value if convert is None else convert(value) for value, convert in zip(row, converts, strict=True)]
            for row in cursor.fetchall()
        ]

    def change(self, connection: sa.Connection, given: Mapping[str, object]) -> int:
        """Execute and return how many rows changed; raises as SQLAlchemy does."""
        if not _direct(connection):
            return connection.execute(self.statement, dict(given)).rowcount
        _, cursor = self._execute(connection, given)
        return cursor.rowcount

    def _execute(self, connection: sa.Connection, given: Mapping[str, object]) -> tuple[_Ready, sqlite3.Cursor]:
        names = tuple(given)
        ready = self._ready.get(names)
        if ready is None:
            ready = self._ready[names] = _compile(self.statement, connection.dialect, names)
        values = [bind.value(given) for bind in ready.binds]
        driver = cast(sqlite3.Connection, connection.connection.driver_connection)
        try:
            return ready, driver.execute(ready.sql, values)
        except sqlite3.Error as error:
            raise sa.exc.DBAPIError.instance(
                ready.sql, values, error, sqlite3.Error, dialect=connection.dialect
            ) from error


def _direct(connection: sa.Connection) -> bool:
    return connection.dialect.name == "sqlite" and not connection.engine.dispatch.before_cursor_execute


def _compile(statement: sa.Executable, dialect: sa.Dialect, names: Sequence[str]) -> _Ready:
    compiled: Any = cast(Any, statement).compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    defaults = {column.key: cast(Any, column.default) for column in compiled.insert_prefetch}
    convert = compiled._bind_processors
    binds = [_bind(compiled, name, defaults.get(name), convert.get(name)) for name in compiled.positiontup or ()]
    results = [entry.type._cached_result_processor(dialect, None) for entry in compiled._result_columns]
    return _Ready(str(compiled), tuple(binds), tuple(results))


def _bind(compiled: SQLCompiler, name: str, default: Any, convert: Any) -> _Bind:
    if default is None:
        return _Bind(name, compiled.binds[name].value, None, convert)
    if default.is_callable:
        return _Bind(name, None, default.arg, convert)
    return _Bind(name, default.arg, None, convert)
