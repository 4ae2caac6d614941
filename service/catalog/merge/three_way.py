"""Merge by record: what one side changed is taken; what both changed differently is to be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from service.catalog.merge.order import merged_order
from service.catalog.merge.records import DRAWN, Key, Record, Records, dependents


class Side(Enum):
    """The two changes of one file: ours is what is being saved, theirs what was saved meanwhile."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class RecordClash:
    """A record that both sides changed differently; None where it is not there.

    ``because`` is what one side changed or added although the other removed what it needs; ``order`` tells that only
    the order of the parts differs.
    """

    key: Key
    base: Record | None
    ours: Record | None
    theirs: Record | None
    because: Key | None = None
    order: bool = False


Choices: TypeAlias = Mapping[Key, Side]
"""Which side's record is taken, by the key of its clash."""


def merge_records(
    base: Records, ours: Records, theirs: Records, chosen: Choices
) -> tuple[Records, tuple[RecordClash, ...]]:
    """Return the merged records, and what is still to be chosen; until then our side stands there."""
    merge = _Merge(base, ours, theirs, chosen)
    merge.settle(merge.take())
    while loose := list(merge.loose()):
        merge.settle(loose)
    order = merge.orders()
    return Records(merge.found, order), tuple(merge.clashes.values())


class _Merge:
    """The records found so far, and the clashes."""

    def __init__(self, base: Records, ours: Records, theirs: Records, chosen: Choices) -> None:
        self._base, self._ours, self._theirs, self._chosen = base, ours, theirs, chosen
        self._settled: set[Key] = set()
        self.found: dict[Key, Record] = {}
        self.clashes: dict[Key, RecordClash] = {}

    def take(self) -> list[Key]:
        """Take what one side changed; return what one side removed and the other changed."""
        torn: list[Key] = []
        for key in dict.fromkeys((*self._ours.items, *self._theirs.items)):
            before, one, other = self._three(key)
            if one == other or other == before:
                taken = one
            elif one == before:
                taken = other
            elif one is None or other is None:
                taken = one or other
                torn.append(key)
            else:
                taken = self._choose(RecordClash(key, before, one, other), one, other)
            if taken is not None:
                self.found[key] = taken
        return [key for key in torn if key[0] != DRAWN]

    def loose(self) -> Iterable[Key]:
        """Yield what stands there without something it needs, which one side still has."""
        for key, record in list(self.found.items()):
            gone = [need for need in record.needs if need not in self.found and self._known(need)]
            if gone and key[0] == DRAWN:
                del self.found[key]
            elif gone:
                yield key

    def settle(self, keys: Iterable[Key]) -> None:
        """Keep or remove, as chosen, what one side removed although the other changed it or uses it."""
        for key in keys:
            gone = self._outermost(key)
            if gone in self._settled:
                self._remove(key)
                continue
            self._settled.add(gone)
            if gone not in self._chosen:
                self.clashes[gone] = RecordClash(gone, *self._three(gone), because=key if key != gone else None)
            keeper, side = (Side.OURS, self._ours) if gone in self._ours.items else (Side.THEIRS, self._theirs)
            if self._chosen.get(gone, Side.OURS) is keeper:
                for kept in dependents(side.items, gone):
                    self.found.setdefault(kept, side.items[kept])
            else:
                self._remove(gone)

    def orders(self) -> dict[Key, tuple[Key, ...]]:
        """Return the order of the parts of every record."""
        orders: dict[Key, tuple[Key, ...]] = {}
        for key, record in self.found.items():
            first, second = merged_order(*(side.order.get(key, ()) for side in (self._base, self._ours, self._theirs)))
            place = ("order", *key)
            if record.ranked and first != second and place not in self._chosen:
                self.clashes[place] = RecordClash(place, *self._three(key), order=True)
            orders[key] = second if self._chosen.get(place) is Side.THEIRS else first
        return orders

    def _three(self, key: Key) -> tuple[Record | None, Record | None, Record | None]:
        return self._base.items.get(key), self._ours.items.get(key), self._theirs.items.get(key)

    def _choose(self, clash: RecordClash, one: Record, other: Record) -> Record:
        if clash.key not in self._chosen:
            self.clashes[clash.key] = clash
        return other if self._chosen.get(clash.key) is Side.THEIRS else one

    def _known(self, key: Key) -> bool:
        return key in self._ours.items or key in self._theirs.items

    def _outermost(self, key: Key) -> Key:
        """Return what one side removed so that ``key`` hangs in the air: the outermost of what it needs."""
        for side in (self._ours, self._theirs):
            record = side.items.get(key)
            for need in record.needs if record else ():
                if (need in self._ours.items) != (need in self._theirs.items) and need in self._base.items:
                    return self._outermost(need)
        return key

    def _remove(self, key: Key) -> None:
        for user in list(dependents(self.found, key)):
            self.found.pop(user, None)
