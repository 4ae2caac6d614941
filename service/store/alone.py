"""Units of work on a database in memory, which has one connection and one thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


class Alone:
    """Keeps the only connection open: taking it from a pool and handing it back costs more than a short unit of work."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """Open a unit of work, to write or to read: committed at the end, rolled back on an exception."""
        connection = self._connection or self._engine.connect()
        self._connection = connection
        with connection.begin():
            yield connection
