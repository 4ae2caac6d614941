"""Plays in which scores decide: somebody stays below the line, two stages of review give unequal marks."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from service.catalog.new_city.laid import Laid, Rows, renamed
from service.catalog.new_city.rows import flow_row
from service.catalog.parameters.parameters import Unit

_HIGH, _LOW, _MIDDLE = 100, 10, 60
_UNEQUAL = (_MIDDLE, _HIGH, _LOW)
_SHORTLIST = "shortlist"
_MOST_CANDIDATES = 20


def below_the_line(laid: Laid) -> Rows | None:
    """The winner has full marks; the last of the others has few, so that it is below the score or the places."""
    by_rank = laid.place.award.parameters[laid.parameter].unit is Unit.COUNT
    number = laid.value if by_rank else 1
    if not isinstance(number, int) or not 0 < number < _MOST_CANDIDATES or not _scored(laid):
        return None
    others = [f"{laid.winner}{n}" for n in range(2, number + 2)]
    first, low, reviewed = _cuts_first(laid), _MIDDLE if by_rank else _LOW, False
    made: Rows = []
    facts = laid.place.award.processes["round"].facts
    for step in laid.steps[: laid.vote]:
        of_winner = isinstance(step, dict) and laid.winner in (step.get("as"), step.get("case"), step.get("name"))
        made.append(_marked(step, _HIGH) if of_winner else step)
        if of_winner:
            made += [_marked(renamed(step, laid.winner, one), _HIGH) for one in others[:-1]]
            if not (first and reviewed):  # who is not on the shortlist comes to no further stage
                listed = _SHORTLIST in facts and not first and not reviewed
                made.append(_marked(renamed(step, laid.winner, others[-1]), _HIGH if listed else low))
            reviewed = reviewed or step.get("each") == "write_opinion"
    for one in others:
        laid.organisations[one] = flow_row({"name": f"{one}公司"})
    return made


def unequal_stages(laid: Laid) -> Rows | None:
    """The winner has other marks in each stage of review."""
    made = deepcopy(list(laid.steps[: laid.vote]))
    scores = _scored(laid)
    if not 1 < len(scores) <= len(_UNEQUAL):
        return None
    marks = iter(_UNEQUAL)
    return [_marked(step, next(marks)) if number in scores else step for number, step in enumerate(made)]


def _cuts_first(laid: Laid) -> bool:
    """Tell whether the parameter decides who comes to the second stage of review."""
    ranks = [e for d in laid.place.diagrams.values() if (e := d.elements.get("rank_first")) is not None]
    return any(
        f"param.{laid.parameter}" in said for e in ranks if e.operation for said in e.operation.parameters.values()
    )


def _scored(laid: Laid) -> list[int]:
    """Return where the winner is scored."""
    return [
        n
        for n, step in enumerate(laid.steps[: laid.vote])
        if isinstance(step, dict) and step.get("each") == "score" and step.get("case") == laid.winner
    ]


def _marked(step: Any, percent: int) -> Any:
    """Return a step with other marks, where it gives marks."""
    if not isinstance(step, dict) or step.get("each") != "score":
        return step
    return {**step, "percent": [percent] * len(step.get("percent", ()))}
