"""Fill places from a ranking: tiers from the highest down, limits per group, ties that a person decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from service.domain.values.exact_number import exact_number

Key = tuple[tuple[int, object], ...]
"""What a row is compared by, the greater first."""

NO_PLACE = "名额已满"
NOT_CHOSEN = "与末位相同，未获选定"
BELOW = "未达到任何一档的条件"


@dataclass(frozen=True, slots=True)
class Contestant:
    """One row: who it is, its key, its group under every cap (None: the cap is not about it), and the tiers it may have."""

    ident: str
    key: Key
    groups: tuple[str | None, ...] = ()
    tiers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TierPlaces:
    """A tier and its places; None: as many as there are."""

    tier: str
    places: int | None


@dataclass(frozen=True, slots=True)
class Cap:
    """No more than so many of a group: in one tier, or (None) in all of them together. A group not named has no limit."""

    most: Mapping[str, int]
    tier: str | None = None


@dataclass(frozen=True, slots=True)
class TieForPlaces:
    """Equals of whom not all can have a place: ``name`` says what it is about, ``places`` for how many of them there is room."""

    name: str
    tier: str
    among: tuple[str, ...]
    places: int


@dataclass(slots=True)
class Filled:
    """Who has which tier, why the others have none, and the contest to be decided before it goes on."""

    seats: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    vacant: dict[str, int] = field(default_factory=dict)
    contest: TieForPlaces | None = None


class _Open(Exception):
    """No error: the filling stops until the tie is decided."""

    def __init__(self, contest: TieForPlaces) -> None:
        self.contest = contest


def fill(
    contestants: Sequence[Contestant],
    rooms: Sequence[TierPlaces],
    caps: Sequence[Cap],
    decided: Mapping[str, Sequence[str]],
) -> Filled:
    """Fill the tiers from the first to the last; no candidate has two places.

    ``decided`` maps the names of contests to those who were chosen in them. Those not chosen stand for the next
    tier; a contested place that was not given stays vacant, no one placed lower gets it.
    """
    filled = Filled()
    used: list[Counter[str]] = [Counter() for _ in caps]
    try:
        for room in rooms:
            _Tier(room, caps, used, decided, filled).fill(contestants)
    except _Open as stopped:
        filled.contest = stopped.contest
    for one in contestants:
        if one.ident in filled.seats:
            filled.reasons.pop(one.ident, None)
        else:
            filled.reasons.setdefault(one.ident, BELOW)
    return filled


class _Tier:
    """One tier while it is filled."""

    def __init__(
        self,
        room: TierPlaces,
        caps: Sequence[Cap],
        used: list[Counter[str]],
        decided: Mapping[str, Sequence[str]],
        filled: Filled,
    ) -> None:
        self.room, self.decided, self.filled, self.used = room, decided, filled, used
        self.left = room.places
        self.caps = {n: cap for n, cap in enumerate(caps) if cap.tier in (None, room.tier)}
        self.closed: set[tuple[int, str]] = set()

    def fill(self, contestants: Sequence[Contestant]) -> None:
        standing = [c for c in contestants if c.ident not in self.filled.seats and self.room.tier in c.tiers]
        ranked = sorted(standing, key=lambda c: c.key, reverse=True)
        given = 0
        for _, equals in groupby(ranked, key=lambda c: c.key):
            given += self._seat(list(equals))
        if self.room.places is not None:
            self.filled.vacant[self.room.tier] = self.room.places - given

    def _seat(self, equals: list[Contestant]) -> int:
        """Give places to those who are equal, as far as there are any; return how many got one."""
        free = [c for c in equals if not self._capped(c)]
        for number in self.caps:
            free = self._within(number, free)
        if self.left is not None and len(free) > self.left:
            free = self._contested("places", free, self.left) if self.left else self._out(free, NO_PLACE)
            self.left = 0
        elif self.left is not None:
            self.left -= len(free)
        for one in free:
            self.filled.seats[one.ident] = self.room.tier
            for number in self.caps:
                group = one.groups[number]
                self.used[number].update([] if group is None else [group])
        return len(free)

    def _capped(self, one: Contestant) -> bool:
        for number in self.caps:
            group = one.groups[number]
            if group is not None and ((number, group) in self.closed or self._most(number, group) == 0):
                self._out([one], f"{group}的名额已满")
                return True
        return False

    def _within(self, number: int, free: list[Contestant]) -> list[Contestant]:
        """Return those of ``free`` that a cap lets through; where it stops some of several equals, it is a contest."""
        for group, count in Counter(c.groups[number] for c in free).items():
            most = None if group is None else self._most(number, group)
            if group is None or most is None or count <= most or self.left == 0:
                continue
            members = [c for c in free if c.groups[number] == group]
            chosen = self._contested(f"{number}:{group}", members, most)
            self.closed.add((number, group))
            free = [c for c in free if c not in members or c in chosen]
        return free

    def _most(self, number: int, group: str) -> int | None:
        most = self.caps[number].most.get(group)
        return None if most is None else max(0, most - self.used[number][group])

    def _contested(self, about: str, among: list[Contestant], places: int) -> list[Contestant]:
        name = f"{self.room.tier}/{about}"
        if name not in self.decided:
            raise _Open(TieForPlaces(name, self.room.tier, tuple(c.ident for c in among), places))
        chosen = [c for c in among if c.ident in set(self.decided[name])][:places]
        self._out([c for c in among if c not in chosen], NOT_CHOSEN)
        return chosen

    def _out(self, out: Sequence[Contestant], reason: str) -> list[Contestant]:
        self.filled.reasons.update({c.ident: reason for c in out})
        return []


def weight(value: object) -> tuple[int, Any]:
    """Return what a value is compared by: nothing is least, then numbers, then texts and days as they are written."""
    if value is None:
        return 0, 0
    try:
        return 1, exact_number(value)
    except ValueError:
        return 2, str(value)
