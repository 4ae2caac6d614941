"""Statements that a module put together once, handed to the driver as SQLAlchemy compiled them for it.

For every execution SQLAlchemy finds the compiled statement again, converts its values and describes its result anew: four
times what SQLite needs to find a row. A statement that comes a second time is the same object, so that all of this is known.
A list of values is another SQL for each length; those of usual lengths are known as well. What SQLAlchemy must look at
each time stays with it: longer lists, columns that it fills itself, statements that somebody listens to. The SQL is the
same either way, and so are the errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter, methodcaller
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from service.store.types import Encrypted, keys_of

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


Convert = Callable[[Any], Any]
Found = tuple[tuple[str, ...], Sequence[Sequence[Any]]]
"""The names of the columns, and the rows."""

_ALL, _COUNT = methodcaller("fetchall"), attrgetter("rowcount")


def fetch(connection: sa.Connection, statement: sa.Executable, given: Mapping[str, object]) -> Found:
    """Execute and return what was found."""
    known = _known(connection, statement, given)
    if known is not None:
        return known.names, known.read(known.execute(connection, given, _ALL), connection.dialect)
    found = connection.execute(statement, given)
    return tuple(found.keys()), found.all()


def change(connection: sa.Connection, statement: sa.Executable, given: Mapping[str, object]) -> int:
    """Execute and return how many rows changed."""
    known = _known(connection, statement, given)
    if known is not None:
        return int(known.execute(connection, given, _COUNT))
    return connection.execute(statement, given).rowcount


def change_many(connection: sa.Connection, statement: sa.Executable, given: Sequence[Mapping[str, object]]) -> None:
    """Execute once for each of ``given``, which name the same values."""
    known = _known(connection, statement, given[0])
    if known is not None and not known.lists:
        known.execute_many(connection, given)
    else:
        connection.execute(statement, given)


def fetch_each(
    connection: sa.Connection, statement: sa.Executable, given: Sequence[Mapping[str, object]]
) -> Sequence[Sequence[Any]]:
    """Execute for each of ``given``, which name the same values; returns what was found for all of them.

    A database in memory, which a play has to itself, is asked for one after another: what it knows already of the
    statement for one costs a tenth of putting together one for several.
    """
    if len(given) == 1 or lies_in_memory(connection):
        return [row for each in given for row in fetch(connection, statement, each)[1]]
    return connection.execute(statement, given).all()


def lies_in_memory(connection: sa.Connection) -> bool:
    """Return whether the database lives in this process alone, as long as its connection."""
    return connection.dialect.name == "sqlite" and not connection.engine.url.database


@dataclass(frozen=True, slots=True)
class _Worded:
    """The SQL of a statement, its values in their order, and the names under which it has each value of a list."""

    sql: str
    binds: Mapping[str, sa.BindParameter[Any]]
    order: tuple[str, ...]
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)


class DriverStatement:
    """A statement in the words of one driver, for values of certain names and lists of certain lengths."""

    def __init__(self, dialect: sa.Dialect, worded: _Worded, columns: Sequence[sa.ColumnElement[Any]]) -> None:
        self._sql, binds, order, self.lists = worded.sql, worded.binds, worded.order, worded.lists
        self._fixed = {name: binds[name].effective_value for name in self.lists}
        self._cursor: Callable[[Any], Any] | None = None
        if not dialect.positional:
            from psycopg import RawCursor  # who works on SQLite does without the driver

            self._cursor = RawCursor
            self._sql, order = _numbered(self._sql)
        self._values = [_value(dialect, name, binds[name]) for name in order]
        self.names = tuple(str(column.key) for column in columns)
        read = [_plain(column.type, dialect).result_processor(dialect, None) for column in columns]
        self._read = [(place, convert) for place, convert in enumerate(read) if convert is not None]
        sent, found = (binds[name].type for name in order), (column.type for column in columns)
        self._encrypted_sent = [(place, kind) for place, kind in enumerate(sent) if isinstance(kind, Encrypted)]
        self._encrypted_read = [(place, kind) for place, kind in enumerate(found) if isinstance(kind, Encrypted)]

    def execute(self, connection: sa.Connection, given: Mapping[str, object], take: Callable[[Any], Any]) -> Any:
        """Execute and return what ``take`` has of the driver's cursor; raises what SQLAlchemy raises."""
        driver: Any = connection.connection.driver_connection
        try:
            asked = driver if self._cursor is None else self._cursor(driver)
            return take(asked.execute(self._sql, self._sent(given, connection.dialect)))
        except BaseException as error:  # SQLAlchemy's own errors, which also give up a connection that is gone
            connection._handle_dbapi_exception(error, self._sql, None, None, None)

    def execute_many(self, connection: sa.Connection, given: Sequence[Mapping[str, object]]) -> None:
        """Execute once for each of ``given``, as `execute` does."""
        driver: Any = connection.connection.driver_connection
        try:
            asked = driver.cursor() if self._cursor is None else self._cursor(driver)
            asked.executemany(self._sql, [self._sent(each, connection.dialect) for each in given])
        except BaseException as error:
            connection._handle_dbapi_exception(error, self._sql, None, None, None)

    def _sent(self, given: Mapping[str, object], dialect: sa.Dialect) -> list[Any]:
        keys = keys_of(dialect) if self._encrypted_sent else None
        if keys is not None:
            given = dict(given)
            for place, kind in self._encrypted_sent:
                name = self._values[place][0]
                if name in given:
                    given[name] = kind.to_database(given[name], keys)
        if self.lists:
            given = self._each_named(given)
        return [
            convert(given.get(name, fixed)) if convert is not None else given.get(name, fixed)
            for name, fixed, convert in self._values
        ]

    def _each_named(self, given: Mapping[str, object]) -> Mapping[str, object]:
        """Return the values with each of a list under its own name."""
        each: dict[str, object] = dict(given)
        for name, names in self.lists.items():
            values: Any = given.get(name, self._fixed[name])
            each.update(zip(names, values, strict=True))
        return each

    def read(self, found: list[Any], dialect: sa.Dialect) -> Sequence[Sequence[Any]]:
        """Return rows with their values as the columns' types have them."""
        if not self._read and not self._encrypted_read:
            return found
        rows = [list(row) for row in found]
        for place, convert in self._read:
            for row in rows:
                row[place] = convert(row[place])
        keys = keys_of(dialect) if self._encrypted_read else None
        for place, kind in self._encrypted_read:
            for row in rows:
                row[place] = kind.from_database(row[place], keys)
        return rows


class _ByLength:
    """A statement that asks for lists: what the driver takes for each of their usual lengths."""

    def __init__(self, dialect: sa.Dialect, compiled: Any, columns: Sequence[sa.ColumnElement[Any]]) -> None:
        self._dialect, self._compiled, self._columns = dialect, compiled, columns
        self._lists = [(name, bind.effective_value) for bind, name in compiled.bind_names.items() if bind.expanding]
        self._known: dict[tuple[int, ...], DriverStatement] = {}

    def of(self, given: Mapping[str, object]) -> DriverStatement | None:
        """Return how the driver takes lists as long as those ``given``; None for longer ones."""
        lengths = []
        for name, fixed in self._lists:
            values = given.get(name, fixed)
            if not isinstance(values, list | tuple) or len(values) > _LONGEST:
                return None
            lengths.append(len(values))
        known = self._known.get(key := tuple(lengths))
        if known is None:
            if len(self._known) >= _MOST_LENGTHS:
                self._known.clear()
            known = self._known[key] = self._made(given)
        return known

    def _made(self, given: Mapping[str, object]) -> DriverStatement:
        compiled = self._compiled
        told = compiled.construct_expanded_state(dict(given))
        lists = {name: told.parameter_expansion[name] for name, _ in self._lists}
        names = {name: compiled.binds[name] for name in compiled.bind_names.values()}
        binds = {**names, **{each: names[name] for name in lists for each in lists[name]}}
        order = told.positiontup if compiled.positional else [name for name in binds if name not in lists]
        return DriverStatement(self._dialect, _Worded(told.statement, binds, tuple(order), lists), self._columns)


def _numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """Return a statement of psycopg with its values by number, as PostgreSQL takes it, and their names in that order.

    By name psycopg looks a statement up among those that it took apart before, and takes a long one apart each time.
    """
    names: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"${names.setdefault(found[1], len(names) + 1)}" if found[1] else "%"

    return _VALUE.sub(number, sql), tuple(names)


_VALUE = re.compile(r"%(?:\((\w+)\)s|%)")

_LONGEST, _MOST_LENGTHS = 24, 200

_Known = DriverStatement | _ByLength | None
_PREPARED: WeakKeyDictionary[sa.Executable, dict[tuple[str, ...], _Known]] = WeakKeyDictionary()
"""What is known of a statement that came before: by the names of the dialect and of the values given.

The engines of one dialect are all made alike (`connect`).
"""


def _known(connection: sa.Connection, statement: sa.Executable, given: Mapping[str, object]) -> DriverStatement | None:
    """Return how the driver takes a statement; None where SQLAlchemy is to execute it."""
    if connection._has_events or connection.engine._has_events:
        return None
    forms = _PREPARED.get(statement)
    if forms is None:
        _PREPARED[statement] = {}  # most of those that are put together for one question never come again
        return None
    key = (connection.dialect.name, *given)
    try:
        known = forms[key]
    except KeyError:
        known = forms[key] = _prepared(connection.dialect, statement, given)
    return known.of(given) if isinstance(known, _ByLength) else known


def _prepared(dialect: sa.Dialect, statement: sa.Executable, given: Mapping[str, object]) -> _Known:
    if not isinstance(statement, sa.Select | sa.CompoundSelect | sa.Insert | sa.Update | sa.Delete):
        return None
    compiled: Any = statement.compile(dialect=dialect, column_keys=sorted(given))
    if compiled.literal_execute_params or compiled.escaped_bind_names:
        return None
    filled = (compiled.isinsert and compiled.insert_prefetch) or (compiled.isupdate and compiled.update_prefetch)
    lacking = any(bind.required and name not in given for name, bind in compiled.binds.items())
    columns = list(statement.exported_columns)
    if len(columns) != len(compiled._result_columns):  # one that is asked for twice is exported once
        return None
    numbers = any(isinstance(column.type, sa.Numeric | sa.Float) for column in columns)  # read by what the driver says
    if filled or lacking or numbers:
        return None
    lists = compiled.post_compile_params
    if any(bind.type._is_tuple_type or isinstance(bind.type, Encrypted) or not bind.expanding for bind in lists):
        return None
    if lists:
        return _ByLength(dialect, compiled, columns)
    order = compiled.positiontup if compiled.positional else compiled.binds
    return DriverStatement(dialect, _Worded(str(compiled), compiled.binds, tuple(order)), columns)


def _value(dialect: sa.Dialect, name: str, bind: sa.BindParameter[Any]) -> tuple[str, Any, Convert | None]:
    """Return the name of a value, what it is where none is given, and what makes of it what the driver takes."""
    return name, bind.effective_value, _plain(bind.type, dialect).bind_processor(dialect)


def _plain(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Any:
    """Return the type that converts values for the driver; encrypting is the statement's, which knows the engine."""
    own: Any = kind.dialect_impl(dialect)
    return own.impl_instance if isinstance(kind, Encrypted) else own


@cache
def inserting(table: sa.Table) -> sa.Insert:
    """Return the statement that adds a row and tells nothing of it."""
    return sa.insert(table).inline()  # else PostgreSQL is asked for the new id


@cache
def returning(table: sa.Table, column: str) -> sa.Executable:
    """Return the statement that adds a row and tells its ``column``."""
    return sa.insert(table).returning(table.c[column])


@cache
def altering(table: sa.Table) -> sa.Update:
    """Return the statement that changes the row with the number ``at_key``."""
    return sa.update(table).where(table.c.id == sa.bindparam("at_key"))


@cache
def stepping(table: sa.Table) -> sa.Update:
    """Return the statement that changes the row with the number ``at_key`` where it still has ``at_version``."""
    here = (table.c.id == sa.bindparam("at_key"), table.c.version == sa.bindparam("at_version"))
    return sa.update(table).where(*here)


def upsert(dialect: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what happens where the row is there already."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # slow to load; who runs on SQLite does without

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


@cache
def unless_there(dialect: str, table: sa.Table) -> sa.Executable:
    """Return the statement that adds a row unless it breaks a rule of uniqueness."""
    return upsert(dialect, table).on_conflict_do_nothing()
