"""Selection after scoring: floors, bonus points, cut-off, places and ties. Exact arithmetic throughout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from service.domain.text import Text


class Stop(StrEnum):
    """Why an applicant does not go on."""

    FLOOR = "floor"
    CUT_OFF = "cut_off"
    PLACES = "places"


@dataclass(frozen=True, slots=True)
class Entrant:
    """An applicant with its total, bonus points included, and its points by stage.

    ``finer`` parts equal totals, higher first, and gives different places; ``edge`` parts them only for the last place.
    """

    applicant: int
    points: Fraction
    stages: Mapping[str, Fraction] = field(default_factory=dict)
    edge: tuple[Fraction, ...] = ()

    @property
    def key(self) -> tuple[Fraction, tuple[Fraction, ...]]:
        """What decides about the last place."""
        return self.points, self.edge


@dataclass(frozen=True, slots=True)
class SelectionLimits:
    """``floors``: least points by stage; ``at_least``: least total; ``places``: how many go on.

    ``shared``: equals at the last place all go on; otherwise none of them.
    """

    floors: Mapping[str, Fraction] = field(default_factory=dict)
    at_least: Fraction | None = None
    places: int | None = None
    shared: bool = True


@dataclass(frozen=True, slots=True)
class Chosen:
    """An applicant's ``place`` and whether it goes on; ``missed`` is the first stage whose floor was not reached."""

    applicant: int
    points: Fraction
    place: int
    stop: Stop | None
    missed: str = ""


def choose(entrants: Sequence[Entrant], limits: SelectionLimits) -> list[Chosen]:
    """Rank entrants, highest first, and say who goes on; equal points share a place and the next is skipped.

    A stage without a score counts 0. Who misses a floor or the total keeps the place but takes none of ``places``.
    """
    ordered = sorted(entrants, key=lambda e: e.applicant)
    ordered.sort(key=lambda e: e.key, reverse=True)
    fit = [e for e in ordered if _get_missed_stage(e, limits) == "" and _has_enough_points(e, limits)]
    going = {e.applicant for e in _select_entrants(fit, limits)}
    return [
        Chosen(
            e.applicant,
            e.points,
            1 + sum(o.points > e.points for o in ordered),
            None if e.applicant in going else _get_stop_reason(e, limits),
            _get_missed_stage(e, limits),
        )
        for e in ordered
    ]


def _get_missed_stage(entrant: Entrant, limits: SelectionLimits) -> str:
    zero = Fraction(0)
    return next((stage for stage, floor in limits.floors.items() if entrant.stages.get(stage, zero) < floor), "")


def _has_enough_points(entrant: Entrant, limits: SelectionLimits) -> bool:
    return limits.at_least is None or entrant.points >= limits.at_least


def _get_stop_reason(entrant: Entrant, limits: SelectionLimits) -> Stop:
    if _get_missed_stage(entrant, limits):
        return Stop.FLOOR
    return Stop.PLACES if _has_enough_points(entrant, limits) else Stop.CUT_OFF


def _select_entrants(fit: Sequence[Entrant], limits: SelectionLimits) -> Sequence[Entrant]:
    places = limits.places
    if places is None or len(fit) <= places:
        return fit
    if places < 1:
        return []
    last = fit[places - 1].key
    if fit[places].key != last:
        return fit[:places]
    return [e for e in fit if e.key > last or (limits.shared and e.key == last)]


_EXCLUSIONS = {
    "unfit": Text("不符合抽取条件（聘期、资历、培训等）", "outside the conditions of the draw (term, training …)"),
    "tied": Text("与申报组织有利害关系、须回避", "with a tie to the applicant"),
    "taken": Text("在或者曾在本评审组", "on this panel now or before"),
    "colleague": Text("同一单位已有专家在组", "with a colleague on the panel already"),
}
"""Reasons, without the names and interests of persons: the sentence stands in the history of the case."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """A pool of ``pool`` experts that gives no panel of ``places``.

    ``eligible`` are those whom no rule excludes by themselves, as (employer, of the sector); ``excluded``
    counts the others by reason; ``sitting`` are the employers of who is on the panel already. The rules are those of `DrawRules`.
    """

    places: int
    pool: int
    eligible: tuple[tuple[str, bool], ...]
    excluded: Mapping[str, int]
    sector: str
    from_sector: int
    sitting: frozenset[str] = frozenset()

    @property
    def crowded(self) -> int:
        """How many of the eligible are too many of their employers."""
        bodies = Counter(body for body, _ in self.eligible if body)
        return sum(count - (body not in self.sitting) for body, count in bodies.items())

    def sentence(self) -> Text:
        """Return it as one sentence: who is there, who is needed, which rule is in the way, what to do."""
        lacking, rules, acts = tuple(self._lacking()), tuple(self._exclusions()), tuple(self._acts())
        several = Text(
            "几项要求不能同时满足，凑不成这样的评审组",
            "the requirements cannot be met together: there is no such panel",
        )
        reasons = (*lacking, *rules) if lacking else (*rules, several)
        return Text(
            f"专家库有{self.pool}人，其中可以抽取的有{len(self.eligible) - self.crowded}人；{self._needed().zh}："
            f"{'；'.join(reason.zh for reason in reasons)}。{'，或者'.join(act.zh for act in acts)}。",
            f"Of {self.pool} experts on the register {len(self.eligible) - self.crowded} can be drawn; {self._needed().en}: "
            f"{'; '.join(reason.en for reason in reasons)}. {', or '.join(act.en for act in acts)}.",
        )

    def _needed(self) -> Text:
        within = f"，其中本行业（{self.sector}）专家至少{self.from_sector}人" if self.from_sector else ""
        en = f", {self.from_sector} of the sector “{self.sector}”" if self.from_sector else ""
        return Text(f"需{self.places}人{within}", f"{self.places} {'is' if self.places == 1 else 'are'} needed{en}")

    def _lacking(self) -> Iterator[Text]:
        for few, zh, en in (
            (self.places - len(self.eligible) + self.crowded, "专家", "in all"),
            (
                self.from_sector - sum(of_sector for _, of_sector in self.eligible),
                f"本行业（{self.sector}）专家",
                f"of the sector “{self.sector}”",
            ),
        ):
            if few > 0:
                yield Text(f"还缺{zh}{few}人", f"{few} short {en}")

    def _exclusions(self) -> Iterator[Text]:
        if self.crowded:
            yield Text(
                f"同一单位至多1人，因此多出的{self.crowded}人不能抽取",
                f"at most 1 of one employer leaves {self.crowded} out",
            )
        for reason, words in _EXCLUSIONS.items():
            if count := self.excluded.get(reason, 0):
                yield Text(
                    f"{words.zh}的{count}人没有计入", f"{count} {words.en} {'does' if count == 1 else 'do'} not count"
                )

    def _acts(self) -> Iterator[Text]:
        colleague_count = self.crowded or self.excluded.get("colleague", 0)
        whose = Text("其他单位的", " of other employers") if colleague_count else Text("符合条件的", " who qualify")
        yield Text(f"请在“评审专家”页面补充{whose.zh}专家", f"Add experts{whose.en} on the page Experts")
        yield Text(
            "由设计人员按办法修改评审组的人数和抽取条件",
            "have a designer change the size and the rules of the panel as the regulation allows",
        )
