"""An attacker with everything but the key: files, write-ahead log, history, logs, backups, and who voted when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

Marks = Sequence[bool]
"""A guess for every member in the order in which they voted: in favour or not."""


@dataclass(frozen=True)
class Loot:
    """What was taken from one ballot.

    ``order`` are roll numbers in the order they voted, ``slips`` what was published (in favour or not) in
    the order it stands, ``urns`` the urn after the opening and after every cast, as far as files kept it.
    """

    order: Sequence[int]
    slips: Sequence[bool]
    urns: Sequence[bytes]
    receipts: Sequence[str]
    sizes: Sequence[int]
    answer: Marks


def urns_in(raw: bytes, known: Sequence[bytes]) -> list[bytes]:
    """Return those versions of an urn that lie in ``raw`` (a database file, its log or a backup)."""
    return [urn for urn in known if urn in raw]


def backup(source: Path, target: Path) -> None:
    """Copy a live SQLite database as a backup does."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as two:
        one.backup(two)


def rows(path: Path) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Yield every row of every table in the order of the file."""
    with closing(sqlite3.connect(path)) as connection:
        names = [r[0] for r in connection.execute("select name from sqlite_master where type = 'table'")]
        for name in names:
            for row in connection.execute(f'select * from "{name}"'):
                yield name, row


def guesses(loot: Loot) -> Mapping[str, Marks]:
    """Return what each way of linking says about each member, in the order they voted."""
    yes = sum(loot.slips)
    by_receipt = sorted(range(len(loot.order)), key=lambda n: loot.receipts[n])
    return {
        "order": loot.slips,
        "order backwards": list(reversed(loot.slips)),
        "id": [loot.slips[number - 1] for number in loot.order],
        "receipt": [loot.slips[by_receipt.index(n)] for n in range(len(loot.order))],
        "size": _most(loot.sizes, yes),
        "change of the urn": _most([_distance(a, b) for a, b in zip(loot.urns, loot.urns[1:], strict=False)], yes),
        "place of the change": _most([_heaviest(a, b) for a, b in zip(loot.urns, loot.urns[1:], strict=False)], yes),
    }


def right(guess: Marks, answer: Marks) -> int:
    return sum(g == a for g, a in zip(guess, answer, strict=True))


def _most(figures: Sequence[int], yes: int) -> Marks:
    """Guess that the greatest figures were in favour."""
    ranked = sorted(range(len(figures)), key=lambda n: figures[n], reverse=True)[:yes]
    return [n in ranked for n in range(len(figures))]


def _distance(one: bytes, two: bytes) -> int:
    return sum((a ^ b).bit_count() for a, b in zip(one[12:-16], two[12:-16], strict=True))


def _heaviest(one: bytes, two: bytes) -> int:
    changed = [(a ^ b).bit_count() for a, b in zip(one[12:-16], two[12:-16], strict=True)]
    return changed.index(max(changed))
