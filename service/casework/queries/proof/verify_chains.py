"""Verify every chain of hashes of an installation: cases, drafts and versions of packages, settings, the book of acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.book.kinds import ActKind
from service.casework.access.guards import guarded
from service.casework.definitions.package_events import first_wrong_event
from service.casework.desk.city_settings import first_broken_setting
from service.casework.desk.desk import Desk
from service.casework.records.foreign import foreign_words
from service.domain.text import Text
from service.store import Transaction

_CASES_AT_ONCE = 200
_BROKEN = Text("起有改动或缺失", "changed or missing from there on")

Seen = Callable[[int], None]


def _unseen(_entries: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class ChainReport:
    """``count`` chains were verified; ``broken`` names those that do not hold, each with its first wrong event."""

    count: int
    broken: tuple[str, ...]
    wrong: tuple[Text, ...] = ()
    """What is wrong with each of them, in the same order."""


@guarded("work.run")
def verify_chains(desk: Desk, actor: Actor, seen: Seen = _unseen) -> ChainReport:  # noqa: ARG001  the guard looks at the actor
    """Recompute every hash of every chain; a chain is named ``case 12: 3``, ``package city/award: 3``, ``setting …``.

    ``seen`` is told, page by page, how many entries of the book and histories of cases were looked at since.
    """
    count, broken = 0, list[tuple[str, int]]()
    with desk.store.read() as tx:
        for name, first in other_chains(tx, seen):
            count += 1
            broken += [(name, first)] if first is not None else []
    page = [0]
    while page:
        with desk.store.read() as tx:
            page = tx.cases.numbers_after(page[-1], _CASES_AT_ONCE)
            found = [(case, tx.history.verify(case)) for case in page]
        count += len(page)
        seen(len(page))
        broken += [(f"case {case}", first) for case, first in found if first is not None]
    with desk.store.read() as tx:
        wrong = tuple(foreign_words(tx, name, first) or _BROKEN for name, first in broken)
    return ChainReport(count, tuple(f"{name}: {first}" for name, first in broken), wrong)


def other_chains(tx: Transaction, seen: Seen = _unseen) -> Iterator[tuple[str, int | None]]:
    """Yield the name of each chain that is none of a case, with its first wrong event."""
    for package in tx.package_events.packages():
        yield f"package {package}", first_wrong_event(tx, package)
    for package in tx.settings.packages():
        yield f"setting {package}", first_broken_setting(tx.settings.of_package(package))
    begun = {head.chain for head in tx.acts.heads()}
    for kind in ActKind:
        first = tx.acts.verify(kind.chain, seen)
        if first is not None or kind.chain in begun:
            yield f"book {kind.chain}", first
