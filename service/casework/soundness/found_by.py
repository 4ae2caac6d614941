"""What cases are found by, against what their facts say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.casework.desk.desk import Desk
from service.casework.step.findable import erased_among, findable_of
from service.domain.errors import LaurelError
from service.store import Transaction
from service.store.queries.soundness import StoredFacts

_PAGE = 500


def wrongly_found(desk: Desk, tx: Transaction) -> Iterator[tuple[int, str]]:
    """Yield each case that is found by something else with what it should be found by, in pages.

    One whose package cannot be read is passed over.
    """
    after = 0
    while page := tx.soundness.facts_after(after, _PAGE):
        for row, found in _found(desk, tx, page):
            if found is not None and found != row.findable:
                yield row.id, found or ""
        after = page[-1].id


def _found(desk: Desk, tx: Transaction, rows: Sequence[StoredFacts]) -> Iterator[tuple[StoredFacts, str | None]]:
    """Yield each case with what it should be found by, None where its package cannot be read."""
    erased = erased_among(tx, [row.id for row in rows])
    for row in rows:
        try:
            package = desk.packages.get(row.definition, tx)
        except LaurelError:  # told of where versions are looked at
            yield row, None
            continue
        yield row, findable_of(package, {} if row.id in erased else row.facts)
