"""Write a whole database anew, so that its files hold nothing that was replaced."""

from __future__ import annotations

import sqlite3
from typing import Any

import sqlalchemy as sa

from service.store.errors import NotOwner
from service.store.models import metadata

_SQLITE = ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
_NO_RIGHT = "42501"
_OTHERS = sa.text("select 1 from pg_class c where c.oid = to_regclass(:name) and not pg_has_role(c.relowner, 'USAGE')")
"""Asks whether a table belongs to somebody else: VACUUM would pass it over with no more than a warning."""


def rewrite(engine: sa.Engine) -> None:
    """Rewrite every table in its own connection, outside of any transaction; needs room for a second copy.

    On PostgreSQL the account has to own the tables and needs no other right; what it knows of their values
    (statistics) is gathered anew.

    Raises:
        NotOwner: the account does not own the tables.
        sqlalchemy.exc.DBAPIError: a lock that did not come, a full disk.
    """
    if engine.dialect.name == "sqlite":
        _sqlite(engine)
    else:
        _postgresql(engine)


def _sqlite(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        for statement in _SQLITE:
            try:
                driver.execute(statement).fetchall()
            except sqlite3.Error as error:
                raise sa.exc.OperationalError(statement, None, error) from error


def _postgresql(engine: sa.Engine) -> None:
    from service.store.connections.postgresql import let_run  # who runs on SQLite does without the driver

    names = [table.name for table in metadata.sorted_tables]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            if any(connection.scalar(_OTHERS, {"name": name}) for name in names):
                raise NotOwner
            let_run(connection)
            connection.exec_driver_sql("SET statement_timeout = 0")
            listed = ", ".join(engine.dialect.identifier_preparer.quote(name) for name in names)
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {listed}")
        except sa.exc.ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) == _NO_RIGHT:
                raise NotOwner from error
            raise
        finally:
            connection.invalidate()  # its settings go with it, and the pool opens another
