"""Every chain of hashes: of cases, of packages and their settings, and of acts."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.access.book.kinds import ActKind
from service.casework.definitions.package_events import first_wrong_event
from service.casework.desk.city_settings import first_broken_setting
from service.casework.desk.desk import Desk
from service.store import Transaction

_AT_ONCE = 200


def broken_chains(desk: Desk) -> Iterator[tuple[str, int | None]]:
    """Yield the name of each chain with the number of its first event that does not hold, None where all hold.

    A case that seems wrong is looked at once more while nobody may move it.
    """
    with desk.store.read() as tx:
        found = [*_beside_cases(tx)]
    yield from found
    page = [0]
    while page:
        with desk.store.read() as tx:
            page = tx.cases.numbers_after(page[-1], _AT_ONCE)
            suspects = {case for case in page if tx.history.verify(case) is not None}
        for case in page:
            yield f"case {case}", _held_still(desk, case) if case in suspects else None


def _held_still(desk: Desk, case_id: int) -> int | None:
    with desk.store.write() as tx:
        tx.cases.lock(case_id)
        return tx.history.verify(case_id)


def _beside_cases(tx: Transaction) -> Iterator[tuple[str, int | None]]:
    for package in tx.package_events.packages():
        yield f"package {package}", first_wrong_event(tx, package)
    for package in tx.settings.packages():
        yield f"setting {package}", first_broken_setting(tx.settings.of_package(package))
    begun = {head.chain for head in tx.acts.heads()}
    for kind in ActKind:
        first = tx.acts.verify(kind.chain)
        if first is not None or kind.chain in begun:
            yield f"book {kind.chain}", first
