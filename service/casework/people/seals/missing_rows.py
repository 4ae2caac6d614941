"""Rows that somebody deleted: how many there should be is counted under seal, and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.casework.desk.desk import Desk
from service.casework.people.choice_seals import Late
from service.domain.proof.row_mark import RowMark
from service.store.rows.row_counts import row_count
from service.store.seals.counted_rows import BESIDE, COUNTED, HELD, LETTERS, PARTIES, CountedRows, Fewer

_LOOKS = 3


def count_rows(desk: Desk, stopped: Callable[[], bool], late: Late, *, again: bool = False) -> int:
    """Count what owners have, of whom another number, or none, was counted; returns how many owners there were.

    Those of whom more was counted than is there are counted ``again`` alone, but for what an older program beside this one
    deletes, too: who takes part no longer, letters of a registration that is erased, who passed an award on.
    """
    count, seals = 0, desk.store.seals
    for of in COUNTED.values():
        if stopped() or seals is None:
            break
        if seals.asks_for(of.begun) and not again:
            continue
        with desk.store.write() as tx:
            owners = tx.row_counts.recount(of, fewer_too=again or of in (PARTIES, LETTERS, HELD, BESIDE))
            if owners:
                late(tx, f"row_count {of.name}", owners)
        count += len(owners)
    return count


def missing_rows(desk: Desk, *, daily: bool) -> Iterator[RowMark]:
    """Name the tables, owners and counts of which a row is missing, in words; ``daily`` those with too many to look at often."""
    seals = desk.store.seals
    for of in COUNTED.values() if seals is not None and seals.asks_for(row_count.name) else ():
        if of.daily is daily:
            with desk.store.read() as tx:
                found = tx.row_counts.lacking(of)
            again = (still_missing(desk, of, of.as_stored(one.owner)) for one in found)
            yield from (one.words for one in again if one is not None)


def still_missing(desk: Desk, of: CountedRows, owner: object) -> Fewer | None:
    """Return what is missing of the rows of an owner, None where nothing is.

    A unit of work that reads sees the count of when it began: who counts further meanwhile takes the seal of that back. So
    what seems to be missing is looked at in units of work of their own.
    """
    gone = None
    for _ in range(_LOOKS):
        with desk.store.read() as tx:
            gone = tx.row_counts.missing_of(of, owner)
        if gone is None:
            return None
    return gone
