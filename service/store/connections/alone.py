"""Units of work on a database in memory, which has one connection and one thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

import sqlalchemy as sa

from service.store.rows import metadata

_MADE: list[sa.Connection] = []
"""An empty database with all tables, made on first use."""


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    return cast(sqlite3.Connection, connection.connection.driver_connection)


class Alone:
    """Keeps the only connection open and tells its driver where a unit of work begins and ends.

    Taking it from a pool, beginning, and handing it back cost more than a short unit of work itself.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None

    @property
    def connection(self) -> sa.Connection:
        """The database itself: it is gone when this is closed."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        return self._connection

    def close(self) -> None:
        """Let the database go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def copy_tables(self) -> None:
        """Make all tables: page by page, which takes a fiftieth of making each anew."""
        if not _MADE:
            template = self._engine.connect()
            metadata.create_all(template, checkfirst=False)
            template.commit()
            _MADE.append(template)
        _driver(_MADE[0]).backup(_driver(self.connection))

    def picture(self) -> bytes:
        """Return the whole database as it is now, between two units of work."""
        return _driver(self.connection).serialize()

    def put_back(self, picture: bytes) -> None:
        """Let the database be what it was when ``picture`` was taken."""
        _driver(self.connection).deserialize(picture)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a unit of work, to write or to read: committed at the end, rolled back on an exception."""
        driver = _driver(self.connection)
        driver.execute("BEGIN")
        try:
            yield self.connection
        except BaseException:
            driver.rollback()
            raise
        driver.commit()
