"""What goes on record of a ranking, so that anybody can rank again: every input in exact numbers, and what came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from service.casework.review.full_marks import number_of
from service.casework.review.ranking import entrants_and_limits
from service.casework.step.step import Step
from service.domain.review import exact
from service.sdk import Json
from service.sdk.review import RankOrder, Standing


def rank_record(step: Step, order: RankOrder, standings: Sequence[Standing]) -> dict[str, Json]:
    """Return the ranking of ``order`` that came to ``standings``, as JSON.

    Points are exact fractions as text. Values that part equals are told by their rank among each other alone (0 the
    lowest): what they say of an applicant may be nobody's business.
    """
    entrants, limits = entrants_and_limits(step, order)
    finer = sorted({entrant.finer for entrant in entrants})
    return {
        "weights": {stage: exact(number_of(weight)) for stage, weight in order.weights.items()},
        "scale": {stage: exact(number_of(scale)) for stage, scale in order.scale.items()},
        "out_of": None if order.out_of is None else exact(number_of(order.out_of)),
        "floors": {stage: exact(floor) for stage, floor in limits.floors.items()},
        "at_least": None if limits.at_least is None else exact(limits.at_least),
        "places": order.places,
        "reserve": order.reserve,
        "tie": order.tie,
        "tie_stage": order.tie_stage,
        "entrants": [
            {
                "case": entrant.applicant,
                "stages": {stage: exact(points) for stage, points in sorted(entrant.stages.items())},
                "given": sorted(order.points.get(entrant.applicant, {})),
                "bonus": exact(number_of(order.bonus.get(entrant.applicant) or 0)),
                "finer": finer.index(entrant.finer),
            }
            for entrant in entrants
        ],
        "standings": [_standing(one) for one in standings],
    }


def _standing(one: Standing) -> dict[str, Any]:
    return {
        "case": one.case, "points": one.points, "place": one.place, "passing": one.passing, "alternate": one.alternate,
    }  # fmt: skip
