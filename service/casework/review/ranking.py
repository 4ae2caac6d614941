"""From results to standings: weights, floors, bonus points, places and alternates; exact until shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from service.casework.step import Step
from service.domain.errors import Invalid
from service.domain.review import Chosen, Entrant, Limits, Stop, choose, shown, summed
from service.domain.text import Text
from service.sdk.review import RankOrder, Standing
from service.sdk.work import Json

TIES = ("all_pass", "none_pass", "higher_sub_score")
_LAST = Fraction(-(10**30))
"""Where a value that is missing stands among those that part equals."""


def rank_cases(step: Step, order: RankOrder) -> list[Standing]:
    """Rank cases by the weighted sum of their stages and their bonus points.

    Raises:
        Invalid: weights that do not add up to 1, an unknown word for ties, or bonus points that are no number.
    """
    if order.tie not in TIES:
        raise Invalid(
            Text(
                f"不认识的同分处理方式“{order.tie}”，可用{'、'.join(TIES)}。",
                f"Unknown way with equals: “{order.tie}”; there are {', '.join(TIES)}.",
            )
        )
    cases = [int(ident) for ident in order.cases]
    scores: dict[int, dict[str, Fraction]] = {ident: {} for ident in cases}
    for row in step.tx.panels.results(cases):
        scores[row.case_id][row.stage] = Fraction(row.points)
    for ident, given in order.points.items():
        scores[ident] |= {stage: _number(points) for stage, points in given.items() if points is not None}
    entrants = [_entrant(ident, scores[ident], order) for ident in cases]
    return [_standing(c, scores[c.applicant], order) for c in choose(entrants, _limits(order))]


def _entrant(case: int, stages: Mapping[str, Fraction], order: RankOrder) -> Entrant:
    weights = {stage: _number(weight) for stage, weight in order.weights.items()}
    scaled = {stage: own * _number(order.scale.get(stage, 1)) for stage, own in stages.items()}
    points = summed(scaled, weights) + _number(order.bonus.get(case) or 0)
    edge = (stages.get(order.tie_stage, Fraction(0)),) if order.tie == "higher_sub_score" else ()
    return Entrant(case, points, stages, tuple(_comparable(v) for v in order.finer.get(case, ())), edge)


def _limits(order: RankOrder) -> Limits:
    return Limits(
        floors={stage: _number(floor) for stage, floor in order.floors.items() if floor is not None},
        at_least=_cut_off(order),
        places=order.places,
        reserve=order.reserve,
        shared=order.tie != "none_pass",
    )


def _cut_off(order: RankOrder) -> Fraction | None:
    return None if order.cut_off in (None, "none") else _number(order.cut_off)


def _standing(chosen: Chosen, stages: Mapping[str, Fraction], order: RankOrder) -> Standing:
    return Standing(
        chosen.applicant,
        shown(chosen.points),
        chosen.place,
        chosen.stop is None,
        _reason(chosen, stages, order),
        {stage: shown(points) for stage, points in stages.items()},
        chosen.alternate,
    )


def _reason(chosen: Chosen, stages: Mapping[str, Fraction], order: RankOrder) -> str:
    total = f"得分{shown(chosen.points)}"
    if chosen.stop is None:
        return f"{total}，第{chosen.place}名，进入下一环节"
    if chosen.stop is Stop.FLOOR:
        floor = _number(order.floors[chosen.missed])
        own = stages.get(chosen.missed, Fraction(0))
        return f"{total}，其中一个阶段得分{shown(own)}，低于该阶段最低分数{shown(floor)}"
    if chosen.stop is Stop.CUT_OFF:
        return f"{total}，低于最低分数{shown(_cut_off(order) or Fraction(0))}"
    if chosen.alternate is not None:
        return f"{total}，第{chosen.place}名，候补第{chosen.alternate}名"
    return f"{total}，第{chosen.place}名，名额{order.places}个"


def _number(value: object) -> Fraction:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise Invalid(
            Text(
                f"“{value}”不是数字，请检查权重、最低分数、加分等取值。",
                f"“{value}” is no number: check weights, floors and bonus points.",
            )
        ) from None


def _comparable(value: Json) -> Fraction:
    if value is None:
        return _LAST
    if isinstance(value, bool):
        return Fraction(int(value))
    if isinstance(value, int | float | Decimal):
        return _number(value)
    try:
        return Fraction(date.fromisoformat(str(value)[:10]).toordinal())
    except ValueError:
        return _number(value)
