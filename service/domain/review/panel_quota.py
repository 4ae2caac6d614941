"""Quotas of a panel: places reserved for experts of the sector and for bodies, and why no panel can be drawn of a pool."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Protocol, TypeVar

from service.domain.text import Text
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


_LEFT_OUT = {
    "unfit": Text(
        "不符合抽取条件（聘期、资历、培训、轮换等）", "outside the conditions of the draw (term, training …)"
    ),
    "tied": Text("与申报组织有利害关系、须回避", "with a tie to the applicant"),
    "taken": Text("在或者曾在本评审组", "on this panel now or before"),
    "colleague": Text("同一单位已有专家在组", "with a colleague on the panel already"),
}
"""Reasons, without the names and interests of persons: the sentence stands in the history of the case."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A pool of ``pool`` experts that gives no panel of ``places``.

    ``eligible`` are those whom no rule excludes by themselves, as (employer, from outside, of the sector); ``left_out``
    counts the others by reason; ``sitting`` are on the panel already, by employer. The rules are those of `DrawRules`.
    """

    places: int
    pool: int
    eligible: tuple[tuple[str, bool, bool], ...]
    left_out: Mapping[str, int]
    per_body: int
    sector: str
    from_sector: int
    from_outside: int
    outside_name: str
    sitting: Mapping[str, int] = field(default_factory=dict)

    @property
    def crowded(self) -> int:
        """How many of the eligible are too many of their employers."""
        bodies = Counter(body for body, _, _ in self.eligible if body)
        return sum(max(0, count - max(0, self.per_body - self.sitting.get(body, 0))) for body, count in bodies.items())

    def sentence(self) -> Text:
        """Return it as one sentence: who is there, who is needed, which rule is in the way, what to do."""
        lacking, rules, acts = tuple(self._lacking()), tuple(self._left_out()), tuple(self._acts())
        several = Text(
            "几项要求不能同时满足，凑不成这样的评审组",
            "the requirements cannot be met together: there is no such panel",
        )
        told = (*lacking, *rules) if lacking else (*rules, several)
        return Text(
            f"专家库有{self.pool}人，其中可以抽取的有{len(self.eligible) - self.crowded}人；{self._needed().zh}："
            f"{'；'.join(one.zh for one in told)}。{'，或者'.join(one.zh for one in acts)}。",
            f"Of {self.pool} experts on the register {len(self.eligible) - self.crowded} can be drawn; {self._needed().en}: "
            f"{'; '.join(one.en for one in told)}. {', or '.join(one.en for one in acts)}.",
        )

    def _needed(self) -> Text:
        sector = f"、本行业（{self.sector}）专家至少{self.from_sector}人" if self.from_sector else ""
        outside = f"、{self.outside_name}专家至少{self.from_outside}人" if self.from_outside else ""
        within = f"，其中{(outside + sector)[1:]}" if outside or sector else ""
        en = [f"{self.from_outside} from outside ({self.outside_name})"] * bool(self.from_outside)
        en += [f"{self.from_sector} of the sector “{self.sector}”"] * bool(self.from_sector)
        return Text(
            f"需{self.places}人{within}",
            f"{self.places} {'is' if self.places == 1 else 'are'} needed{', ' if en else ''}{' and '.join(en)}",
        )

    def _lacking(self) -> Iterator[Text]:
        for few, zh, en in (
            (self.places - len(self.eligible) + self.crowded, "专家", "in all"),
            (
                self.from_outside - sum(outside for _, outside, _ in self.eligible),
                f"{self.outside_name}专家",
                f"from outside ({self.outside_name})",
            ),
            (
                self.from_sector - sum(of_sector for _, _, of_sector in self.eligible),
                f"本行业（{self.sector}）专家",
                f"of the sector “{self.sector}”",
            ),
        ):
            if few > 0:
                yield Text(f"还缺{zh}{few}人", f"{few} short {en}")

    def _left_out(self) -> Iterator[Text]:
        if self.crowded:
            yield Text(
                f"同一单位至多{self.per_body}人，因此多出的{self.crowded}人不能抽取",
                f"at most {self.per_body} of one employer leaves {self.crowded} out",
            )
        for reason, words in _LEFT_OUT.items():
            if count := self.left_out.get(reason, 0):
                yield Text(
                    f"{words.zh}的{count}人没有计入", f"{count} {words.en} {'does' if count == 1 else 'do'} not count"
                )

    def _acts(self) -> Iterator[Text]:
        one_employer = self.crowded or self.left_out.get("colleague", 0)
        whose = Text("其他单位的", " of other employers") if one_employer else Text("符合条件的", " who qualify")
        yield Text(f"请在“评审专家”页面补充{whose.zh}专家", f"Add experts{whose.en} on the page Experts")
        yield Text(
            "由设计人员按办法修改评审组的人数和抽取条件",
            "have a designer change the size and the rules of the panel as the regulation allows",
        )
