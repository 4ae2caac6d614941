"""Ranking of applications: weights, floors, bonus points and places; exact until shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from service.casework.audit.intact import require_intact
from service.casework.step.step import Step
from service.domain.errors import Invalid
from service.domain.review import Chosen, Entrant, SelectionLimits, Stop, choose, exact, shown, summed
from service.domain.text import Text
from service.domain.values.typed_numbers import exact_number
from service.sdk import Json
from service.sdk.review import RankOrder, Standing

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


def rescale_points(points: Marks, full: Marks, out_of: Fraction) -> dict[int, dict[str, Fraction]]:
    """Return points as shares of each sheet's own full marks, out of ``out_of``.

    Raises:
        Invalid: a result whose sheet's full marks are not on record.
    """
    scaled: dict[int, dict[str, Fraction]] = {}
    for case, stages in points.items():
        for stage in stages:
            if not full.get(case, {}).get(stage):
                raise Invalid(
                    Text(
                        f"办件{case}“{stage}”的评分表满分没有记录，不能折算；请重新汇总该阶段评分。",
                        f"The full marks of stage “{stage}” of case {case} are not on record: combine its sheets again.",
                    )
                )
        scaled[case] = {stage: points_value / full[case][stage] * out_of for stage, points_value in stages.items()}
    return scaled


def weighted_full(full: Mapping[str, Fraction], weights: Mapping[str, Fraction]) -> Fraction | None:
    """Return the full marks of a weighted sum, None where a stage's are not known."""
    if not set(weights) <= set(full):
        return None
    return summed({stage: full[stage] for stage in weights}, weights)


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
    marks = {full_marks for full_marks in full.values() if full_marks is not None}
    if not full:
        return Fraction(0)
    if len(marks) != 1 or None in full.values():
        different = "、".join(shown(mark) for mark in sorted(marks)) or "没有记录"
        raise Invalid(
            Text(
                f"各件评分表满分不同（{different}），“{text}”没有共同的分数线；请写 out_of 折算后再比较。",
                f"The full marks differ ({different}), so “{text}” is no common limit: give out_of, the scale they are read on.",
            )
        )
    return share * marks.pop()


TIES = ("all_pass", "none_pass", "higher_sub_score")


def rank_cases(step: Step, order: RankOrder) -> list[Standing]:
    """Rank cases by the weighted sum of their stages and their bonus points.

    Raises:
        NotIntact: a score or a panel is not what is on record.
        Invalid: weights that do not add up to 1, an unknown word for ties, or bonus points that are no number.
    """
    if order.tie not in TIES:
        raise Invalid(
            Text(
                f"不认识的同分处理方式“{order.tie}”，可用{'、'.join(TIES)}。",
                f"Unknown way with equals: “{order.tie}”; there are {', '.join(TIES)}.",
            )
        )
    require_intact(step.desk, step.tx, step.case.id)
    entrants, limits, whole = _prepare_ranking(step, order)
    chosen = choose(entrants, limits)
    last = _last_beyond(chosen, order)
    stages = {entrant.applicant: entrant.stages for entrant in entrants}
    return [_build_standing(c, stages[c.applicant], order, limits, whole[c.applicant], last) for c in chosen]


def entrants_and_limits(step: Step, order: RankOrder) -> tuple[list[Entrant], SelectionLimits]:
    """Return who is ranked with their exact points, and what they must reach."""
    entrants, limits, _ = _prepare_ranking(step, order)
    return entrants, limits


def _prepare_ranking(
    step: Step, order: RankOrder
) -> tuple[list[Entrant], SelectionLimits, Mapping[int, Fraction | None]]:
    """Return entrants, limits, and the full marks of each entrant's sum."""
    cases = [int(ident) for ident in order.cases]
    weights = {stage: number_of(weight) for stage, weight in order.weights.items()}
    scores, full = _collect_marks(step, cases, order)
    for ident, extra_points in order.points.items():
        scores[ident] |= {stage: number_of(points) for stage, points in extra_points.items() if points is not None}
    whole = {ident: weighted_full(full[ident], weights) for ident in cases}
    entrants = [_build_entrant(ident, scores[ident], order, weights) for ident in cases]
    return entrants, _build_limits(order, full, whole), whole


def _last_beyond(chosen: Sequence[Chosen], order: RankOrder) -> int | None:
    """Return the place whose equal scores all pass although they are more than there are places; None where none are."""
    passing = [choice.place for choice in chosen if choice.stop is None]
    beyond = order.places is not None and len(passing) > order.places
    return max(passing) if beyond and order.tie == "all_pass" else None


def _collect_marks(
    step: Step, cases: Sequence[int], order: RankOrder
) -> tuple[dict[int, dict[str, Fraction]], dict[int, dict[str, Fraction]]]:
    """Return the points and the full marks of every stage that a panel scored, on one scale where that is wanted."""
    scores: dict[int, dict[str, Fraction]] = {ident: {} for ident in cases}
    full: dict[int, dict[str, Fraction]] = {ident: {} for ident in cases}
    for row in step.tx.stage_scores.select(case_id=cases):
        scores[row.case_id][row.stage] = Fraction(row.points)
        if "full" in row.details:
            full[row.case_id][row.stage] = Fraction(row.details["full"])
    if order.out_of is None:
        return scores, full
    out_of = number_of(order.out_of)
    stages = {*order.weights, *order.floors, *order.points.get(next(iter(cases), 0), {})}
    return rescale_points(scores, full, out_of), {ident: dict.fromkeys(stages, out_of) for ident in cases}


def _build_entrant(
    case: int, stages: Mapping[str, Fraction], order: RankOrder, weights: Mapping[str, Fraction]
) -> Entrant:
    points = summed(stages, weights) + number_of(order.bonus.get(case) or 0)
    edge = (stages.get(order.tie_stage, Fraction(0)),) if order.tie == "higher_sub_score" else ()
    return Entrant(case, points, stages, edge)


def _build_limits(order: RankOrder, full: Marks, whole: Mapping[int, Fraction | None]) -> SelectionLimits:
    return SelectionLimits(
        floors={
            stage: limit_of(floor, _of_stage(full, stage)) for stage, floor in order.floors.items() if floor is not None
        },
        at_least=None if order.cut_off in (None, "none") else limit_of(order.cut_off, whole),
        places=order.places,
        shared=order.tie != "none_pass",
    )


def _of_stage(full: Marks, stage: str) -> Mapping[int, Fraction | None]:
    """Return the full marks of a stage by case; those it did not reach are left out, none known is said so."""
    full_by_case: dict[int, Fraction | None] = {
        case: case_full[stage] for case, case_full in full.items() if stage in case_full
    }
    return full_by_case or dict.fromkeys(full)


def _build_standing(
    chosen: Chosen,
    stages: Mapping[str, Fraction],
    order: RankOrder,
    limits: SelectionLimits,
    full: Fraction | None,
    last: int | None,
) -> Standing:
    return Standing(
        chosen.applicant,
        shown(chosen.points),
        chosen.place,
        chosen.stop is None,
        _format_reason(chosen, stages, order, limits, last),
        {stage: shown(points) for stage, points in stages.items()},
        None if full is None else shown(full),
    )


def _format_reason(
    chosen: Chosen, stages: Mapping[str, Fraction], order: RankOrder, limits: SelectionLimits, last: int | None
) -> str:
    total = f"得分{shown(chosen.points)}"
    if chosen.stop is None and chosen.place == last:
        return f"{total}，第{chosen.place}名，末位得分相同，一并进入下一环节（名额{order.places}个）"
    if chosen.stop is None:
        return f"{total}，第{chosen.place}名，进入下一环节"
    if chosen.stop is Stop.FLOOR:
        floor = limits.floors[chosen.missed]
        stage_points = stages.get(chosen.missed, Fraction(0))
        return f"{total}，其中一个阶段得分{shown(stage_points)}，低于该阶段最低分数{shown(floor)}"
    if chosen.stop is Stop.CUT_OFF:
        return f"{total}，低于最低分数{shown(limits.at_least or Fraction(0))}"
    equal = order.tie == "none_pass" and order.places is not None and chosen.place <= order.places
    return f"{total}，第{chosen.place}名，名额{order.places}个{'，末位得分相同的都不进入' if equal else ''}"


def rank_record(step: Step, order: RankOrder, standings: Sequence[Standing]) -> dict[str, Json]:
    """Return the ranking of ``order`` that came to ``standings``, as JSON.

    Points are exact fractions as text.
    """
    entrants, limits = entrants_and_limits(step, order)
    return {
        "weights": {stage: exact(number_of(weight)) for stage, weight in order.weights.items()},
        "out_of": None if order.out_of is None else exact(number_of(order.out_of)),
        "floors": {stage: exact(floor) for stage, floor in limits.floors.items()},
        "at_least": None if limits.at_least is None else exact(limits.at_least),
        "places": order.places,
        "tie": order.tie,
        "tie_stage": order.tie_stage,
        "entrants": [
            {
                "case": entrant.applicant,
                "stages": {stage: exact(points) for stage, points in sorted(entrant.stages.items())},
                "given": sorted(order.points.get(entrant.applicant, {})),
                "bonus": exact(number_of(order.bonus.get(entrant.applicant) or 0)),
            }
            for entrant in entrants
        ],
        "standings": [_recorded_standing(standing) for standing in standings],
    }


def _recorded_standing(standing: Standing) -> dict[str, Any]:
    return {
        "case": standing.case, "points": standing.points, "place": standing.place, "passing": standing.passing,
    }  # fmt: skip
