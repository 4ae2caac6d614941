"""What cases are found by, against what their facts say: noted of cases of before, and what was changed beside the program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.persisting import persisting
from service.casework.step.findable import erased_among, findable_of
from service.domain.errors import LaurelError
from service.store import Transaction, findable_text
from service.store.repositories.proof.soundness import StoredFacts

_PAGE = 500
_AT_ONCE = 10
"""How many cases are noted in one transaction: others who write wait as long."""


def wrongly_found(desk: Desk, tx: Transaction) -> Iterator[tuple[int, str]]:
    """Yield each case that is found by something else with what it should be found by, in pages.

    Cases of before that wait to be noted are no fault; one whose package cannot be read is passed over.
    """
    after = 0
    while page := tx.soundness.facts_after(after, _PAGE):
        for row, found in _found(desk, tx, page):
            if _is_other(row, found):
                yield row.id, found or ""
        after = page[-1].id


@guarded("soundness.prove")
def keep_findable(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> None:
    """Note what is still to note and drop values that no case has, unless another process does so, until ``stopped``."""
    with desk.store.alone_at("found by") as alone:
        if alone:
            note_cases_of_before(desk, actor, stopped)
            _drop_unused(desk, stopped)


@guarded("soundness.prove")
def note_cases_of_before(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> int:  # noqa: ARG001  the guard reads the actor
    """Note what cases of a program before are found by, some in a transaction, beside everything else; returns how many.

    One whose package cannot be read is found by nothing. One that somebody moves just now is left to the next time.

    Raises:
        Busy: if the database was busy again and again.
    """
    count = 0
    while not stopped() and (noted := persisting(lambda: _note_some(desk))):
        count += noted
    return count


@guarded("soundness.prove")
def note_in_new_words(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> bool:  # noqa: ARG001  the guard reads the actor
    """Note anew what a program of before noted in other words, beside everything else; returns whether nothing is left.

    The English words of values and stages come with the program and not with the version of a package. What a step notes
    meanwhile stays. Whoever was ``stopped``, or finds another process at it, has left something.
    """
    with desk.store.alone_at("found by") as alone:
        after, left = 0, True
        while alone and left and not stopped():
            last = persisting(partial(_note_page_anew, desk, after))
            after, left = last, last > 0
        return alone and not left


def _note_page_anew(desk: Desk, after: int) -> int:
    """Note a page of cases above number ``after`` anew where they are otherwise; returns the last, 0 at the end."""
    with desk.store.read() as tx:
        page = tx.soundness.facts_after(after, _AT_ONCE)
        other = [(row, found) for row, found in _found(desk, tx, page) if _is_other(row, found)]
    if other:
        with desk.store.write() as tx:
            for row, found in other:
                tx.search.note_anew(row.id, row.findable or "", found or "")
    return page[-1].id if page else 0


def _is_other(row: StoredFacts, found: str | None) -> bool:
    return row.findable is not None and found not in (None, row.findable.rstrip())


def _note_some(desk: Desk) -> int:
    with desk.store.write() as tx:
        page = tx.soundness.unnoted(_AT_ONCE)
        for row, found in _found(desk, tx, page):
            tx.search.note_unnoted(row.id, found or findable_text([]))
    return len(page)


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
