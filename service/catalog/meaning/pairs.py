"""Pairing what means the same on two sides, by what it says, the most telling first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

Item = TypeVar("Item")
Telling = Callable[[Item], Hashable | None]
"""What an item says; None where it says nothing by which it could be known."""


class Pairs:
    """Names of the right side with those of the left that mean the same."""

    def __init__(self) -> None:
        self.left_of: dict[str, str] = {}
        self._taken: set[str] = set()

    def add(self, left: str, right: str) -> None:
        """Note that both mean the same."""
        self.left_of[right] = left
        self._taken.add(left)

    def open(self, left: Iterable[str], right: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return what has no counterpart yet, on both sides."""
        return [i for i in left if i not in self._taken], [i for i in right if i not in self.left_of]

    def pair(self, left: Mapping[str, Item], right: Mapping[str, Item], said: Telling[Item], *, twins: bool) -> bool:
        """Pair the open ones that say the same; ``twins``: several that say the same are paired in their order.

        Returns whether any were.
        """
        ours, theirs = self.open(left, right)
        by_left, by_right = _grouped(ours, left, said), _grouped(theirs, right, said)
        before = len(self.left_of)
        for telling, found in by_left.items():
            there = by_right.get(telling, [])
            if len(found) == len(there) == 1 or (twins and len(found) == len(there)):
                for one, other in zip(found, there, strict=True):
                    self.add(one, other)
        return len(self.left_of) > before


def _grouped(ids: Iterable[str], items: Mapping[str, Item], said: Telling[Item]) -> dict[Hashable, list[str]]:
    found: dict[Hashable, list[str]] = {}
    for ident in ids:
        telling = said(items[ident])
        if telling is not None:
            found.setdefault(telling, []).append(ident)
    return found


def renaming(pairs: Mapping[str, str], right: Iterable[str], left: Iterable[str]) -> dict[str, str]:
    """Return new names for the right side: that of its counterpart, and none that the left side has for something else."""
    taken = {*left} | {*pairs.values()}
    found = {ident: name for ident, name in pairs.items() if ident != name}
    for ident in right:
        if ident not in pairs and ident in taken:
            found[ident] = f"{ident}_"
    assert not [name for name, count in Counter(pairs.values()).items() if count > 1]
    return found
