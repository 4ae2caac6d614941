"""What repositories share: reading rows into values, inserting, and version checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from service.store.errors import Stale

Row = TypeVar("Row")


class Repository:
    """Statements over one connection, whose transaction belongs to the unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _all(self, kind: type[Row], statement: sa.Executable) -> list[Row]:
        return [kind(*row) for row in self._connection.execute(statement)]

    def _first(self, kind: type[Row], statement: sa.Executable) -> Row | None:
        row = self._connection.execute(statement).first()
        return None if row is None else kind(*row)

    def _scalar(self, statement: sa.Executable) -> Any:
        return self._connection.execute(statement).scalar()

    def _change(self, statement: sa.Executable) -> int:
        """Execute and return how many rows changed."""
        return self._connection.execute(statement).rowcount

    def _insert(self, table: sa.Table, columns: Mapping[str, object]) -> int:
        return int(self._connection.execute(sa.insert(table).values(columns).returning(table.c.id)).scalar_one())

    def _insert_many(self, table: sa.Table, rows: Sequence[Mapping[str, object]]) -> list[int]:
        """Insert in one statement; returns the ids in the order of ``rows``."""
        if not rows:
            return []
        statement = sa.insert(table).returning(table.c.id)
        # RETURNING promises no order, but ids grow in the order of VALUES on both databases.
        return sorted(row.id for row in self._connection.execute(statement, _plain(rows)))

    def _insert_new(self, table: sa.Table, rows: Sequence[Mapping[str, object]], key: str) -> list[str]:
        """Insert in one statement those rows whose unique ``key`` is new; returns the keys that were."""
        if not rows:
            return []
        statement = self._upsert(table).on_conflict_do_nothing(index_elements=[key]).returning(table.c[key])
        return [row[0] for row in self._connection.execute(statement, _plain(rows))]

    def _upsert(self, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
        if self._connection.dialect.name == "postgresql":
            return postgresql.insert(table)
        return sqlite.insert(table)

    def _step(self, table: sa.Table, key: int, version: int, changes: Mapping[str, object]) -> None:
        """Change a row that still has ``version``, and count it up.

        Raises:
            Stale: if somebody else stepped meanwhile.
        """
        statement = (
            sa.update(table)
            .where(table.c.id == key, table.c.version == version)
            .values({**changes, "version": version + 1})
        )
        if self._change(statement) != 1:
            raise Stale


def word(value: str) -> sa.ColumnElement[str]:
    """Return ``value`` written into the SQL itself, so that a partial index can be seen to apply."""
    return sa.literal(value, literal_execute=True)


def _plain(rows: Sequence[Mapping[str, object]]) -> list[dict[str, Any]]:
    """Rows of one statement must name the same columns: what one leaves out is None there."""
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]
