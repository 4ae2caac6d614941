"""SQLite as SQLAlchemy knows it, with transactions that begin as this program wants them to.

SQLAlchemy leaves the beginning to Python's driver, which begins at the first change only. An event would do as well, but
an engine that anybody listens to looks for listeners around every statement.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import FromClause, PoolProxiedConnection
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

DRIVER = "sqlite+laurel"
"""Names this dialect in an address."""


class SQLiteStatements(SQLiteCompiler):
    """Writes which index a table is to be read by where a statement says so, which SQLAlchemy leaves out for SQLite."""

    def get_from_hint_text(self, table: FromClause, text: str | None) -> str | None:  # noqa: ARG002  SQLAlchemy's signature
        """Return what stands behind the name of the table."""
        return text


class SQLiteDialect(SQLiteDialect_pysqlite):
    """Begins every transaction by the words of ``begins``; the driver must not begin any by itself."""

    supports_statement_cache = True
    statement_compiler = SQLiteStatements

    def __init__(self, begins: str = "BEGIN", **options: Any) -> None:
        super().__init__(**options)
        self._begins = begins

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        """Begin."""
        driver: Any = dbapi_connection.driver_connection
        driver.execute(self._begins)


registry.register("sqlite.laurel", __name__, SQLiteDialect.__name__)
