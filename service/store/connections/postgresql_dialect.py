"""PostgreSQL as SQLAlchemy knows it by psycopg, over connections that notice when nobody answers."""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from service.store.silent_server import ServerLine, WatchedConnection

DRIVER = "postgresql+laurel"
"""Names this dialect in an address."""

FRESH = 1.0
"""Seconds since its last use for which a connection that says nothing is taken to be one that answers."""


class PostgreSQLDialect(PGDialect_psycopg):
    """Connects by one `ServerLine`, and asks a connection of the pool whether it answers only where this may be new."""

    supports_statement_cache = True

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._line = ServerLine()

    def connect(self, *words: Any, **options: Any) -> Any:
        """Return a connection; raises ServerSilent where nobody answers."""
        return self._line.connect(*words, **options)

    def do_ping(self, dbapi_connection: Any) -> bool:
        """Return True where the server answers, which one that was used a moment ago does unless it says goodbye.

        Raises:
            psycopg.OperationalError: where it does not.
        """
        connection: WatchedConnection = dbapi_connection
        connection.unlimited = False  # it may have been for the unit of work before
        now = time.monotonic()
        fresh, connection.used_at = now - connection.used_at < FRESH, now
        if fresh and not _says_something(connection):
            return True
        return bool(super().do_ping(dbapi_connection))  # type: ignore[no-untyped-call]


def _says_something(connection: WatchedConnection) -> bool:
    """Return whether a word of the server waits to be read: a server that ends its connections tells them first."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


registry.register("postgresql.laurel", __name__, PostgreSQLDialect.__name__)
