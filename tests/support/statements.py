"""What a store sends to its database meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from service.store import Store


@contextmanager
def statements_of(store: Store) -> Iterator[list[tuple[str, object]]]:
    """Collect every SQL statement sent within the block, with its parameters."""
    seen: list[tuple[str, object]] = []

    def note(_conn: object, _cursor: object, sql: str, params: object, _context: object, _many: bool) -> None:
        seen.append((sql, params))

    engines = {store._engine, store._reader}
    for engine in engines:
        sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            sa.event.remove(engine, "before_cursor_execute", note)
