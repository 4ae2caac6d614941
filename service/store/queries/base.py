"""The base of repositories: reading rows, inserting, and version checks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, Generic, NamedTuple, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa

from service.domain.proof.algorithms import SHA256
from service.store.connections.database import build_upsert
from service.store.models.work import counter
from service.store.row_log import RowLog, hashed_columns, is_decisive
from service.store.searching import note_new

Row = TypeVar("Row")
Answer = TypeVar("Answer")
Parameters = ParamSpec("Parameters")

_MAX_ANSWERS = 60
"""Answers that a unit of work remembers: more than a page asks for, and little for one that reads everything."""


class Repository:
    """Statements over one connection, whose transaction belongs to the unit of work."""

    answers: dict[object, Any] | None = None
    """What a unit of work that only reads was told by `asked_once`; None for one that writes."""
    digest: str = SHA256
    """The algorithm of what is added to chains of records."""
    row_log: RowLog | None = None
    """The decisive rows that this unit of work wrote; None for one that reads, and where nobody keeps hashes."""

    def __init__(self, connection: sa.Connection, unit: UnitOfWork | None = None) -> None:
        """Make a repository as a part of ``unit``: a transaction, or another repository of one."""
        self._connection = connection
        if unit is not None:
            self.answers, self.row_log, self.digest = unit.answers, unit.row_log, unit.digest

    def _all(self, kind: type[Row], statement: sa.Executable, **parameters: object) -> list[Row]:
        """Return rows as ``kind``, by the names of their columns."""
        found = self._connection.execute(statement, parameters)
        names = tuple(found.keys())
        return [kind(**dict(zip(names, values, strict=True))) for values in found.all()]

    def _first(self, kind: type[Row], statement: sa.Executable, **parameters: object) -> Row | None:
        rows = self._all(kind, statement, **parameters)
        return rows[0] if rows else None

    def _scalar(self, statement: sa.Executable, **parameters: object) -> Any:
        return self._connection.execute(statement, parameters).scalar()

    def _change(self, statement: sa.UpdateBase, **values: object) -> int:
        """Execute and return how many rows changed; ``values`` are what it writes, or inserts."""
        if self.row_log is not None and is_decisive(statement.table):
            self._note_statement(self.row_log, statement, values)
        return self._connection.execute(statement, values).rowcount

    def _note_statement(self, log: RowLog, statement: sa.UpdateBase, values: Mapping[str, object]) -> None:
        """Note which rows of a decisive table a statement is about to write."""
        table: Any = statement.table
        keys = [*table.primary_key]
        if isinstance(statement, sa.Insert):
            log.note_changed(table.name, [values[column.name] for column in keys])
            return
        columns = values.keys() & table.c.keys() if isinstance(statement, sa.Update) else None
        if columns is not None and columns.isdisjoint(hashed_columns(table.name)):
            return  # as with each secret vote: no event tells of it
        where: Any = statement
        for key in self._connection.execute(sa.select(*keys).where(where.whereclause)).all():
            log.note_changed(table.name, tuple(key), columns)

    def _note_changed(self, table: sa.Table, key: Sequence[object]) -> None:
        """Note a row of a decisive table that was written by a statement of its own."""
        if self.row_log is not None:
            self.row_log.note_changed(table.name, key)

    def _insert(self, table: sa.Table, row: object) -> int:
        """Insert a row and return the id it was given."""
        return self._insert_many(table, [row])[0]

    def _insert_many(self, table: sa.Table, rows: Sequence[object]) -> list[int]:
        """Insert; returns the ids in the order of ``rows``."""
        if not rows:
            return []
        numbers = self._added(sa.insert(table).returning(table.c.id), [values_of(row) for row in rows])
        if self.row_log is not None and is_decisive(table):
            for ident, row in zip(numbers, rows, strict=True):
                self.row_log.note_new(table.name, (ident,), row)
        note_new(self._connection, table, numbers, rows)
        return numbers

    def _added(self, statement: sa.Executable, parameters: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert a row for each of ``parameters``, of which there is one; returns their ids in that order."""
        # RETURNING promises no order, but ids grow in the order of VALUES on both databases.
        return sorted(self._connection.scalars(statement, parameters))

    def _put(self, table: sa.Table, rows: Sequence[object]) -> None:
        """Insert rows whose ids are not needed."""
        if not rows:
            return
        # Inline, else PostgreSQL is asked for the new id.
        self._connection.execute(sa.insert(table).inline(), [values_of(row) for row in rows])
        if self.row_log is not None and is_decisive(table):
            for row in rows:
                self.row_log.note_new(table.name, [getattr(row, column.name) for column in table.primary_key], row)

    def _insert_new(self, table: sa.Table, rows: Sequence[object], key: str) -> list[str]:
        """Insert those rows whose unique ``key`` is new; returns the keys that were."""
        if not rows:
            return []
        statement = build_upsert(self._connection, table).on_conflict_do_nothing(index_elements=[key])
        return list(self._connection.scalars(statement.returning(table.c[key]), [values_of(row) for row in rows]))

    def _put_unless_there(self, table: sa.Table, rows: Sequence[object]) -> None:
        """Insert those rows that break no rule of uniqueness; what they are is not told."""
        if rows:
            statement = build_upsert(self._connection, table).on_conflict_do_nothing()
            self._connection.execute(statement, [values_of(row) for row in rows])


Asked = TypeVar("Asked", bound=Repository)


def asked_once(
    question: Callable[Concatenate[Asked, Parameters], Answer],
) -> Callable[Concatenate[Asked, Parameters], Answer]:
    """Let a unit of work that only reads ask the database once, however many parts of a page need the answer."""

    @wraps(question)
    def ask(repository: Asked, /, *args: Parameters.args, **named: Parameters.kwargs) -> Answer:
        answers = repository.answers
        if answers is None:
            return question(repository, *args, **named)
        key = question, getattr(repository, "kind", None), args, tuple(named.items())
        if key not in answers:
            if len(answers) >= _MAX_ANSWERS:
                answers.clear()
            answers[key] = question(repository, *args, **named)
        answer: Answer = answers[key]
        return answer

    return ask


def row_of(kind: type[Row], table: sa.Table, values: Sequence[Any]) -> Row:
    """Return one row of ``table`` as ``kind``: ``values`` are those of its columns, in their order."""
    return kind(**dict(zip(table.c.keys(), values, strict=True)))


def values_of(row: Any) -> dict[str, Any]:
    """Return what a row holds by column; the id of a row that is not stored yet is left to the database."""
    names: tuple[str, ...] = type(row).__slots__
    return {name: value for name in names if (value := getattr(row, name)) != 0 or name != "id"}


def word(value: str) -> sa.ColumnElement[str]:
    """Return ``value`` written into the SQL itself, so that a partial index can be seen to apply."""
    if value.isascii() and value.isidentifier():
        return sa.literal_column(f"'{value}'", sa.String)
    return sa.literal(value, literal_execute=True)


class UnitOfWork(Protocol):
    """What the repositories of one unit of work share: a transaction, or one of them."""

    answers: dict[object, Any] | None
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
    columns: Sequence[sa.ColumnElement[Any]],
    key: sa.Column[Any],
    ids: Sequence[int],
    by: Mapping[str, Sequence[sa.ColumnElement[Any]]],
    order: Ordered,
    limit: int,
) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for a page of the rows with the keys ``ids`` in ``order``, whose word stands in ``by``."""
    places = [column.desc() if order.down else column for column in by[order.by]]
    page = sa.select(*columns).where(key.in_(ids)).order_by(*places, key.desc())
    return page.limit(limit).offset(order.skip)


def name_of(table: sa.Table, key: sa.Column[Any], column: str = "name") -> sa.ColumnElement[str]:
    """Return what the row of ``table`` to which ``key`` leads is called, "" where it leads to none."""
    return sa.func.coalesce(sa.select(table.c[column]).where(table.c.id == key).scalar_subquery(), "")


class CounterRepository(Repository):
    """Named counters; a number is taken when the unit of work is committed, and free again when it is not."""

    def next(self, name: str) -> int:
        """Return the next number of ``name``, from 1, without gaps; others wait for the end of this unit of work."""
        new = build_upsert(self._connection, counter).values(name=name, value=1)
        counted = new.on_conflict_do_update(index_elements=["name"], set_={"value": counter.c.value + 1})
        return int(self._scalar(counted.returning(counter.c.value)))

    def skip(self, by: int) -> dict[str, tuple[int, int]]:
        """Let every counter go on ``by`` numbers further; returns the last number given before, and now, by name."""
        before = self._connection.execute(sa.select(counter.c.name, counter.c.value).order_by(counter.c.name)).all()
        self._connection.execute(sa.update(counter).values(value=counter.c.value + by))
        return {name: (value, value + by) for name, value in before}
