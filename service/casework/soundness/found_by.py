"""What cases are found by, against what their facts say: noted of cases of before, and what was changed beside the program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.findable import erased_among, findable_of
from service.domain.errors import LaurelError
from service.store import Transaction, findable_text
from service.store.repositories.soundness import StoredFacts

_PAGE = 500
_AT_ONCE = 50
"""How many cases are noted in one transaction: others who write wait as long."""


def wrongly_found(desk: Desk, tx: Transaction) -> Iterator[tuple[int, str]]:
    """Yield each case that is found by something else with what it should be found by, in pages.

    Cases of before that wait to be noted are no fault; one whose package cannot be read is passed over.
    """
    after = 0
    while page := tx.soundness.facts_after(after, _PAGE):
        for row, found in _found(desk, tx, page):
            if row.findable is not None and found not in (None, row.findable):
                yield row.id, found
        after = page[-1].id


@guarded("soundness.prove")
def note_cases_of_before(desk: Desk, actor: Actor) -> int:  # noqa: ARG001  the guard reads the actor
    """Note what cases of a program before are found by, some in a transaction, beside everything else; returns how many.

    One whose package cannot be read is found by nothing.
    """
    count = 0
    while True:
        with desk.store.write() as tx:
            page = tx.soundness.unnoted(_AT_ONCE)
            for row, found in _found(desk, tx, page):
                tx.search.note_unnoted(row.id, found or findable_text([]))
        if not page:
            return count
        count += len(page)


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
