"""Draw evaluators from the pool, reproducibly.

The order of the pool is the order of SHA-256(seed ‖ expert id): a reader who knows the published seed
and the published pool gets the same panel. No person chooses; rules only pass experts over, and
say why.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.errors import Invalid
from service.domain.review.selection import Shortage
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class PoolExpert:
    """An expert in the pool.

    ``sectors`` they know, ``body`` they work for, ``unfit`` why they cannot be drawn at all.
    """

    id: int
    name: str
    sectors: frozenset[str] = frozenset()
    body: str = ""
    unfit: Text | None = None


@dataclass(frozen=True, slots=True)
class DrawRules:
    """How many, and what the panel must hold.

    ``sector``/``from_sector``: at least so many experts of the applicants' sector; ``odd``: the number of places must
    be odd. ``sitting`` are experts of the pool who are on the panel already, where places of it are filled again.
    """

    places: int
    sector: str = ""
    from_sector: int = 0
    odd: bool = False
    sitting: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A person passed over, and why."""

    candidate: PoolExpert
    reason: Text


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: ``order`` is the whole pool as the seed shuffles it, ``reserve`` who is next when a member leaves."""

    seed: str
    order: tuple[int, ...]
    chosen: tuple[PoolExpert, ...]
    reserve: tuple[PoolExpert, ...]
    passed_over: tuple[Exclusion, ...]


class TooFewExperts(Invalid):
    """The pool cannot fill the panel."""

    code = "too_few_experts"


def draw(
    pool: Sequence[PoolExpert],
    rules: DrawRules,
    seed: str,
    conflicts: Mapping[int, Text] | None = None,
    taken: Collection[int] = (),
    colleagues: Mapping[int, Text] | None = None,
) -> Draw:
    """Draw a panel from ``pool``; ``conflicts`` (expert id → reason) and ``taken`` ids are passed over.

    ``colleagues`` (expert id → reason) are passed over too: their employer has its full number on the panel already.

    Raises:
        Invalid: an even number of places where it must be odd, or none.
        TooFewExperts: the rules leave too few; says of whom.
    """
    if rules.places < 1 or (rules.odd and rules.places % 2 == 0):
        raise Invalid(Text("评审组人数应为单数且不少于1人。", "A panel needs an odd number of members, at least one."))
    order = sorted(pool, key=lambda c: ticket(seed, c.id))
    state = _State(rules, taken, {**(conflicts or {}), **(colleagues or {})})
    state.bodies.update(c.body for c in pool if c.id in rules.sitting)
    state.take_sector(order)
    for candidate in [c for c in order if c not in state.chosen]:
        state.consider(candidate)
    if len(state.chosen) < rules.places or state.of_sector < rules.from_sector:
        kinds = {**dict.fromkeys(colleagues or (), "colleague"), **dict.fromkeys(conflicts or (), "tied")}
        raise TooFewExperts(_compute_shortage(order, rules, kinds, taken).sentence())
    return Draw(seed, tuple(c.id for c in order), tuple(state.chosen), tuple(state.reserve), tuple(state.passed))


def ticket(seed: str, ident: int) -> str:
    """Return the place of an expert in the shuffled order: SHA-256 of ``seed:id`` in hex."""
    return hashlib.sha256(f"{seed}:{ident}".encode()).hexdigest()


def _compute_shortage(
    order: Sequence[PoolExpert], rules: DrawRules, barred: Mapping[int, str], taken: Collection[int]
) -> Shortage:
    """Return what a pool lacks of a panel, and how many each rule leaves out; ``barred`` is by which rule.

    Members come first: that they sit makes them busy, and their employers full.
    """
    exclusions = Counter(
        "taken" if c.id in taken else "unfit" if c.unfit else barred[c.id]
        for c in order
        if c.unfit or c.id in barred or c.id in taken
    )
    eligible = [c for c in order if not (c.unfit or c.id in barred or c.id in taken)]
    return Shortage(
        rules.places,
        len(order),
        tuple((c.body, rules.sector in c.sectors) for c in eligible),
        exclusions,
        rules.sector,
        rules.from_sector,
        frozenset(c.body for c in order if c.id in rules.sitting),
    )


@dataclass(slots=True)
class _State:
    rules: DrawRules
    taken: Collection[int]
    barred: Mapping[int, Text]
    chosen: list[PoolExpert] = field(default_factory=list)
    reserve: list[PoolExpert] = field(default_factory=list)
    passed: list[Exclusion] = field(default_factory=list)
    bodies: set[str] = field(default_factory=set)

    @property
    def of_sector(self) -> int:
        return sum(self.rules.sector in c.sectors for c in self.chosen)

    def take_sector(self, order: Sequence[PoolExpert]) -> None:
        """Take the first of the sector in drawn order, whose employer no other of them has, as many as are wanted."""
        for candidate in order:
            if self.of_sector == min(self.rules.from_sector, self.rules.places):
                return
            if self.rules.sector in candidate.sectors and self.reason(candidate) is None:
                self.take(candidate)

    def consider(self, candidate: PoolExpert) -> None:
        reason = self.reason(candidate)
        if reason is not None:
            self.passed.append(Exclusion(candidate, reason))
        elif len(self.chosen) < self.rules.places:
            self.take(candidate)
        else:
            self.reserve.append(candidate)

    def take(self, candidate: PoolExpert) -> None:
        self.chosen.append(candidate)
        self.bodies.add(candidate.body)

    def reason(self, candidate: PoolExpert) -> Text | None:
        barred = candidate.unfit or self.barred.get(candidate.id)
        if barred is not None:
            return barred
        if candidate.id in self.taken:
            return Text("在或者曾在本评审组", "is or was on this panel")
        if candidate.body and candidate.body in self.bodies:
            return Text("同一单位已有1人在本评审组", "1 of the same employer on this panel already")
        return None
