"""What repositories share: reading rows into values, inserting, and version checks.

Putting a statement together costs more than running it. What is asked in every step is therefore
put together once, when the module is loaded, with named parameters (see `one`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.store.errors import Stale

Row = TypeVar("Row")


class Repository:
    """Statements over one connection, whose transaction belongs to the unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _all(self, kind: type[Row], statement: sa.Executable, **given: object) -> list[Row]:
        return [kind(*row) for row in self._connection.execute(statement, given)]

    def _first(self, kind: type[Row], statement: sa.Executable, **given: object) -> Row | None:
        row = self._connection.execute(statement, given).first()
        return None if row is None else kind(*row)

    def _scalar(self, statement: sa.Executable, **given: object) -> Any:
        return self._connection.execute(statement, given).scalar()

    def _change(self, statement: sa.Executable, **given: object) -> int:
        """Execute and return how many rows changed."""
        return self._connection.execute(statement, given).rowcount

    def _insert(self, table: sa.Table, columns: Mapping[str, object]) -> int:
        return int(self._connection.execute(_returning(table, "id"), dict(columns)).scalar_one())

    def _insert_many(self, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert in one statement; returns the ids in the order of ``rows``."""
        if len(rows) < 2:
            return [self._insert(table, row) for row in rows]
        # RETURNING promises no order, but ids grow in the order of VALUES on both databases.
        return sorted(row.id for row in self._connection.execute(_returning(table, "id"), _plain(rows)))

    def _insert_new(self, table: sa.Table, rows: Sequence[Mapping[str, object]], key: str) -> list[str]:
        """Insert in one statement those rows whose unique ``key`` is new; returns the keys that were."""
        if not rows:
            return []
        statement = _returning_new(self._connection.dialect.name, table, key)
        given = _plain(rows) if len(rows) > 1 else dict(rows[0])
        return [row[0] for row in self._connection.execute(statement, given)]

    def _upsert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        if self._connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)

    def _step(self, table: sa.Table, key: int, version: int, changes: Mapping[str, object]) -> None:
        """Change a row that still has ``version``, and count it up.

        Raises:
            Stale: if somebody else stepped meanwhile.
        """
        given = {**changes, "version": version + 1, "at_key": key, "at_version": version}
        if self._change(_stepping(table), **given) != 1:
            raise Stale


def one(table: sa.Table, *columns: str) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for the rows whose ``columns`` have the values given under these names."""
    return sa.select(table).where(*(table.c[name] == sa.bindparam(name) for name in columns))


def word(value: str) -> sa.ColumnElement[str]:
    """Return ``value`` written into the SQL itself, so that a partial index can be seen to apply."""
    if value.isascii() and value.isidentifier():
        return sa.literal_column(f"'{value}'", sa.String)
    return sa.literal(value, literal_execute=True)


@cache
def _returning(table: sa.Table, column: str) -> sa.Executable:
    return sa.insert(table).returning(table.c[column])


@cache
def _returning_new(dialect: str, table: sa.Table, key: str) -> sa.Executable:
    new = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    return new.on_conflict_do_nothing(index_elements=[key]).returning(table.c[key])


@cache
def _stepping(table: sa.Table) -> sa.Executable:
    return sa.update(table).where(table.c.id == sa.bindparam("at_key"), table.c.version == sa.bindparam("at_version"))


def _plain(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Rows of one statement must name the same columns: what one leaves out is None there."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]
