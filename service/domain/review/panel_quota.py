"""Quotas of a panel: places reserved for experts of the sector and from outside, who may be the same people.

Going down the drawn order, each expert is taken with whom a panel that keeps every rule can still be completed
from those who follow. So the panel is the first one in drawn order that the rules allow, and whether one is
possible is found exactly: as a flow from kinds of places over kinds of experts to employers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol, TypeVar

from service.domain.values.exact_number import exact_number

_Kind = tuple[bool, bool]
"""Of the sector, from outside."""
_KINDS: tuple[_Kind, ...] = ((True, True), (True, False), (False, True), (False, False))
_Node = int | str | _Kind
"""Of the flow: a kind of place, a kind of expert, an employer, or one of the two ends."""


class Eligible(Protocol):
    """A person who may be taken."""

    @property
    def sectors(self) -> frozenset[str]:
        """Sectors they know."""

    @property
    def body(self) -> str:
        """Their employer."""

    @property
    def outside(self) -> bool:
        """Whether they are from outside."""


@dataclass(frozen=True, slots=True)
class PanelQuota:
    """What a panel must hold: so many in all, so many of a sector, so many from outside, at most so many of one employer.

    ``sitting`` are on it already, by employer, beside the places.
    """

    places: int
    sector: str
    from_sector: int
    from_outside: int
    per_body: int
    sitting: Mapping[str, int] = field(default_factory=dict)


def share_of(places: int, least: int, share: str) -> int:
    """Return how many of ``places`` are kept: ``least``, or what ``share`` (such as 1/3 or 0.4) comes to, rounded up.

    Raises ValueError for a share that is no number.
    """
    return max(least, ceil(exact_number(share) * places) if share else 0)


Someone = TypeVar("Someone", bound=Eligible)


def first_possible(order: Sequence[Someone], rules: PanelQuota) -> list[Someone] | None:
    """Return the first panel in ``order`` that keeps the rules, None where there is none."""
    if not possible([], order, rules):
        return None
    chosen: list[Someone] = []
    for n, one in enumerate(order):
        if len(chosen) == rules.places:
            break
        if possible([*chosen, one], order[n + 1 :], rules):
            chosen.append(one)
    return chosen


def possible(chosen: Sequence[Eligible], rest: Sequence[Eligible], rules: PanelQuota) -> bool:
    """Return whether ``chosen`` can be completed from ``rest`` to a panel that keeps the rules."""
    left = rules.places - len(chosen)
    sitting = Counter(rules.sitting) + Counter(one.body for one in chosen if one.body)
    if left < 0 or any(sitting[one.body] > rules.per_body for one in chosen if one.body):
        return False
    sector = max(rules.from_sector - sum(rules.sector in one.sectors for one in chosen), 0)
    outside = max(rules.from_outside - sum(one.outside for one in chosen), 0)
    supply = _supply(rest, rules)
    room = {body: max(0, rules.per_body - sitting[body]) for _, body in supply}
    for both in range(min(sector, outside), -1, -1):
        needs = (both, sector - both, outside - both, left - (sector + outside - both))
        if needs[3] >= 0 and _fits(needs, supply, room):
            return True
    return False


def _supply(rest: Sequence[Eligible], rules: PanelQuota) -> Counter[tuple[_Kind, str]]:
    """Count who is there by kind and employer; who has no employer is their own."""
    return Counter(((rules.sector in one.sectors, one.outside), one.body or f"\0{n}") for n, one in enumerate(rest))


def _fits(needs: Sequence[int], supply: Counter[tuple[_Kind, str]], room: Mapping[str, int]) -> bool:
    """Return whether every kind of place can be filled: 0 of both, 1 of the sector, 2 from outside, 3 any."""
    free: Counter[tuple[_Node, _Node]] = Counter()
    for place, need in enumerate(needs):
        free["from", place] = need
        for kind in _KINDS:
            if (place not in (0, 1) or kind[0]) and (place not in (0, 2) or kind[1]):
                free[place, kind] = need
    for (kind, body), count in supply.items():
        free[kind, body] = count
        free[body, "to"] = room[body]
    beside: dict[_Node, list[_Node]] = defaultdict(list)
    for one, other in list(free):
        beside[one].append(other)
        beside[other].append(one)
    return all(_place_one_more(free, beside) for _ in range(sum(needs)))


def _place_one_more(free: Counter[tuple[_Node, _Node]], beside: Mapping[_Node, Sequence[_Node]]) -> bool:
    """Let one more expert flow to a place, moving others where that makes room; False where none can."""
    came: dict[_Node, _Node] = {"from": "from"}
    waiting: list[_Node] = ["from"]
    while waiting and "to" not in came:
        here = waiting.pop()
        for there in beside[here]:
            if there not in came and free[here, there] > 0:
                came[there] = here
                waiting.append(there)
    if "to" not in came:
        return False
    step: _Node = "to"
    while step != "from":
        before = came[step]
        free[before, step] -= 1
        free[step, before] += 1
        step = before
    return True
