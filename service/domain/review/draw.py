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
from service.domain.review.panel_quota import PanelQuota, Shortage, first_possible
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class PoolExpert:
    """An expert in the pool.

    ``sectors`` they know, ``body`` they work for, ``unfit`` why they cannot be drawn at all, ``outside`` whether the
    rules of this draw count them as from outside.
    """

    id: int
    name: str
    sectors: frozenset[str] = frozenset()
    body: str = ""
    unfit: Text | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class DrawRules:
    """How many, and what the panel must hold.

    ``sector``/``from_sector``: at least so many experts of the applicants' sector; ``per_body``: at
    most so many of one employer; ``odd``: the number of places must be odd; ``from_outside``: at least so many from
    outside, whom ``outside_name`` calls by the city's word. ``sitting`` are experts of the pool who are on the
    panel already, where places of it are filled again.
    """

    places: int
    sector: str = ""
    from_sector: int = 0
    per_body: int = 1
    odd: bool = False
    from_outside: int = 0
    outside_name: str = "外部"
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
    numbers: Mapping[int, int] | None = None,
    colleagues: Mapping[int, Text] | None = None,
) -> Draw:
    """Draw a panel from ``pool``; ``conflicts`` (expert id → reason) and ``taken`` ids are passed over.

    ``numbers`` (expert id → number) are drawn instead of the ids, where an earlier draw is repeated with other ids.
    ``colleagues`` (expert id → reason) are passed over too: their employer has its full number on the panel already.

    Raises:
        Invalid: an even number of places where it must be odd, or none.
        TooFewExperts: the rules leave too few; says of whom.
    """
    if rules.places < 1 or (rules.odd and rules.places % 2 == 0):
        raise Invalid(Text("评审组人数应为单数且不少于1人。", "A panel needs an odd number of members, at least one."))
    order = sorted(pool, key=lambda c: ticket(seed, (numbers or {}).get(c.id, c.id)))
    sitting = Counter(c.body for c in pool if c.id in rules.sitting and c.body)
    state = _State(rules, bodies=sitting)
    barred = {**(conflicts or {}), **(colleagues or {})}
    if rules.from_outside:
        _keep_every_rule(state, order, barred, taken)
    else:
        for candidate in _sector_first(order, rules):
            state.consider(candidate, barred.get(candidate.id), taken)
    if len(state.chosen) < rules.places or state.of_sector < rules.from_sector:
        kinds = {**dict.fromkeys(colleagues or (), "colleague"), **dict.fromkeys(conflicts or (), "tied")}
        raise TooFewExperts(_shortage(order, rules, kinds, taken).sentence())
    return Draw(seed, tuple(c.id for c in order), tuple(state.chosen), tuple(state.reserve), tuple(state.passed))


def ticket(seed: str, ident: int) -> str:
    """Return the place of an expert in the shuffled order: SHA-256 of ``seed:id`` in hex."""
    return hashlib.sha256(f"{seed}:{ident}".encode()).hexdigest()


def _sector_first(order: Sequence[PoolExpert], rules: DrawRules) -> list[PoolExpert]:
    """Let the first fit experts of the sector, in drawn order, come before everybody else."""
    fit = [c.id for c in order if rules.sector in c.sectors and c.unfit is None]
    first = set(fit[: rules.from_sector])
    return [c for c in order if c.id in first] + [c for c in order if c.id not in first]


def _keep_every_rule(
    state: _State, order: Sequence[PoolExpert], conflicts: Mapping[int, Text], taken: Collection[int]
) -> None:
    """Fill the panel with the first in drawn order that keep every rule, others stand by; without such it stays empty."""
    rules = state.rules
    reasons = {c.id: c.unfit or conflicts.get(c.id) or state.reason(c, taken) for c in order}
    eligible = [c for c in order if reasons[c.id] is None]
    places = PanelQuota(
        rules.places, rules.sector, rules.from_sector, rules.from_outside, rules.per_body, dict(state.bodies)
    )
    found = first_possible(eligible, places)
    if found is None:
        return
    for candidate in found:
        state.take(candidate)
    for candidate in order:
        reason = reasons[candidate.id] or (state.reason(candidate, taken) if candidate not in found else None)
        if reason is not None:
            state.passed.append(Exclusion(candidate, reason))
        elif candidate not in found:
            state.reserve.append(candidate)


def _shortage(
    order: Sequence[PoolExpert], rules: DrawRules, barred: Mapping[int, str], taken: Collection[int]
) -> Shortage:
    """Return what a pool lacks of a panel, and how many each rule leaves out; ``barred`` is by which rule.

    Members come first: that they sit makes them busy, and their employers full.
    """
    left_out = Counter(
        "taken" if c.id in taken else "unfit" if c.unfit else barred[c.id]
        for c in order
        if c.unfit or c.id in barred or c.id in taken
    )
    eligible = [c for c in order if not (c.unfit or c.id in barred or c.id in taken)]
    return Shortage(
        rules.places,
        len(order),
        tuple((c.body, c.outside, rules.sector in c.sectors) for c in eligible),
        left_out,
        rules.per_body,
        rules.sector,
        rules.from_sector,
        rules.from_outside,
        rules.outside_name,
        Counter(c.body for c in order if c.id in rules.sitting and c.body),
    )


@dataclass(slots=True)
class _State:
    rules: DrawRules
    chosen: list[PoolExpert] = field(default_factory=list)
    reserve: list[PoolExpert] = field(default_factory=list)
    passed: list[Exclusion] = field(default_factory=list)
    bodies: Counter[str] = field(default_factory=Counter)

    @property
    def of_sector(self) -> int:
        return sum(self.rules.sector in c.sectors for c in self.chosen)

    def consider(self, candidate: PoolExpert, conflict: Text | None, taken: Collection[int]) -> None:
        reason = candidate.unfit or conflict or self.reason(candidate, taken)
        if reason is not None:
            self.passed.append(Exclusion(candidate, reason))
        elif len(self.chosen) < self.rules.places and not self._keeps_place_for_sector(candidate):
            self.take(candidate)
        else:
            self.reserve.append(candidate)

    def _keeps_place_for_sector(self, candidate: PoolExpert) -> bool:
        missing = self.rules.from_sector - self.of_sector
        left = self.rules.places - len(self.chosen)
        return self.rules.sector not in candidate.sectors and left <= max(missing, 0)

    def take(self, candidate: PoolExpert) -> None:
        self.chosen.append(candidate)
        self.bodies[candidate.body] += 1

    def reason(self, candidate: PoolExpert, taken: Collection[int]) -> Text | None:
        if candidate.id in taken:
            return Text("在或者曾在本评审组", "is or was on this panel")
        if candidate.body and self.bodies[candidate.body] >= self.rules.per_body:
            return Text(
                f"同一单位已有{self.rules.per_body}人在本评审组",
                f"{self.rules.per_body} of the same employer on this panel already",
            )
        return None
