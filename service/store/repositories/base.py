"""What repositories share: reading rows into values, inserting, and version checks.

Putting a statement together costs more than running it. What is asked in every step is therefore
put together once, when the module is loaded, with named parameters (see `one` and `Prepared`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.prepared import Prepared

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

Row = TypeVar("Row")


class Repository:
    """Statements over one connection, whose transaction belongs to the unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _all(self, kind: type[Row], statement: sa.Executable | Prepared, **given: object) -> list[Row]:
        if isinstance(statement, Prepared):
            return [kind(*row) for row in statement.rows(self._connection, given)]
        return [kind(*row) for row in self._connection.execute(statement, given)]

    def _first(self, kind: type[Row], statement: sa.Executable | Prepared, **given: object) -> Row | None:
        if isinstance(statement, Prepared):
            found = statement.rows(self._connection, given)
            return kind(*found[0]) if found else None
        row = self._connection.execute(statement, given).first()
        return None if row is None else kind(*row)

    def _scalar(self, statement: sa.Executable | Prepared, **given: object) -> Any:
        if isinstance(statement, Prepared):
            found = statement.rows(self._connection, given)
            return found[0][0] if found else None
        return self._connection.execute(statement, given).scalar()

    def _change(self, statement: sa.Executable | Prepared, **given: object) -> int:
        """Execute and return how many rows changed."""
        if isinstance(statement, Prepared):
            return statement.change(self._connection, given)
        return self._connection.execute(statement, given).rowcount

    def _insert(self, table: sa.Table, columns: Mapping[str, object]) -> int:
        return int(self._scalar(_returning(table, "id"), **columns))

    def _insert_many(self, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert; returns the ids in the order of ``rows``."""
        if not rows:
            return []
        # RETURNING promises no order, but ids grow in the order of VALUES on both databases.
        return sorted(_returning(table, "id").each(self._connection, _plain(rows)))

    def _put(self, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> None:
        """Insert rows that name the same columns and whose ids nobody asks for."""
        _inserting(table).put(self._connection, rows)

    def _insert_new(self, table: sa.Table, rows: Sequence[Mapping[str, object]], key: str) -> list[str]:
        """Insert those rows whose unique ``key`` is new; returns the keys that were."""
        statement = _returning_new(self._connection.dialect.name, table, key)
        return statement.each(self._connection, _plain(rows)) if rows else []

    def _alter(self, table: sa.Table, key: int, changes: Mapping[str, object]) -> None:
        """Change the row with number ``key``."""
        self._change(_altering(table), **changes, at_key=key)

    def _upsert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        return upsert(self._connection.dialect.name, table)

    def _step(self, table: sa.Table, key: int, version: int, changes: Mapping[str, object]) -> None:
        """Change a row that still has ``version``, and count it up.

        Raises:
            Stale: if somebody else stepped meanwhile.
        """
        given = {**changes, "version": version + 1, "at_key": key, "at_version": version}
        if self._change(_stepping(table), **given) != 1:
            raise Stale


def upsert(dialect: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what happens where the row is there already."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # slow to load; who runs on SQLite does without

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


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
def _inserting(table: sa.Table) -> Prepared:
    return Prepared(sa.insert(table))


@cache
def _returning(table: sa.Table, column: str) -> Prepared:
    return Prepared(sa.insert(table).returning(table.c[column]))


@cache
def _returning_new(dialect: str, table: sa.Table, key: str) -> Prepared:
    return Prepared(upsert(dialect, table).on_conflict_do_nothing(index_elements=[key]).returning(table.c[key]))


@cache
def _altering(table: sa.Table) -> Prepared:
    return Prepared(sa.update(table).where(table.c.id == sa.bindparam("at_key")))


@cache
def _stepping(table: sa.Table) -> Prepared:
    here = (table.c.id == sa.bindparam("at_key"), table.c.version == sa.bindparam("at_version"))
    return Prepared(sa.update(table).where(*here))


def _plain(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Rows of one statement must name the same columns: what one leaves out is None there."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]
