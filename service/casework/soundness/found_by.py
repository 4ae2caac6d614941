"""What cases are found by, against what their facts say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.persisting import persisting
from service.casework.step.findable import erased_among, findable_of
from service.domain.errors import LaurelError
from service.store import Transaction
from service.store.repositories.proof.soundness import StoredFacts

_PAGE = 500


def wrongly_found(desk: Desk, tx: Transaction) -> Iterator[tuple[int, str]]:
    """Yield each case that is found by something else with what it should be found by, in pages.

    One whose package cannot be read is passed over.
    """
    after = 0
    while page := tx.soundness.facts_after(after, _PAGE):
        for row, found in _found(desk, tx, page):
            if found is not None and found != (row.findable or "").rstrip():  # a space follows when keys were changed
                yield row.id, found or ""
        after = page[-1].id


@guarded("soundness.prove")
def drop_unused_values(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> None:  # noqa: ARG001  the guard reads the actor
    """Drop values of facts that no case has, unless another process does so, until ``stopped``."""
    with desk.store.alone_at("found by") as alone:
        if alone:
            _drop_unused(desk, stopped)


def _drop_unused(desk: Desk, stopped: Callable[[], bool]) -> None:
    """Drop what no case has although its last case is gone: two let go of it at once, or one that took it up failed."""
    after = 0
    while not stopped():
        with desk.store.read() as tx:
            page = tx.soundness.unused_values(after, _PAGE)
        if not page:
            return
        after = page[-1]
        persisting(partial(_drop, desk, page))


def _drop(desk: Desk, value_ids: Sequence[int]) -> int:
    with desk.store.write() as tx:
        tx.search.drop_unused_values(value_ids)
    return len(value_ids)


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
