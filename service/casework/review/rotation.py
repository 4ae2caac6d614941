"""Rotation (轮换): an expert who reviewed a number of consecutive rounds pauses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from service.casework.step.step import Step
from service.domain.calendar import local_date
from service.domain.errors import Invalid
from service.domain.text import Text
from service.sdk.review import DrawOrder
from service.store.models import CaseRow

WAYS = ("round", "year")
"""What counts as a round: the case at the top, or the calendar year in which the panel was formed."""


def resting(step: Step, order: DrawOrder) -> dict[int, Text]:
    """Return person → why they pause now: they reviewed the last consecutive rounds of the award, on its own panels.

    A member who left a panel (recused, replaced, disqualified) has not served on it. A round without any panel
    does not count.

    Raises:
        Invalid: an unknown word for what a round is, or a pause of no round.
    """
    if not order.rotation_rounds:
        return {}
    if order.rotation_by not in WAYS or order.rotation_pause < 1:
        raise Invalid(
            Text(
                f"轮换按“{order.rotation_by}”、轮空{order.rotation_pause}届无法计算：rotation_by 取{'、'.join(WAYS)}，rotation_pause 至少为1。",
                f"No rotation by “{order.rotation_by}” with a pause of {order.rotation_pause}: rotation_by is one of"
                f" {', '.join(WAYS)}, rotation_pause at least 1.",
            )
        )
    return {
        person: Text(
            f"已连续评审{order.rotation_rounds}届，按轮换规定轮空",
            f"reviewed {order.rotation_rounds} rounds running and pauses",
        )
        for person, served in _served(step, order.rotation_by).items()
        if pauses(served, order.rotation_rounds, order.rotation_pause)
    }


def pauses(served: Sequence[bool], rounds: int, pause: int) -> bool:
    """Return whether a person pauses now; ``served`` lists the rounds before, the newest first."""
    return any(
        not any(served[:gone]) and len(served) >= gone + rounds and all(served[gone : gone + rounds])
        for gone in range(pause)
    )


def _served(step: Step, way: str) -> Mapping[int, list[bool]]:
    """Return person → whether they served in each round before this one, the newest first."""
    case = step.case
    found: dict[int, set[int]] = defaultdict(set)
    for root, person, at in step.tx.panels.served(case.jurisdiction, case.award):
        found[person].add(_round_of(root, at, way))
    now = _round_of(_top(step, case).id, step.now, way)
    before = sorted({n for rounds in found.values() for n in rounds if n < now}, reverse=True)
    return {person: [n in rounds for n in before] for person, rounds in found.items()}


def _round_of(root: int, at: datetime, way: str) -> int:
    return root if way == "round" else local_date(at).year


def _top(step: Step, case: CaseRow) -> CaseRow:
    while case.parent_id is not None:
        case = step.tx.cases.get(case.parent_id)
    return case
