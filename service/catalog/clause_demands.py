"""What has to be there before a clause is drawn, and what of it may not be drawn back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.clause_assistants import AssistKind
from service.catalog.new_city.add_step import steps_of
from service.catalog.new_city.follow_up_pieces import demand_one_recovery
from service.catalog.new_city.steps import CityStep
from service.catalog.objection_answers import demand_hold
from service.catalog.package import Package
from service.domain.errors import Invalid
from service.domain.text import Text


def demand_drawable(package: Package, kind: AssistKind, answers: Mapping[str, Any]) -> None:
    """Raise Invalid, with what to do, where the step of ``kind`` cannot be drawn as it was answered."""
    if kind is AssistKind.REVOCATION:
        demand_one_recovery(package, answers)
    demand_hold(package, answers)
    if kind is AssistKind.FURTHER_RECOMMENDATION and CityStep.RECOMMENDATION not in steps_of(package):
        raise Invalid(
            Text(
                "还没有第一级的审核推荐，画不上上一级的。请先用助手“审核推荐（第一级）”画上它。",
                "There is no first level of recommendation below it: draw it first, by its assistant.",
            )
        )
