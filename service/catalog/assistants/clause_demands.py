"""What has to be there before a clause is drawn, and what of it may not be drawn back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.assistants.objection_answers import demand_hold
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.objection_phases import answered_from_elsewhere
from service.catalog.new_city.add_step import steps_of
from service.catalog.new_city.follow_up_pieces import WITHIN, demand_one_recovery
from service.catalog.new_city.steps import CityStep
from service.catalog.package import Package
from service.domain.errors import Invalid
from service.domain.text import Text


def demand_counted(package: Package, kind: AssistKind, answers: Mapping[str, Any], text: str) -> None:
    """Raise Invalid where nobody said from when the time for an answer counts, and the clause names none of the days there are."""
    said = answered_from_elsewhere(text) if kind is AssistKind.OBJECTION_WINDOW else ""
    if said and "counted" not in answers and CityStep.OBJECTION not in steps_of(package):
        raise Invalid(
            Text(
                f"条文写的是“{said}”：请选择期限自收到异议、自受理异议起算，还是只是最后答复的期限。",
                f"The text says “{said}”: choose whether the time runs from receipt, from acceptance, or is that of the last step.",
            )
        )


def demand_drawable(package: Package, kind: AssistKind, answers: Mapping[str, Any], clause: str = "") -> None:
    """Raise Invalid, with what to do, where the step of ``kind`` cannot be drawn as it was answered."""
    if kind is AssistKind.REVOCATION:
        demand_one_recovery(package, answers)
        _demand_one_period(package, answers.get("within_years"), clause)
    demand_hold(package, answers)
    if kind is AssistKind.FURTHER_RECOMMENDATION and CityStep.RECOMMENDATION not in steps_of(package):
        raise Invalid(
            Text(
                "还没有第一级的审核推荐，画不上上一级的。请先用助手“审核推荐（第一级）”画上它。",
                "There is no first level of recommendation below it: draw it first, by its assistant.",
            )
        )


def _demand_one_period(package: Package, years: int | None, clause: str) -> None:
    """Raise Invalid where another clause has its grounds lie within another number of years: a place keeps one of them."""
    known = package.award.parameters.get(WITHIN)
    if known is None or years in (None, known.values[-1].value) or clause in known.clauses:
        return
    raise Invalid(
        Text(
            f"“{known.text.zh}”已经按{known.values[-1].value}年写了（{'、'.join(map(package.law.article, known.clauses))}），一个地方只有一个："
            "年数不同的事由，请在流程图“撤销奖励”上写。",
            f"“{known.text.en}” is {known.values[-1].value} already, and a place has one: write a ground with other years on the "
            "diagram of the revocation.",
        )
    )
