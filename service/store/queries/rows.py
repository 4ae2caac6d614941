"""The rows of one table, asked for and changed by the names of its columns."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Generic, TypeGuard, get_args

import sqlalchemy as sa

from service.domain.errors import NotFound
from service.store.connections.database import build_upsert
from service.store.errors import Stale, missing
from service.store.models.columns import TABLES, brief_columns
from service.store.queries.base import Joined, Repository, Row, asked_once, values_of, word
from service.store.row_log import is_decisive
from service.store.searching import index_row_changes


class Rows(Repository, Generic[Row]):
    """The rows of one table, that of the ``kind`` in brackets behind its name, found by what stands in their columns.

    A condition is the name of a column with its value: None is nothing, of a collection it is any. ``name__lt`` (``le``,
    ``gt``, ``ge``, ``ne``, ``in``) compares: there None, but for ``ne``, is no condition. An order is made of names of
    columns, parted by blanks, all with a ``-`` where the greatest comes first; without one it is ``order``, else that of the key.

    What each page and each step ask is written once, with `write`, beside its repository: its values are ``sa.bindparam``,
    given when it is asked. So SQLAlchemy builds it, and works out how it is compiled, but once.
    """

    kind: type[Row]
    order: str = ""
    table: sa.Table
    _whole: sa.Select[Any]
    _brief: sa.Select[Any]
    _of_key: sa.Select[Any]
    _of_ids: sa.Select[Any]
    _of_case: sa.Select[Any]
    _this: sa.Update
    _unchanged: sa.Update

    def __init_subclass__(cls) -> None:
        if bases := vars(cls).get("__orig_bases__"):
            (cls.kind,) = get_args(bases[0])
        cls.table = TABLES[cls.kind]
        has_large = any(column.info.get("large") for column in cls.table.c)
        cls._whole = sa.select(cls.table)
        cls._brief = sa.select(*brief_columns(cls.table)) if has_large else cls._whole
        cls._of_key = cls._whole.where(next(iter(cls.table.primary_key)) == sa.bindparam("key"))
        if "id" in cls.table.c:
            cls._of_ids = cls.write().where(cls.table.c.id.in_(sa.bindparam("ids", expanding=True)))
            cls._this = sa.update(cls.table).where(cls.table.c.id == sa.bindparam("this"))
        if "version" in cls.table.c and "id" in cls.table.c:
            cls._unchanged = cls._this.where(cls.table.c.version == sa.bindparam("this_version"))
        if "case_id" in cls.table.c:
            cls._of_case = cls.write(case_id=sa.bindparam("case_id"))

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
        statement = build_upsert(self._connection, self.table).on_conflict_do_nothing()
        key = self._connection.execute(statement.returning(*self.table.primary_key), values_of(row)).first()
        if key is not None and is_decisive(self.table):
            self._note_changed(self.table, tuple(key))
        return key is not None

    def put(self, row: Row) -> None:
        """Add a row, or let it take the place of the one with its key (with a generated id: with what must be unique)."""
        new = build_upsert(self._connection, self.table)
        unique = (part for part in self.table.constraints if isinstance(part, sa.UniqueConstraint))
        primary = self.table.primary_key
        keys = [column.name for column in (next(unique, primary) if "id" in primary else primary).columns]
        renewed = {
            column.name: new.excluded[column.name] for column in self.table.c if column.name not in ("id", *keys)
        }
        self._change(new.on_conflict_do_update(index_elements=keys, set_=renewed), **values_of(row))

    def get(self, key: int | str) -> Row:
        """Return the row with this key; raises NotFound."""
        return self._require_row(self._of_key, key)

    def lock(self, key: int | str) -> Row:
        """Return the same and keep others from changing it until the end of the unit of work; they may still refer to it."""
        return self._require_row(self._of_key.with_for_update(key_share=True), key)

    def _require_row(self, statement: sa.Select[Any], key: int | str) -> Row:
        row = self._first(self.kind, statement, key=key)
        if row is None:
            raise self._missing(key)
        return row

    def _missing(self, key: int | str) -> NotFound:
        chinese, english = self.table.info["named"]
        return missing(chinese, english, key)

    def find(self, order: str = "", **where: object) -> Row | None:
        """Return the first row for which the conditions hold."""
        statement = self._whole.where(*self._match(where))
        return self._first(self.kind, statement.order_by(*self._order_by(order)).limit(1))

    @classmethod
    def write(cls, order: str = "", **where: object) -> sa.Select[Any]:
        """Return the statement for the rows for which the conditions hold, without their large columns."""
        return cls._brief.where(*cls._match(where)).order_by(*cls._order_by(order))

    def select(self, order: str = "", after: object = None, limit: int | None = None, **where: object) -> list[Row]:
        """Return the rows for which the conditions hold, without their large columns.

        ``after``: what the last row of the page above has in the columns of the order. An empty collection finds nothing.
        """
        if _finds_nothing(where):
            return []
        statement = self.write(order, **where)
        if after is not None:
            columns, last = self._get_order_columns(order), after if isinstance(after, tuple) else (after,)
            position = sa.tuple_(*columns) if len(columns) > 1 else columns[0]
            behind = operator.lt if (order or self.order).startswith("-") else operator.gt
            there: Any = sa.tuple_(*last, types=[each.type for each in columns]) if len(columns) > 1 else last[0]
            statement = statement.where(behind(position, there))
        return self._all(self.kind, statement if limit is None else statement.limit(limit))

    @asked_once
    def in_case(self, case_id: int) -> list[Row]:
        """Return the rows of a case, without their large columns."""
        return self._all(self.kind, self._of_case, case_id=case_id)

    def by_id(self, ids: Collection[int]) -> dict[int, Row]:
        """Return those of these rows that are there, by id, without their large columns."""
        rows: list[Any] = self._all(self.kind, self._of_ids, ids=[*ids]) if ids else []
        return {row.id: row for row in rows}

    def pick(self, column: str, **where: object) -> set[Any]:
        """Return what stands in a column of the rows for which the conditions hold."""
        if _finds_nothing(where):
            return set()
        return set(self._connection.scalars(sa.select(self._get_column(column)).where(*self._match(where)).distinct()))

    def count_rows(self, **where: object) -> int:
        """Return for how many rows the conditions hold."""
        return int(self._scalar(sa.select(sa.func.count()).select_from(self.table).where(*self._match(where))))

    def count_by(self, column: str, **where: object) -> dict[Any, int]:
        """Return how many rows for which the conditions hold have each value of a column."""
        chosen = self._get_column(column)
        counted = sa.select(chosen, sa.func.count()).where(*self._match(where)).group_by(chosen)
        return {value: int(count) for value, count in self._connection.execute(counted)}

    def total(self, column: str, **where: object) -> int:
        """Return the sum of a column over the rows for which the conditions hold."""
        return int(self._scalar(sa.select(sa.func.sum(self._get_column(column))).where(*self._match(where))) or 0)

    def change(self, key: int, /, **changes: object) -> None:
        """Change the row with this id."""
        self._alter(self._this, key, changes)

    def step(self, key: int, version: int, /, **changes: object) -> None:
        """Change the row with this id that still has ``version``, and count it up; raises Stale after a concurrent change."""
        self._alter(self._unchanged, key, {**changes, "version": version + 1}, this_version=version)

    def _alter(self, statement: sa.Update, key: int, changes: Mapping[str, object], **this: int) -> None:
        with index_row_changes(self._connection, self.table, key, changes):
            if self._connection.execute(statement, {**changes, "this": key, **this}).rowcount != 1 and this:
                raise Stale
        if self.row_log is not None and is_decisive(self.table):
            self.row_log.note_changed(self.table.name, (key,), changes)

    def change_where(self, where: Mapping[str, object], /, **changes: object) -> int:
        """Change the rows for which the conditions hold; returns how many there were."""
        return self._change(sa.update(self.table).where(*self._match(where)), **changes)

    def delete(self, **where: object) -> int:
        """Remove the rows for which the conditions hold; returns how many there were."""
        return self._change(sa.delete(self.table).where(*self._match(where)))

    @classmethod
    def _get_column(cls, name: str) -> sa.Column[Any]:
        if name not in cls.table.c:
            raise KeyError(f"{cls.table.name} has no column {name}")
        return cls.table.c[name]

    @classmethod
    def _match(cls, where: Mapping[str, object]) -> Iterator[sa.ColumnElement[bool]]:
        for name, value in where.items():
            column_name, _, way = name.partition("__")
            column = cls._get_column(column_name)
            if value is None:
                if way in ("", "ne"):
                    yield column.is_not(None) if way else column.is_(None)
            elif isinstance(value, bool):
                yield column if value is not (way == "ne") else ~column
            elif _is_collection(value):
                if value or way != "ne":
                    yield column.not_in([*value]) if way == "ne" else column.in_([*value])
            else:
                written = isinstance(value, str) and column_name in _WRITTEN
                yield getattr(operator, way or "eq")(column, word(f"{value}") if written else value)

    @classmethod
    def _get_order_columns(cls, order: str) -> list[sa.Column[Any]]:
        names = (order or cls.order).replace("-", "").split()
        return [cls._get_column(name) for name in names] or [*cls.table.primary_key]

    @classmethod
    def _order_by(cls, order: str) -> list[sa.ColumnElement[Any]]:
        columns = cls._get_order_columns(order)
        return [column.desc() for column in columns] if (order or cls.order).startswith("-") else [*columns]


_WRITTEN = {"state", "status", "audience"}
"""Columns whose values stand in the SQL itself, as yes and no do: so the database sees which partial index applies."""


def _is_collection(value: object) -> TypeGuard[Collection[Any]]:
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def _finds_nothing(where: Mapping[str, object]) -> bool:
    return any(_is_collection(value) and not value and not name.endswith("__ne") for name, value in where.items())


def rows_of_kind(kind: type[Row], order: str = "") -> Joined[Rows[Row]]:
    """Return what makes the repository of a table that needs no statements of its own."""
    return Joined(type(f"{kind.__name__}s", (Rows,), {"kind": kind, "order": order}))
