"""The base of repositories: reading rows, inserting, and version checks.

Putting a statement together costs more than running it. What is asked in every step is therefore
put together once, when the module is loaded, with named parameters (see `one`).
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from service.domain.proof.algorithms import SHA256
from service.store.connections.prepared import change, change_many, fetch, fetch_each
from service.store.errors import Stale, missing
from service.store.models import MarkedRequestRow
from service.store.models.columns import TABLES, brief_columns
from service.store.models.work import counter, marked_request
from service.store.row_log import RowLog, hashed_columns, is_decisive, name_column, written_columns
from service.store.searching import note_new, noted
from service.store.usual_statements import altering, inserting, returning, stepping, unless_there, upsert

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


Row = TypeVar("Row")
Found = TypeVar("Found")


_MOST_TOLD = 60
"""Answers that a unit of work remembers: more than a page asks for, and little for one that reads everything."""


class Repository:
    """Statements over one connection, whose transaction belongs to the unit of work."""

    told: dict[object, tuple[object, Any]] | None = None
    """What this unit of work was told before; None for one that writes, which asks anew."""
    digest: str = SHA256
    """The algorithm of what is added to chains of records."""

    row_log: RowLog | None = None
    """The decisive rows that this unit of work wrote; None for one that reads, and where nobody keeps hashes."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _all(self, kind: type[Row], statement: sa.Executable, **given: object) -> list[Row]:
        """Return rows as ``kind``, by the names of their columns."""

        def ask() -> list[Row]:
            return rows_of(kind, *fetch(self._connection, statement, given))

        return [*self._once(statement, given, ask)]

    def _told_rows(self, statement: sa.Executable, **given: object) -> Sequence[Sequence[Any]]:
        """Return the values of rows as they come; where nothing is written they are asked for once."""
        return self._once(statement, given, lambda: self._read(statement, given))

    def _once(self, statement: sa.Executable, given: Mapping[str, object], ask: Callable[[], Found]) -> Found:
        """Return what ``ask`` finds by ``statement``; where nothing is written the same question is asked once."""
        if self.told is None:
            return ask()
        key = (id(statement), *((name, tuple(v) if isinstance(v, list) else v) for name, v in given.items()))
        known = self.told.get(key)
        if known is None:
            if len(self.told) >= _MOST_TOLD:
                self.told.clear()
            known = self.told[key] = statement, ask()  # the statement is kept, so that no other takes its id
        found: Found = known[1]
        return found

    def _first(self, kind: type[Row], statement: sa.Executable, **given: object) -> Row | None:
        found = self._all(kind, statement, **given)
        return found[0] if found else None

    def _existing(self, kind: type[Row], name: tuple[str, str], statement: sa.Executable, key: int | str) -> Row:
        """Return the row that ``statement`` finds under the ``id`` given; raises NotFound, which names it so."""
        row = self._first(kind, statement, id=key)
        if row is None:
            raise missing(*name, key)
        return row

    def _scalar(self, statement: sa.Executable, **given: object) -> Any:
        _, rows = fetch(self._connection, statement, given)
        return rows[0][0] if rows else None

    def _read(self, statement: sa.Executable, given: Mapping[str, object]) -> Sequence[Sequence[Any]]:
        """Return the values of rows as they come."""
        return fetch(self._connection, statement, given)[1]

    def _change(self, statement: sa.Executable, **given: object) -> int:
        """Execute and return how many rows changed."""
        if self.row_log is not None and isinstance(statement, sa.UpdateBase) and is_decisive(statement.table):
            self._note_statement(self.row_log, statement, given)
        return change(self._connection, statement, given)

    def _note_statement(self, log: RowLog, statement: sa.UpdateBase, given: Mapping[str, object]) -> None:
        """Note which rows of a decisive table a statement is about to write; of an insert what it says of the key."""
        table: Any = statement.table
        keys = [*table.primary_key]
        if isinstance(statement, sa.Insert):
            values: Mapping[Any, Any] = statement._values or {}
            row = {**{name_column(c): getattr(value, "value", value) for c, value in values.items()}, **given}
            log.note_changed(table.name, [row[column.name] for column in keys])
            return
        columns = written_columns(statement, given) if isinstance(statement, sa.Update) else None
        if columns is not None and columns.isdisjoint(hashed_columns(table.name)):
            return  # as with each secret vote: no event tells of it
        where: Any = statement
        for key in self._connection.execute(sa.select(*keys).where(where.whereclause), given).all():
            log.note_changed(table.name, tuple(key), columns)

    def _note_changed(self, table: sa.Table, key: Sequence[object]) -> None:
        """Note a row of a decisive table that was written by a statement of its own."""
        if self.row_log is not None:
            self.row_log.note_changed(table.name, key)

    def _insert(self, table: sa.Table, row: object) -> int:
        """Insert a row and return the id it was given."""
        ident = int(self._scalar(returning(table, "id"), **values_of(row)))
        if self.row_log is not None and is_decisive(table):
            self.row_log.note_new(table.name, (ident,), row)
        note_new(self._connection, table, [ident], [row])
        return ident

    def _insert_many(self, table: sa.Table, rows: Sequence[object]) -> list[int]:
        """Insert; returns the ids in the order of ``rows``."""
        if not rows:
            return []
        numbers = self._added(returning(table, "id"), [values_of(row) for row in rows])
        if self.row_log is not None and is_decisive(table):
            for ident, row in zip(numbers, rows, strict=True):
                self.row_log.note_new(table.name, (ident,), row)
        note_new(self._connection, table, numbers, rows)
        return numbers

    def _added(self, statement: sa.Executable, given: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert a row for each of ``given``, of which there is one; returns their ids in that order."""
        # RETURNING promises no order, but ids grow in the order of VALUES on both databases.
        return sorted(int(row[0]) for row in fetch_each(self._connection, statement, given))

    def _put(self, table: sa.Table, rows: Sequence[object]) -> None:
        """Insert rows whose ids are not needed."""
        if len(rows) == 1:
            change(self._connection, inserting(table), values_of(rows[0]))
        elif rows:
            change_many(self._connection, inserting(table), [values_of(row) for row in rows])
        if self.row_log is not None and is_decisive(table):
            for row in rows:
                self.row_log.note_new(table.name, [getattr(row, column.name) for column in table.primary_key], row)

    def _insert_new(self, table: sa.Table, rows: Sequence[object], key: str) -> list[str]:
        """Insert those rows whose unique ``key`` is new; returns the keys that were."""
        if not rows:
            return []
        statement = _returning_new(self._connection.dialect.name, table, key)
        return [row[0] for row in fetch_each(self._connection, statement, [values_of(row) for row in rows])]

    def _put_unless_there(self, table: sa.Table, rows: Sequence[object]) -> None:
        """Insert those rows that break no rule of uniqueness; what they are is not told."""
        if rows:
            statement = unless_there(self._connection.dialect.name, table)
            change_many(self._connection, statement, [values_of(row) for row in rows])

    def _alter(self, table: sa.Table, key: int, changes: Mapping[str, object]) -> None:
        """Change the row with number ``key``."""
        with noted(self._connection, table, key, changes):
            change(self._connection, altering(table), {**changes, "at_key": key})
        if self.row_log is not None and is_decisive(table):
            self.row_log.note_changed(table.name, (key,), changes)

    def _upsert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        return upsert(self._connection.dialect.name, table)

    def _step(self, table: sa.Table, key: int, version: int, changes: Mapping[str, object]) -> None:
        """Change a row that still has ``version``, and count it up.

        Raises:
            Stale: after a concurrent change.
        """
        given = {**changes, "version": version + 1, "at_key": key, "at_version": version}
        with noted(self._connection, table, key, changes):
            if change(self._connection, stepping(table), given) != 1:
                raise Stale
        if self.row_log is not None and is_decisive(table):
            self.row_log.note_changed(table.name, (key,), changes)


class Rows(Repository, Generic[Row]):
    """The rows of one table, found by what stands in their columns.

    A condition is the name of a column with its value: None is nothing, of a collection it is any. ``name__lt`` (``le``,
    ``gt``, ``ge``, ``ne``, ``in``) compares: there None, but for ``ne``, is no condition. An order is made of names of
    columns, parted by blanks, all with a ``-`` where the greatest comes first; without one it is ``order``, else that of the key.
    """

    kind: type[Row]
    order: str = ""
    table: sa.Table

    def __init_subclass__(cls) -> None:
        cls.table = TABLES[cls.kind]

    def insert(self, row: Row) -> int:
        """Add a row and return its id."""
        return self._insert(self.table, row)

    def insert_many(self, rows: Sequence[Row]) -> list[int]:
        """Add rows; returns their ids in the order of ``rows``."""
        return self._insert_many(self.table, rows)

    def add(self, *rows: Row) -> None:
        """Add rows whose ids are not needed."""
        self._put(self.table, rows)

    def insert_new(self, row: Row) -> bool:
        """Add a row unless it breaks a rule of uniqueness; returns whether it was new."""
        statement = _inserting_new(self._connection.dialect.name, self.table)
        key = self._read(statement, values_of(row))
        if key and is_decisive(self.table):
            self._note_changed(self.table, tuple(key[0]))
        return bool(key)

    def put(self, row: Row) -> None:
        """Add a row, or let it take the place of the one with its key."""
        self._change(_putting(self._connection.dialect.name, self.table), **values_of(row))

    def get(self, key: int | str) -> Row:
        """Return the row with this key; raises NotFound."""
        return self._existing(self.kind, self.table.info["named"], _by_key(self.table), key)

    def lock(self, key: int | str) -> Row:
        """Return the same and keep others from changing it until the end of the unit of work."""
        return self._existing(self.kind, self.table.info["named"], _locked_by_key(self.table), key)

    def find(self, order: str = "", **where: object) -> Row | None:
        """Return the first row for which the conditions hold."""
        shape, values = _read_conditions(where)
        return self._first(self.kind, _finding(self.table, shape, order or self.order), **values)

    def select(self, order: str = "", after: object = None, limit: int | None = None, **where: object) -> list[Row]:
        """Return the rows for which the conditions hold, without their large columns.

        ``after``: what the last row of the page above has in the columns of the order. An empty collection finds nothing.
        """
        shape, values = _read_conditions(where)
        if any(value == [] for value in values.values()):
            return []
        if after is not None:
            values |= {f"after_{n}": v for n, v in enumerate(after if isinstance(after, tuple) else (after,))}
        if limit is not None:
            values["most"] = limit
        statement = _selecting(self.table, shape, order or self.order, after is not None, limit is not None)
        return self._all(self.kind, statement, **values)

    def pick(self, column: str, **where: object) -> set[Any]:
        """Return what stands in a column of the rows for which the conditions hold."""
        shape, values = _read_conditions(where)
        if any(value == [] for value in values.values()):
            return set()
        return {row[0] for row in self._told_rows(_picking(self.table, shape, column), **values)}

    def count_rows(self, **where: object) -> int:
        """Return for how many rows the conditions hold."""
        shape, values = _read_conditions(where)
        return int(self._scalar(_counting_rows(self.table, shape), **values))

    def change(self, key: int, **changes: object) -> None:
        """Change the row with this id."""
        self._alter(self.table, key, changes)

    def step(self, key: int, version: int, **changes: object) -> None:
        """Change the row with this id that still has ``version``, and count it up; raises Stale."""
        self._step(self.table, key, version, changes)

    def change_where(self, where: Mapping[str, object], **changes: object) -> int:
        """Change the rows for which the conditions hold; returns how many there were."""
        shape, values = _read_conditions(where)
        return self._change(_changing(self.table, shape), **values, **changes)

    def delete(self, **where: object) -> int:
        """Remove the rows for which the conditions hold; returns how many there were."""
        shape, values = _read_conditions(where)
        return self._change(_deleting(self.table, shape), **values)


_Shape = tuple[tuple[str, str | None], ...]
_NO_BOUND = ("__lt", "__le", "__gt", "__ge", "__in")
_WRITTEN = {"state", "status", "audience"}
"""Columns whose values stand in the SQL itself, where the database sees which partial index applies."""


def _read_conditions(where: Mapping[str, object]) -> tuple[_Shape, dict[str, object]]:
    """Return the shape of conditions, by which their statement is known, and the values that it asks for."""
    shape: list[tuple[str, str | None]] = []
    values: dict[str, object] = {}
    for name, value in where.items():
        if value is None:
            if not name.endswith(_NO_BOUND):
                shape.append((name, None))
        elif isinstance(value, str) and name in _WRITTEN:
            shape.append((name, f"'{value}'"))
        elif isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping):
            shape.append((name, "in"))
            values[f"at_{name}"] = [*value]
        else:
            shape.append((name, "="))
            values[f"at_{name}"] = value
    return tuple(shape), values


_COMPARED: Mapping[str, Callable[[Any, Any], sa.ColumnElement[bool]]] = {
    "": operator.eq,
    "lt": operator.lt,
    "le": operator.le,
    "gt": operator.gt,
    "ge": operator.ge,
    "ne": operator.ne,
}


def _conditions(table: sa.Table, shape: _Shape) -> Iterator[sa.ColumnElement[bool]]:
    for name, form in shape:
        column_name, _, way = name.partition("__")
        column = table.c[column_name]
        if form is None:
            yield column.is_not(None) if way == "ne" else column.is_(None)
        elif form == "in":
            chosen = among(column, f"at_{name}")
            yield sa.not_(chosen) if way == "ne" else chosen
        else:
            value = sa.bindparam(f"at_{name}", type_=column.type) if form == "=" else word(form[1:-1])
            yield _COMPARED[way](column, value)


def _places(table: sa.Table, order: str) -> tuple[list[sa.Column[Any]], bool]:
    """Return the columns of an order, and whether the greatest comes first."""
    names = order.replace("-", "").split()
    return [table.c[name] for name in names] or [*table.primary_key], order.startswith("-")


def _ordered(statement: sa.Select[Any], table: sa.Table, order: str) -> sa.Select[Any]:
    columns, down = _places(table, order)
    return statement.order_by(*(column.desc() if down else column for column in columns))


@cache
def _selecting(table: sa.Table, shape: _Shape, order: str, after: bool, limited: bool) -> sa.Select[Any]:
    statement = _ordered(sa.select(*brief_columns(table)).where(*_conditions(table, shape)), table, order)
    if after:
        columns, down = _places(table, order)
        last = [sa.bindparam(f"after_{n}", type_=column.type) for n, column in enumerate(columns)]
        here, there = (columns[0], last[0]) if len(columns) == 1 else (sa.tuple_(*columns), sa.tuple_(*last))
        statement = statement.where(here < there if down else here > there)
    return statement.limit(sa.bindparam("most", type_=sa.Integer)) if limited else statement


@cache
def _finding(table: sa.Table, shape: _Shape, order: str) -> sa.Select[Any]:
    statement = sa.select(table).where(*_conditions(table, shape))
    return _ordered(statement, table, order).limit(sa.literal_column("1"))


@cache
def _by_key(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(next(iter(table.primary_key)) == sa.bindparam("id"))


@cache
def _locked_by_key(table: sa.Table) -> sa.Select[Any]:
    """Return the statement that locks a row; others may still add rows that refer to it."""
    return _by_key(table).with_for_update(key_share=True)


@cache
def _picking(table: sa.Table, shape: _Shape, column: str) -> sa.Select[Any]:
    return sa.select(table.c[column]).where(*_conditions(table, shape)).distinct()


@cache
def _counting_rows(table: sa.Table, shape: _Shape) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(*_conditions(table, shape))


@cache
def _changing(table: sa.Table, shape: _Shape) -> sa.Update:
    return sa.update(table).where(*_conditions(table, shape))


@cache
def _deleting(table: sa.Table, shape: _Shape) -> sa.Delete:
    return sa.delete(table).where(*_conditions(table, shape))


@cache
def _inserting_new(dialect: str, table: sa.Table) -> sa.Executable:
    return upsert(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


@cache
def _putting(dialect: str, table: sa.Table) -> sa.Executable:
    new = upsert(dialect, table)
    keys = [column.name for column in table.primary_key]
    renewed = {column.name: new.excluded[column.name] for column in table.c if column.name not in keys}
    return new.on_conflict_do_update(index_elements=keys, set_=renewed)


def row_of(kind: type[Row], table: sa.Table, values: Sequence[Any]) -> Row:
    """Return one row of ``table`` as ``kind``: ``values`` are those of its columns, in their order."""
    return rows_of(kind, tuple(table.c.keys()), (values,))[0]


def rows_of(kind: type[Row], names: tuple[str, ...], found: Sequence[Sequence[Any]]) -> list[Row]:
    """Return rows as ``kind``: what its constructor does by name, done without it where every field is there."""
    known: Any = kind
    puts = _puts(known, names)
    if puts is None:
        return [kind(**dict(zip(names, row, strict=True))) for row in found]
    rows = []
    for values in found:
        row = object.__new__(kind)
        for put, value in zip(puts, values, strict=True):
            put(row, value)
        rows.append(row)
    return rows


@cache
def _puts(kind: Any, names: tuple[str, ...]) -> tuple[Callable[[object, object], None], ...] | None:
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


def among(column: sa.Column[Any], name: str) -> sa.ColumnElement[bool]:
    """Return the condition that ``column`` has one of the values in the list given under ``name``."""
    return column.in_(sa.bindparam(name, expanding=True))


def word(value: str) -> sa.ColumnElement[str]:
    """Return ``value`` written into the SQL itself, so that a partial index can be seen to apply."""
    if value.isascii() and value.isidentifier():
        return sa.literal_column(f"'{value}'", sa.String)
    return sa.literal(value, literal_execute=True)


@cache
def _returning_new(dialect: str, table: sa.Table, key: str) -> sa.Executable:
    return upsert(dialect, table).on_conflict_do_nothing(index_elements=[key]).returning(table.c[key])


class UnitOfWork(Protocol):
    """What the repositories of one unit of work share: a transaction, or one of them."""

    told: dict[object, tuple[object, Any]] | None
    digest: str
    row_log: RowLog | None


Part = TypeVar("Part", bound=UnitOfWork)


def joined(part: Part, unit: UnitOfWork) -> Part:
    """Return a repository as a part of ``unit``."""
    part.told, part.row_log, part.digest = unit.told, unit.row_log, unit.digest
    return part


Kind = TypeVar("Kind", bound=Repository)


class Joined(Generic[Kind]):
    """A repository of a unit of work, made when it is first asked for: most units of work need three or four."""

    def __init__(self, kind: type[Kind]) -> None:
        self._kind = kind

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, transaction: Any, _owner: type) -> Kind:
        made = joined(self._kind(transaction._connection), transaction)
        transaction.__dict__[self._name] = made  # found there from now on, sooner than here
        return made


def rows_of_kind(kind: type[Row], order: str = "") -> Joined[Rows[Row]]:
    """Return what makes the repository of a table that needs no statements of its own."""
    return Joined(type(f"{kind.__name__}s", (Rows,), {"kind": kind, "order": order}))


class Ordered(NamedTuple):
    """An order by its word, or the same turned round, and how many rows are passed over before the page."""

    by: str
    down: bool = False
    skip: int = 0


def arranged(
    columns: Sequence[sa.ColumnElement[Any]], key: sa.Column[Any], by: Sequence[sa.ColumnElement[Any]], *, down: bool
) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for ``most`` of the rows with the keys ``ids``, ``skip`` of them passed over, sorted ``by``."""
    places = [column.desc() if down else column for column in by]
    page = sa.select(*columns).where(among(key, "ids")).order_by(*places, key.desc())
    return page.limit(sa.bindparam("most")).offset(sa.bindparam("skip"))


def name_of(table: sa.Table, key: sa.Column[Any], column: str = "name") -> sa.ColumnElement[str]:
    """Return what the row of ``table`` to which ``key`` leads is called, "" where it leads to none."""
    return sa.func.coalesce(sa.select(table.c[column]).where(table.c.id == key).scalar_subquery(), "")


_MOST = 300
"""So many values are written into the statement, where the database sees them when it plans."""


class numbers_of(GenericFunction[str]):  # noqa: N801  a function of SQL
    """The numbers in a text that lists them (JSON), a row each."""

    name = "numbers_of"
    inherit_cache = True


@compiles(numbers_of, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **given: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **given)})"


@compiles(numbers_of, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **given: Any) -> str:
    return f"jsonb_array_elements_text(CAST({compiler.process(element.clauses, **given)} AS jsonb))"


def is_among(column: sa.ColumnElement[Any], numbers: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds one of ``numbers``, however many they are."""
    return column.in_(_bind_numbers(numbers))


def is_none_of(column: sa.ColumnElement[Any], numbers: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds none of ``numbers``; one that holds nothing does not fulfil it."""
    return column.not_in(_bind_numbers(numbers))


def _bind_numbers(numbers: Collection[int]) -> Any:
    ordered = sorted(numbers)
    if len(ordered) <= _MOST:
        return ordered
    listed = sa.func.numbers_of(json.dumps(ordered)).table_valued("value")
    return sa.select(sa.cast(listed.c.value, sa.BigInteger))


class CounterRepository(Repository):
    """Named counters; a number is taken when the unit of work is committed, and free again when it is not."""

    def next(self, name: str) -> int:
        """Return the next number of ``name``, from 1, without gaps; others wait for the end of this unit of work."""
        return int(self._scalar(_counting(self._connection.dialect.name), name=name, value=1))

    def skip(self, by: int) -> dict[str, tuple[int, int]]:
        """Let every counter go on ``by`` numbers further; returns the last number given before, and now, by name."""
        before = {str(name): int(value) for name, value in self._connection.execute(_ALL)}
        self._connection.execute(sa.update(counter).values(value=counter.c.value + by))
        return {name: (value, value + by) for name, value in before.items()}


_ALL = sa.select(counter.c.name, counter.c.value).order_by(counter.c.name)


@cache
def _counting(dialect: str) -> sa.Executable:
    new = upsert(dialect, counter)
    counted = new.on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
    return counted.returning(counter.c.value)


class RequestRepository(Repository):
    """Marked requests by their key."""

    def begin(self, row: MarkedRequestRow) -> bool:
        """Note a request unless its key is known; returns whether it was new."""
        return bool(self._insert_new(marked_request, [row], "key"))

    def get(self, key: str) -> MarkedRequestRow | None:
        """Return the request with this key."""
        return self._first(MarkedRequestRow, one(marked_request, "key"), key=key)

    def answer(self, key: str, status: int, answer: Any) -> None:
        """Note how a request was answered."""
        self._change(sa.update(marked_request).where(marked_request.c.key == key).values(status=status, answer=answer))

    def forget(self, key: str) -> None:
        """Let the key be used again: the request had no effect."""
        self._change(sa.delete(marked_request).where(marked_request.c.key == key))

    def forget_before(self, at: datetime) -> int:
        """Forget what was sent before ``at``; returns how many."""
        return self._change(sa.delete(marked_request).where(marked_request.c.at < at))
