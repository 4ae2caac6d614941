"""The rows of a kind that lack the seal of this installation, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.casework.desk.desk import Desk
from service.casework.people.seals.sealed_kinds import Row, SealedKind
from service.store import Transaction


def lacking(desk: Desk, kind: Callable[[Transaction], SealedKind[Row]], most: int = 200) -> Iterator[Row]:
    """Yield them, looking at ``most`` rows in a unit of work; nothing before each row must have a seal."""
    seals, after = desk.store.seals, 0
    while True:
        with desk.store.read() as tx:
            rows = kind(tx)
            page = rows.page(after, most) if seals is not None and seals.asks_for(rows.table) else []
            found = [row for row in page if rows.lacks(row)]
        yield from found
        if not page:
            return
        after = page[-1].id
