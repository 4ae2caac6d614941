"""Drawing evaluators from the pool so that anybody can do it again.

The order of the pool is the order of SHA-256(seed ‖ expert id): whoever knows the published seed
and the published pool gets the same panel. Nobody chooses; rules only pass somebody over, and
say why.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.errors import Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert in the pool. ``sectors`` they know, ``body`` they work for, ``unfit`` why they cannot be drawn at all."""

    id: int
    name: str
    sectors: frozenset[str] = frozenset()
    body: str = ""
    unfit: Text | None = None


@dataclass(frozen=True, slots=True)
class DrawRules:
    """How many, and what the panel must hold.

    ``sector``/``from_sector``: at least so many experts of the applicants' sector; ``per_body``: at
    most so many of one employer; ``odd``: the number of places must be odd.
    """

    places: int
    sector: str = ""
    from_sector: int = 0
    per_body: int = 1
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Somebody passed over, and why."""

    candidate: Candidate
    reason: Text


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw: ``order`` is the whole pool as the seed shuffles it, ``reserve`` who is next if somebody falls out."""

    seed: str
    order: tuple[int, ...]
    chosen: tuple[Candidate, ...]
    reserve: tuple[Candidate, ...]
    passed_over: tuple[Exclusion, ...]


class TooFewExperts(Invalid):
    """The pool cannot fill the panel."""

    code = "too_few_experts"


def draw(
    pool: Sequence[Candidate],
    rules: DrawRules,
    seed: str,
    conflicts: Mapping[int, Text] | None = None,
    taken: Collection[int] = (),
) -> Draw:
    """Draw a panel from ``pool``; ``conflicts`` (expert id → reason) and ``taken`` ids are passed over.

    Raises:
        Invalid: an even number of places where it must be odd, or none.
        TooFewExperts: the rules leave too few.
    """
    if rules.places < 1 or (rules.odd and rules.places % 2 == 0):
        raise Invalid(Text("评审组人数应为单数且不少于1人。", "A panel needs an odd number of members, at least one."))
    order = sorted(pool, key=lambda c: ticket(seed, c.id))
    state = _State(rules)
    for candidate in _sector_first(order, rules):
        state.consider(candidate, (conflicts or {}).get(candidate.id), taken)
    if len(state.chosen) < rules.places or state.of_sector < rules.from_sector:
        raise TooFewExperts(
            Text(
                f"专家库中符合条件的只有{len(state.chosen)}人（需{rules.places}人，其中本行业{rules.from_sector}人）。请补充专家或放宽抽取条件。",
                f"Only {len(state.chosen)} experts qualify ({rules.places} needed, {rules.from_sector} of the sector): add experts or relax the rules.",
            )
        )
    return Draw(seed, tuple(c.id for c in order), tuple(state.chosen), tuple(state.reserve), tuple(state.passed))


def ticket(seed: str, ident: int) -> str:
    """Return the place of an expert in the shuffled order: SHA-256 of ``seed:id`` in hex."""
    return hashlib.sha256(f"{seed}:{ident}".encode()).hexdigest()


def _sector_first(order: Sequence[Candidate], rules: DrawRules) -> list[Candidate]:
    """Let the first fit experts of the sector, in drawn order, come before everybody else."""
    fit = [c.id for c in order if rules.sector in c.sectors and c.unfit is None]
    first = set(fit[: rules.from_sector])
    return [c for c in order if c.id in first] + [c for c in order if c.id not in first]


@dataclass(slots=True)
class _State:
    rules: DrawRules
    chosen: list[Candidate] = field(default_factory=list)
    reserve: list[Candidate] = field(default_factory=list)
    passed: list[Exclusion] = field(default_factory=list)
    bodies: Counter[str] = field(default_factory=Counter)

    @property
    def of_sector(self) -> int:
        return sum(self.rules.sector in c.sectors for c in self.chosen)

    def consider(self, candidate: Candidate, conflict: Text | None, taken: Collection[int]) -> None:
        reason = candidate.unfit or conflict or self._reason(candidate, taken)
        if reason is not None:
            self.passed.append(Exclusion(candidate, reason))
        elif len(self.chosen) < self.rules.places and not self._keeps_place_for_sector(candidate):
            self.chosen.append(candidate)
            self.bodies[candidate.body] += 1
        else:
            self.reserve.append(candidate)

    def _keeps_place_for_sector(self, candidate: Candidate) -> bool:
        missing = self.rules.from_sector - self.of_sector
        left = self.rules.places - len(self.chosen)
        return self.rules.sector not in candidate.sectors and left <= max(missing, 0)

    def _reason(self, candidate: Candidate, taken: Collection[int]) -> Text | None:
        if candidate.id in taken:
            return Text("已在其他评审组", "already on another panel")
        if candidate.body and self.bodies[candidate.body] >= self.rules.per_body:
            return Text(
                f"同一单位已抽取{self.rules.per_body}人", f"{self.rules.per_body} of the same employer drawn already"
            )
        return None
