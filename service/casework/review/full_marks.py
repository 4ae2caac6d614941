"""Full marks (满分) of ranked applications: sheets of different totals on one scale, limits given as shares."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from service.domain.errors import Invalid
from service.domain.review import shown, summed
from service.domain.text import Text
from service.domain.values.exact_number import exact_number
from service.sdk import Json

Marks = Mapping[int, Mapping[str, Fraction]]
"""By case and stage."""


def number_of(value: object) -> Fraction:
    """Return a number from a package; raises Invalid for anything else."""
    try:
        return exact_number(value)
    except ValueError:
        raise Invalid(
            Text(
                f"“{value}”不是数字，请检查权重、最低分数、加分等取值。",
                f"“{value}” is no number: check weights, floors and bonus points.",
            )
        ) from None


def on_one_scale(points: Marks, full: Marks, out_of: Fraction) -> dict[int, dict[str, Fraction]]:
    """Return points as shares of each sheet's own full marks, out of ``out_of``.

    Raises:
        Invalid: a result whose sheet's full marks are not on record.
    """
    found: dict[int, dict[str, Fraction]] = {}
    for case, stages in points.items():
        for stage in stages:
            if not full.get(case, {}).get(stage):
                raise Invalid(
                    Text(
                        f"办件{case}“{stage}”的评分表满分没有记录，不能折算；请重新汇总该阶段评分。",
                        f"The full marks of stage “{stage}” of case {case} are not on record: combine its sheets again.",
                    )
                )
        found[case] = {stage: own / full[case][stage] * out_of for stage, own in stages.items()}
    return found


def weighted_full(
    full: Mapping[str, Fraction], weights: Mapping[str, Fraction], scale: Mapping[str, Json]
) -> Fraction | None:
    """Return the full marks of a weighted sum, None where a stage's are not known."""
    if not set(weights) <= set(full):
        return None
    return summed({stage: full[stage] * number_of(scale.get(stage, 1)) for stage in weights}, weights)


def limit_of(value: Json, full: Mapping[int, Fraction | None]) -> Fraction:
    """Return a limit in points; 60% or {share: 2/3} is a share of the full marks, which all cases must have in common.

    Raises:
        Invalid: no number, or a share where the cases have different full marks, or none on record.
    """
    text = str(value["share"] if isinstance(value, Mapping) and "share" in value else value).strip()
    if isinstance(value, Mapping):
        share = number_of(text)
    elif text.endswith("%"):
        share = number_of(text[:-1]) / 100
    else:
        return number_of(value)
    marks = {own for own in full.values() if own is not None}
    if not full:
        return Fraction(0)
    if len(marks) != 1 or None in full.values():
        different = "、".join(shown(own) for own in sorted(marks)) or "没有记录"
        raise Invalid(
            Text(
                f"各件评分表满分不同（{different}），“{text}”没有共同的分数线；请写 out_of 折算后再比较。",
                f"The full marks differ ({different}), so “{text}” is no common limit: give out_of, the scale they are read on.",
            )
        )
    return share * marks.pop()
