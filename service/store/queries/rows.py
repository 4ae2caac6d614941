"""The rows of one table, asked for and changed by the names of its columns."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic

import sqlalchemy as sa

from service.domain.errors import NotFound
from service.store.connections.statements import build_upsert
from service.store.errors import missing
from service.store.models.columns import TABLES, brief_columns
from service.store.queries.base import Joined, Repository, Row, match_any_of, values_of, word
from service.store.row_log import is_decisive


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
        """Add a row, or let it take the place of the one with its key (with a generated id: with what must be unique)."""
        self._change(_build_put(self._connection.dialect.name, self.table), **values_of(row))

    def get(self, key: int | str) -> Row:
        """Return the row with this key; raises NotFound."""
        return self._existing(self.kind, self.table.info["named"], _by_key(self.table), key)

    def lock(self, key: int | str) -> Row:
        """Return the same and keep others from changing it until the end of the unit of work."""
        return self._existing(self.kind, self.table.info["named"], _locked_by_key(self.table), key)

    def _missing(self, key: int | str) -> NotFound:
        chinese, english = self.table.info["named"]
        return missing(chinese, english, key)

    def find(self, order: str = "", **where: object) -> Row | None:
        """Return the first row for which the conditions hold."""
        shape, values = _read_conditions(where)
        return self._first(self.kind, _build_find(self.table, shape, order or self.order), **values)

    def select(self, order: str = "", after: object = None, limit: int | None = None, **where: object) -> list[Row]:
        """Return the rows for which the conditions hold, without their large columns.

        ``after``: what the last row of the page above has in the columns of the order. An empty collection finds nothing.
        """
        shape, values = _read_conditions(where)
        if [] in values.values():
            return []
        if after is not None:
            values |= {f"after_{n}": v for n, v in enumerate(after if isinstance(after, tuple) else (after,))}
        if limit is not None:
            values["most"] = limit
        statement = _build_select(self.table, shape, order or self.order, after is not None, limit is not None)
        return self._all(self.kind, statement, **values)

    def by_id(self, ids: Collection[int]) -> dict[int, Row]:
        """Return those of these rows that are there, by id, without their large columns."""
        rows: list[Any] = self.select(id=[*ids])
        return {row.id: row for row in rows}

    def pick(self, column: str, **where: object) -> set[Any]:
        """Return what stands in a column of the rows for which the conditions hold."""
        shape, values = _read_conditions(where)
        if [] in values.values():
            return set()
        return {row[0] for row in self._fetch_rows(_build_pick(self.table, shape, column), **values)}

    def count_rows(self, **where: object) -> int:
        """Return for how many rows the conditions hold."""
        shape, values = _read_conditions(where)
        return int(self._scalar(_counting_rows(self.table, shape), **values))

    def count_by(self, column: str, **where: object) -> dict[Any, int]:
        """Return how many rows for which the conditions hold have each value of a column."""
        shape, values = _read_conditions(where)
        return {value: int(count) for value, count in self._read(_counting_by(self.table, shape, column), values)}

    def total(self, column: str, **where: object) -> int:
        """Return the sum of a column over the rows for which the conditions hold."""
        shape, values = _read_conditions(where)
        return int(self._scalar(_build_sum(self.table, shape, column), **values) or 0)

    def change(self, key: int, /, **changes: object) -> None:
        """Change the row with this id."""
        self._alter(self.table, key, changes)

    def step(self, key: int, version: int, /, **changes: object) -> None:
        """Change the row with this id that still has ``version``, and count it up; raises Stale."""
        self._step(self.table, key, version, changes)

    def change_where(self, where: Mapping[str, object], /, **changes: object) -> int:
        """Change the rows for which the conditions hold; returns how many there were."""
        shape, values = _read_conditions(where)
        return self._change(_build_update(self.table, shape), **values, **changes)

    def delete(self, **where: object) -> int:
        """Remove the rows for which the conditions hold; returns how many there were."""
        shape, values = _read_conditions(where)
        return self._change(_build_delete(self.table, shape), **values)


_Shape = tuple[tuple[str, str | bool | None], ...]
_NO_BOUND = ("__lt", "__le", "__gt", "__ge", "__in")
_WRITTEN = {"state", "status", "audience"}
"""Columns whose values stand in the SQL itself, as yes and no do: so the database sees which partial index applies."""


def _read_conditions(where: Mapping[str, object]) -> tuple[_Shape, dict[str, object]]:
    """Return the shape of conditions, by which their statement is known, and the values that it asks for."""
    shape: list[tuple[str, str | bool | None]] = []
    values: dict[str, object] = {}
    for name, value in where.items():
        if value is None:
            if not name.endswith(_NO_BOUND):
                shape.append((name, None))
        elif isinstance(value, bool):
            shape.append((name, value))
        elif isinstance(value, str) and name.partition("__")[0] in _WRITTEN:
            shape.append((name, "'" + value + "'"))
        elif isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping):
            if value or not name.endswith("__ne"):
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


def _get_column(table: sa.Table, name: str) -> sa.Column[Any]:
    if name not in table.c:
        raise KeyError(f"{table.name} has no column {name}")
    return table.c[name]


def _iterate_conditions(table: sa.Table, shape: _Shape) -> Iterator[sa.ColumnElement[bool]]:
    for name, form in shape:
        column_name, _, way = name.partition("__")
        column = _get_column(table, column_name)
        if form is None:
            yield column.is_not(None) if way == "ne" else column.is_(None)
        elif isinstance(form, bool):
            yield column if form is not (way == "ne") else ~column
        elif form == "in":
            chosen = match_any_of(column, f"at_{name}")
            yield sa.not_(chosen) if way == "ne" else chosen
        else:
            value = sa.bindparam(f"at_{name}", type_=column.type) if form == "=" else word(form[1:-1])
            yield _COMPARED[way](column, value)


def _parse_order(table: sa.Table, order: str) -> tuple[list[sa.Column[Any]], bool]:
    """Return the columns of an order, and whether the greatest comes first."""
    names = order.replace("-", "").split()
    return [_get_column(table, name) for name in names] or [*table.primary_key], order.startswith("-")


def _order_statement(statement: sa.Select[Any], table: sa.Table, order: str) -> sa.Select[Any]:
    columns, down = _parse_order(table, order)
    return statement.order_by(*(column.desc() if down else column for column in columns))


@cache
def _build_select(table: sa.Table, shape: _Shape, order: str, after: bool, limited: bool) -> sa.Select[Any]:
    statement = _order_statement(
        sa.select(*brief_columns(table)).where(*_iterate_conditions(table, shape)), table, order
    )
    if after:
        columns, down = _parse_order(table, order)
        last = [sa.bindparam(f"after_{n}", type_=column.type) for n, column in enumerate(columns)]
        position, there = (columns[0], last[0]) if len(columns) == 1 else (sa.tuple_(*columns), sa.tuple_(*last))
        statement = statement.where(position < there if down else position > there)
    return statement.limit(sa.bindparam("most", type_=sa.Integer)) if limited else statement


@cache
def _build_find(table: sa.Table, shape: _Shape, order: str) -> sa.Select[Any]:
    statement = sa.select(table).where(*_iterate_conditions(table, shape))
    return _order_statement(statement, table, order).limit(sa.literal_column("1"))


@cache
def _by_key(table: sa.Table) -> sa.Select[Any]:
    return sa.select(table).where(next(iter(table.primary_key)) == sa.bindparam("id"))


@cache
def _locked_by_key(table: sa.Table) -> sa.Select[Any]:
    """Return the statement that locks a row; others may still add rows that refer to it."""
    return _by_key(table).with_for_update(key_share=True)


@cache
def _build_pick(table: sa.Table, shape: _Shape, column: str) -> sa.Select[Any]:
    return sa.select(_get_column(table, column)).where(*_iterate_conditions(table, shape)).distinct()


@cache
def _counting_rows(table: sa.Table, shape: _Shape) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(*_iterate_conditions(table, shape))


@cache
def _counting_by(table: sa.Table, shape: _Shape, column: str) -> sa.Select[Any]:
    chosen = _get_column(table, column)
    return sa.select(chosen, sa.func.count()).where(*_iterate_conditions(table, shape)).group_by(chosen)


@cache
def _build_sum(table: sa.Table, shape: _Shape, column: str) -> sa.Select[Any]:
    return sa.select(sa.func.sum(_get_column(table, column))).where(*_iterate_conditions(table, shape))


@cache
def _build_update(table: sa.Table, shape: _Shape) -> sa.Update:
    return sa.update(table).where(*_iterate_conditions(table, shape))


@cache
def _build_delete(table: sa.Table, shape: _Shape) -> sa.Delete:
    return sa.delete(table).where(*_iterate_conditions(table, shape))


@cache
def _inserting_new(dialect: str, table: sa.Table) -> sa.Executable:
    return build_upsert(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


@cache
def _build_put(dialect: str, table: sa.Table) -> sa.Executable:
    new = build_upsert(dialect, table)
    unique = (part for part in table.constraints if isinstance(part, sa.UniqueConstraint))
    key = next(unique, table.primary_key) if "id" in table.primary_key else table.primary_key
    keys = [column.name for column in key.columns]
    renewed = {column.name: new.excluded[column.name] for column in table.c if column.name not in ("id", *keys)}
    return new.on_conflict_do_update(index_elements=keys, set_=renewed)


def rows_of_kind(kind: type[Row], order: str = "") -> Joined[Rows[Row]]:
    """Return what makes the repository of a table that needs no statements of its own."""
    return Joined(type(f"{kind.__name__}s", (Rows,), {"kind": kind, "order": order}))
