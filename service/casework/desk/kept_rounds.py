"""What was made of the applications of a round, kept from one question to the next: only what moved is made anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeVar, cast

_MOST = 24
"""So many rounds are kept; the one that nobody asked for longest goes first."""

Made = TypeVar("Made")
Whole = TypeVar("Whole")


@dataclass(frozen=True, slots=True)
class _Kept:
    """What was made of each case of a round and of all together, and in which state (`stamps`) each case was then."""

    told: str
    stamps: Mapping[int, str]
    made: Mapping[int, Any]
    whole: Any


@dataclass(slots=True)
class KeptRounds:
    """Keeps what was made of cases beside the stamp each had: whoever reads other stamps makes those cases anew.

    Nothing of it is believed without the stamps that the database tells within the same unit of work.
    """

    _rounds: OrderedDict[Hashable, _Kept] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def current(
        self,
        key: Hashable,
        told: str,
        make: Callable[[Collection[int]], Mapping[int, Made]],
        together: Callable[[Mapping[int, Made]], Whole],
        lasts: Callable[[Made], bool] = lambda _: True,
    ) -> Whole:
        """Return what ``together`` makes of what ``make`` made of each case of the round ``key``, by id.

        ``make`` is handed the ids of those that moved, and of those of which it made what does not last.
        ``told`` are the cases as ``id:stamp`` parted by commas, in any order.
        """
        with self._lock:
            before = self._rounds.get(key)
        if before is not None and told == before.told:
            return cast("Whole", before.whole)
        stamps = {int(ident): stamp for ident, _, stamp in (one.partition(":") for one in told.split(",") if one)}
        known, old = (before.stamps, before.made) if before is not None else ({}, {})
        moved = [ident for ident, stamp in stamps.items() if known.get(ident) != stamp]
        fresh = make(moved) if moved else {}
        made = {ident: fresh[ident] if ident in fresh else old[ident] for ident in sorted(stamps)}
        passing = {ident for ident, one in fresh.items() if not lasts(one)}
        whole = together(made)
        stays = {ident: stamp for ident, stamp in stamps.items() if ident not in passing}
        with self._lock:
            self._rounds[key] = _Kept("" if passing else told, stays, made, whole)
            self._rounds.move_to_end(key)
            while len(self._rounds) > _MOST:
                self._rounds.popitem(last=False)
        return whole
