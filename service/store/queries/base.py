"""The base of repositories: reading rows, inserting, and version checks.

Putting a statement together costs more than running it. What is asked in every step is therefore
put together once, when the module is loaded, with named parameters (see `one`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

import sqlalchemy as sa

from service.domain.proof.algorithms import SHA256
from service.store.connections.statements import (
    build_insert,
    build_returning_insert,
    build_update,
    build_upsert,
    build_versioned_update,
    execute_and_fetch,
    unless_there,
)
from service.store.errors import Stale, missing
from service.store.models.work import counter
from service.store.row_log import RowLog, hashed_columns, is_decisive
from service.store.searching import index_row_changes, note_new

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


Row = TypeVar("Row")
Found = TypeVar("Found")


_MAX_CACHED_ANSWERS = 60
"""Answers that a unit of work remembers: more than a page asks for, and little for one that reads everything."""


class Repository:
    """Statements over one connection, whose transaction belongs to the unit of work."""

    told: dict[object, tuple[object, Any]] | None = None
    """What this unit of work was told before; None for one that writes, which asks anew."""
    digest: str = SHA256
    """The algorithm of what is added to chains of records."""

    row_log: RowLog | None = None
    """The decisive rows that this unit of work wrote; None for one that reads, and where nobody keeps hashes."""

    def __init__(self, connection: sa.Connection, unit: UnitOfWork | None = None) -> None:
        """Make a repository as a part of ``unit``: a transaction, or another repository of one."""
        self._connection = connection
        if unit is not None:
            self.told, self.row_log, self.digest = unit.told, unit.row_log, unit.digest

    def _all(self, kind: type[Row], statement: sa.Executable, **given: object) -> list[Row]:
        """Return rows as ``kind``, by the names of their columns."""

        def fetch_rows() -> list[Row]:
            return rows_of(kind, *execute_and_fetch(self._connection, statement, given))

        return [*self._fetch_once(statement, given, fetch_rows)]

    def _fetch_rows(self, statement: sa.Executable, **given: object) -> Sequence[Sequence[Any]]:
        """Return the values of rows as they come; where nothing is written they are asked for once."""
        return self._fetch_once(statement, given, lambda: self._read(statement, given))

    def _fetch_once(
        self, statement: sa.Executable, parameters: Mapping[str, object], ask: Callable[[], Found]
    ) -> Found:
        """Return what ``ask`` finds by ``statement``; where nothing is written the same question is asked once."""
        if self.told is None:
            return ask()
        key = (id(statement), *((name, tuple(v) if isinstance(v, list) else v) for name, v in parameters.items()))
        cache_entry = self.told.get(key)
        if cache_entry is None:
            if len(self.told) >= _MAX_CACHED_ANSWERS:
                self.told.clear()
            cache_entry = self.told[key] = statement, ask()  # the statement is kept, so that no other takes its id
        result: Found = cache_entry[1]
        return result

    def _first(self, kind: type[Row], statement: sa.Executable, **given: object) -> Row | None:
        rows = self._all(kind, statement, **given)
        return rows[0] if rows else None

    def _existing(self, kind: type[Row], name: tuple[str, str], statement: sa.Executable, key: int | str) -> Row:
        """Return the row that ``statement`` finds under the ``id`` given; raises NotFound, which names it so."""
        row = self._first(kind, statement, id=key)
        if row is None:
            raise missing(*name, key)
        return row

    def _scalar(self, statement: sa.Executable, **given: object) -> Any:
        _, rows = execute_and_fetch(self._connection, statement, given)
        return rows[0][0] if rows else None

    def _read(self, statement: sa.Executable, parameters: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """Return the values of rows as they come."""
        return execute_and_fetch(self._connection, statement, parameters)[1]

    def _change(self, statement: sa.Executable, **given: object) -> int:
        """Execute and return how many rows changed."""
        if self.row_log is not None and isinstance(statement, sa.UpdateBase) and is_decisive(statement.table):
            self._note_statement(self.row_log, statement, given)
        return self._connection.execute(statement, given).rowcount

    def _note_statement(self, log: RowLog, statement: sa.UpdateBase, parameters: Mapping[str, object]) -> None:
        """Note which rows of a decisive table a statement is about to write: what it writes is among ``parameters``."""
        table: Any = statement.table
        keys = [*table.primary_key]
        if isinstance(statement, sa.Insert):
            log.note_changed(table.name, [parameters[column.name] for column in keys])
            return
        columns = parameters.keys() & table.c.keys() if isinstance(statement, sa.Update) else None
        if columns is not None and columns.isdisjoint(hashed_columns(table.name)):
            return  # as with each secret vote: no event tells of it
        where: Any = statement
        for key in self._connection.execute(sa.select(*keys).where(where.whereclause), parameters).all():
            log.note_changed(table.name, tuple(key), columns)

    def _note_changed(self, table: sa.Table, key: Sequence[object]) -> None:
        """Note a row of a decisive table that was written by a statement of its own."""
        if self.row_log is not None:
            self.row_log.note_changed(table.name, key)

    def _insert(self, table: sa.Table, row: object) -> int:
        """Insert a row and return the id it was given."""
        ident = int(self._scalar(build_returning_insert(table), **values_of(row)))
        if self.row_log is not None and is_decisive(table):
            self.row_log.note_new(table.name, (ident,), row)
        note_new(self._connection, table, [ident], [row])
        return ident

    def _insert_many(self, table: sa.Table, rows: Sequence[object]) -> list[int]:
        """Insert; returns the ids in the order of ``rows``."""
        if not rows:
            return []
        numbers = self._added(build_returning_insert(table), [values_of(row) for row in rows])
        if self.row_log is not None and is_decisive(table):
            for ident, row in zip(numbers, rows, strict=True):
                self.row_log.note_new(table.name, (ident,), row)
        note_new(self._connection, table, numbers, rows)
        return numbers

    def _added(self, statement: sa.Executable, parameters: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert a row for each of ``parameters``, of which there is one; returns their ids in that order."""
        # RETURNING promises no order, but ids grow in the order of VALUES on both databases.
        return sorted(int(row[0]) for row in self._connection.execute(statement, parameters))

    def _put(self, table: sa.Table, rows: Sequence[object]) -> None:
        """Insert rows whose ids are not needed."""
        if len(rows) == 1:
            self._connection.execute(build_insert(table), values_of(rows[0]))
        elif rows:
            self._connection.execute(build_insert(table), [values_of(row) for row in rows])
        if self.row_log is not None and is_decisive(table):
            for row in rows:
                self.row_log.note_new(table.name, [getattr(row, column.name) for column in table.primary_key], row)

    def _insert_new(self, table: sa.Table, rows: Sequence[object], key: str) -> list[str]:
        """Insert those rows whose unique ``key`` is new; returns the keys that were."""
        if not rows:
            return []
        statement = _returning_new(self._connection.dialect.name, table, key)
        return [row[0] for row in self._connection.execute(statement, [values_of(row) for row in rows])]

    def _put_unless_there(self, table: sa.Table, rows: Sequence[object]) -> None:
        """Insert those rows that break no rule of uniqueness; what they are is not told."""
        if rows:
            statement = unless_there(self._connection.dialect.name, table)
            self._connection.execute(statement, [values_of(row) for row in rows])

    def _alter(self, table: sa.Table, key: int, changes: Mapping[str, object]) -> None:
        """Change the row with number ``key``."""
        with index_row_changes(self._connection, table, key, changes):
            self._connection.execute(build_update(table), {**changes, "at_key": key})
        if self.row_log is not None and is_decisive(table):
            self.row_log.note_changed(table.name, (key,), changes)

    def _upsert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        return build_upsert(self._connection.dialect.name, table)

    def _step(self, table: sa.Table, key: int, version: int, changes: Mapping[str, object]) -> None:
        """Change a row that still has ``version``, and count it up.

        Raises:
            Stale: after a concurrent change.
        """
        parameters = {**changes, "version": version + 1, "at_key": key, "at_version": version}
        with index_row_changes(self._connection, table, key, changes):
            if self._connection.execute(build_versioned_update(table), parameters).rowcount != 1:
                raise Stale
        if self.row_log is not None and is_decisive(table):
            self.row_log.note_changed(table.name, (key,), changes)


def row_of(kind: type[Row], table: sa.Table, values: Sequence[Any]) -> Row:
    """Return one row of ``table`` as ``kind``: ``values`` are those of its columns, in their order."""
    return rows_of(kind, tuple(table.c.keys()), (values,))[0]


def rows_of(kind: type[Row], names: tuple[str, ...], raw_rows: Sequence[Sequence[Any]]) -> list[Row]:
    """Return rows as ``kind``: what its constructor does by name, done without it where every field is there."""
    row_class: Any = kind
    puts = _find_setters(row_class, names)
    if puts is None:
        return [kind(**dict(zip(names, row, strict=True))) for row in raw_rows]
    rows = []
    for values in raw_rows:
        row = object.__new__(kind)
        for put, value in zip(puts, values, strict=True):
            put(row, value)
        rows.append(row)
    return rows


@cache
def _find_setters(kind: Any, names: tuple[str, ...]) -> tuple[Callable[[object, object], None], ...] | None:
    """Return what writes the fields ``names`` of a frozen ``kind``; None unless they are all its fields."""
    if set(names) != {field.name for field in fields(kind)} or hasattr(kind, "__post_init__"):
        return None
    return tuple(getattr(kind, name).__set__ for name in names)


def values_of(row: Any) -> dict[str, Any]:
    """Return what a row holds by column; the id of a row that is not stored yet is left to the database."""
    names: tuple[str, ...] = type(row).__slots__
    return {name: value for name in names if (value := getattr(row, name)) != 0 or name != "id"}


def one(table: sa.Table, *columns: str) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for the rows whose ``columns`` have the values given under these names."""
    return sa.select(table).where(*(table.c[name] == sa.bindparam(name) for name in columns))


def match_any_of(column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    """Return the condition that ``column`` has one of the values in the list given under ``name``."""
    return column.in_(sa.bindparam(name, expanding=True))


def word(value: str) -> sa.ColumnElement[str]:
    """Return ``value`` written into the SQL itself, so that a partial index can be seen to apply."""
    if value.isascii() and value.isidentifier():
        return sa.literal_column(f"'{value}'", sa.String)
    return sa.literal(value, literal_execute=True)


@cache
def _returning_new(dialect: str, table: sa.Table, key: str) -> sa.Executable:
    return build_upsert(dialect, table).on_conflict_do_nothing(index_elements=[key]).returning(table.c[key])


class UnitOfWork(Protocol):
    """What the repositories of one unit of work share: a transaction, or one of them."""

    told: dict[object, tuple[object, Any]] | None
    digest: str
    row_log: RowLog | None


Kind = TypeVar("Kind", bound=Repository)


class Joined(Generic[Kind]):
    """A repository of a unit of work, made when it is first asked for: most units of work need three or four."""

    def __init__(self, kind: type[Kind]) -> None:
        self._kind = kind

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, transaction: Any, _owner: type) -> Kind:
        made = self._kind(transaction._connection, transaction)
        transaction.__dict__[self._name] = made  # found there from now on, sooner than here
        return made


class Ordered(NamedTuple):
    """An order by its word, or the same turned round, and how many rows are passed over before the page."""

    by: str
    down: bool = False
    skip: int = 0


def select_sorted_rows(
    columns: Sequence[sa.ColumnElement[Any]], key: sa.Column[Any], by: Sequence[sa.ColumnElement[Any]], *, down: bool
) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for ``most`` of the rows with the keys ``ids``, ``skip`` of them passed over, sorted ``by``."""
    places = [column.desc() if down else column for column in by]
    page = sa.select(*columns).where(match_any_of(key, "ids")).order_by(*places, key.desc())
    return page.limit(sa.bindparam("most")).offset(sa.bindparam("skip"))


def name_of(table: sa.Table, key: sa.Column[Any], column: str = "name") -> sa.ColumnElement[str]:
    """Return what the row of ``table`` to which ``key`` leads is called, "" where it leads to none."""
    return sa.func.coalesce(sa.select(table.c[column]).where(table.c.id == key).scalar_subquery(), "")


class CounterRepository(Repository):
    """Named counters; a number is taken when the unit of work is committed, and free again when it is not."""

    def next(self, name: str) -> int:
        """Return the next number of ``name``, from 1, without gaps; others wait for the end of this unit of work."""
        return int(self._scalar(_build_counting(self._connection.dialect.name), name=name, value=1))

    def skip(self, by: int) -> dict[str, tuple[int, int]]:
        """Let every counter go on ``by`` numbers further; returns the last number given before, and now, by name."""
        before = {str(name): int(value) for name, value in self._connection.execute(_ALL)}
        self._connection.execute(sa.update(counter).values(value=counter.c.value + by))
        return {name: (value, value + by) for name, value in before.items()}


_ALL = sa.select(counter.c.name, counter.c.value).order_by(counter.c.name)


@cache
def _build_counting(dialect: str) -> sa.Executable:
    new = build_upsert(dialect, counter)
    counted = new.on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    return counted.returning(counter.c.value)
