"""From sheets to totals: combining scores, divergence, weights. Exact arithmetic throughout."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from service.domain.errors import Invalid
from service.domain.review.sheet import Sheet
from service.domain.text import Text

_TRIMMED = re.compile("trimmed_mean(?:_([2-9]))?")


@dataclass(frozen=True, slots=True)
class Divergence:
    """An item on which evaluators are far apart, in percent of its points."""

    item: str
    lowest: int
    highest: int


def combine(values: Sequence[Fraction], how: str) -> Fraction:
    """Combine evaluators' totals: ``mean``, ``median`` or ``trimmed_mean`` (without the highest and the lowest, from three on).

    ``trimmed_mean_2`` leaves out the two highest and the two lowest, from five on, and so up to 9; with fewer sheets
    than that nothing is left out.

    Raises Invalid for no values or another word.
    """
    if not values:
        raise Invalid(Text("没有可以汇总的评分。", "There are no scores to combine."))
    if how == "median":
        return Fraction(median(values))
    trimmed = _TRIMMED.fullmatch(how)
    if trimmed is not None:
        ends = int(trimmed[1] or 1)
        values = sorted(values)[ends:-ends] if len(values) > 2 * ends else values
    elif how != "mean":
        raise Invalid(Text(f"不认识的汇总方法“{how}”。", f"Unknown way to combine scores: “{how}”."))
    return sum(values, Fraction(0)) / len(values)


def divergences(sheets: Sequence[Sheet], limit: int) -> list[Divergence]:
    """Return the items whose percentages lie more than ``limit`` points apart."""
    found = []
    for item in sheets[0].edition.items if sheets else ():
        given = [p for s in sheets if (score := s.scores.get(item)) and (p := score.percent) is not None]
        if len(given) > 1 and max(given) - min(given) > limit:
            found.append(Divergence(item, min(given), max(given)))
    return found


def weighted(scores: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    """Return the weighted sum of stage scores; a stage without a score counts 0. The weights must add up to 1."""
    if sum(weights.values(), Fraction(0)) != 1:
        raise Invalid(Text("各阶段权重之和须为1。", "The weights of the stages must add up to 1."))
    return sum((scores.get(stage, Fraction(0)) * weight for stage, weight in weights.items()), Fraction(0))


def summed(scores: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction:
    """Return the plain sum of the stages when every weight is 1, else the weighted one."""
    if len(weights) > 1 and set(weights.values()) == {Fraction(1)}:
        return sum((scores.get(stage, Fraction(0)) for stage in weights), Fraction(0))
    return weighted(scores, weights)
