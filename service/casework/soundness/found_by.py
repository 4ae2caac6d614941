"""Cases that are not found by what their facts say: those of a program before, and what was changed beside the program."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.step.findable import erased_among, findable_of
from service.domain.errors import LaurelError
from service.store import Transaction

_PAGE = 500


def wrongly_found(desk: Desk, tx: Transaction) -> Iterator[tuple[int, str]]:
    """Yield each such case with what it should be found by, in pages; one whose package cannot be read is passed over."""
    after = 0
    while page := tx.soundness.facts_after(after, _PAGE):
        erased = erased_among(tx, [row.id for row in page])
        for row in page:
            try:
                package = desk.packages.get(row.definition, tx)
            except LaurelError:  # told of where versions are looked at
                continue
            found = findable_of(package, {} if row.id in erased else row.facts)
            if found != row.findable:
                yield row.id, found
        after = page[-1].id
