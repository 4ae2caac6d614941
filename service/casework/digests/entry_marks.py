"""Marks of chains: entries of a program before, and of an old backup, have no MAC; each chain is marked up to where it stood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from service.casework.access.actor import Actor
from service.casework.access.book.enter import enter_kept
from service.casework.access.book.kinds import ActKind
from service.casework.desk.desk import Desk
from service.store import ChainEntry, Transaction

_CASES_AT_ONCE = 50
_ENTRIES_AT_ONCE = 5_000
_TOLD = 200

Told = Callable[[Transaction, Sequence[ChainEntry]], None]


def mark_chains(desk: Desk, stopped: Callable[[], bool], told: Told, *, any_key: bool) -> int:
    """Mark each chain up to its last entry without a MAC above the mark that it has; returns how many entries those are.

    ``any_key``: up to its last one whose MAC is not of today's key, too. ``told`` is told of them in the unit of work that
    marks. Nothing is compared here: what was changed in a chain is found when it is verified.
    """
    count = 0
    for page in _pages(desk):
        if stopped():
            break
        with desk.store.read() as tx:
            lacking = _lacking(tx, page, any_key=any_key)
        if lacking:
            with desk.store.write() as tx:
                for _, each in groupby(lacking, lambda entry: entry.chain):
                    tx.entries.mark([*each][-1])
                told(tx, lacking)
        count += len(lacking)
    return count


def tell_marked(desk: Desk, by: Actor, about: str) -> Told:
    """Return what enters in the book which entries were marked."""

    def told(tx: Transaction, entries: Sequence[ChainEntry]) -> None:
        named = [f"{entry.chain}: {entry.seq}" for entry in entries[:_TOLD]]
        enter_kept(tx, desk.clock.now(), by, about, {"after": {"count": len(entries), "entries": named}})

    return told


def _lacking(tx: Transaction, entries: Collection[ChainEntry], *, any_key: bool) -> list[ChainEntry]:
    without = [entry for entry in entries if (tx.entries.lacks_mac(entry) if any_key else not entry.mac)]
    marks = tx.entries.marks({entry.chain for entry in without})
    return [entry for entry in without if entry.chain not in marks or marks[entry.chain].seq < entry.seq]


def _pages(desk: Desk) -> Iterator[list[ChainEntry]]:
    """Yield the entries of all chains, those of a case together."""
    cases = [0]
    while True:
        with desk.store.read() as tx:
            cases = tx.cases.numbers_after(cases[-1], _CASES_AT_ONCE)
            page = tx.entries.of_cases(cases)
        if not cases:
            break
        yield page
    with desk.store.read() as tx:
        others = [f"package {name}" for name in tx.package_events.packages()]
    for chain in (*(f"book {kind.chain}" for kind in ActKind), *others):
        after = 0
        while True:
            with desk.store.read() as tx:
                page = tx.entries.of_chain(chain, after, _ENTRIES_AT_ONCE)
            if not page:
                break
            yield page
            after = page[-1].seq
