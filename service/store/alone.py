"""Units of work on a database in memory, which has one connection and one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa


class Alone:
    """Keeps the only connection open and tells its driver where a unit of work begins and ends.

    Taking it from a pool, beginning, and handing it back cost more than a short unit of work itself.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a unit of work, to write or to read: committed at the end, rolled back on an exception."""
        if self._connection is None:
            self._connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        driver: Any = self._connection.connection.driver_connection
        driver.execute("BEGIN")
        try:
            yield self._connection
        except BaseException:
            driver.rollback()
            raise
        driver.commit()
