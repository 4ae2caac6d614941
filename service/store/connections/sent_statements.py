"""The statements that are sent meanwhile, for tests of cost."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import sqlalchemy as sa


@contextmanager
def sent_statements(engines: Collection[sa.Engine]) -> Iterator[list[tuple[str, object]]]:
    """Collect every SQL statement with its parameters; while somebody listens, SQLAlchemy sends all of them itself."""
    seen: list[tuple[str, object]] = []

    def note(_conn: object, _cursor: object, sql: str, params: object, _context: object, _many: bool) -> None:
        seen.append((sql, params))

    heard = {engine: engine._has_events for engine in engines}
    for engine in heard:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine, before in heard.items():
            sa.event.remove(engine, "before_cursor_execute", note)
            engine._has_events = before  # SQLAlchemy goes on looking for listeners that are gone
