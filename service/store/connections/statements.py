"""Statements that are executed as they are, and those that every table has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


Found = tuple[tuple[str, ...], Sequence[Sequence[Any]]]
"""The names of the columns, and the rows."""


def execute_and_fetch(connection: sa.Connection, statement: sa.Executable, parameters: Mapping[str, object]) -> Found:
    """Execute and return what was found."""
    result = connection.execute(statement, parameters)
    return tuple(result.keys()), result.all()


@cache
def build_insert(table: sa.Table) -> sa.Insert:
    """Return the statement that adds a row and tells nothing of it."""
    return sa.insert(table).inline()  # else PostgreSQL is asked for the new id


@cache
def build_returning_insert(table: sa.Table) -> sa.Executable:
    """Return the statement that adds a row and tells its number."""
    return sa.insert(table).returning(table.c.id)


@cache
def build_update(table: sa.Table) -> sa.Update:
    """Return the statement that changes the row with the number ``at_key``."""
    return sa.update(table).where(table.c.id == sa.bindparam("at_key"))


@cache
def build_versioned_update(table: sa.Table) -> sa.Update:
    """Return the statement that changes the row with the number ``at_key`` where it still has ``at_version``."""
    conditions = (table.c.id == sa.bindparam("at_key"), table.c.version == sa.bindparam("at_version"))
    return sa.update(table).where(*conditions)


def build_upsert(dialect: str, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert that can say what happens where the row is there already."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # slow to load; who runs on SQLite does without

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


@cache
def unless_there(dialect: str, table: sa.Table) -> sa.Executable:
    """Return the statement that adds a row unless it breaks a rule of uniqueness."""
    return build_upsert(dialect, table).on_conflict_do_nothing()
