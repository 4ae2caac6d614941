"""How objections are handled in a place as it is drawn now, in the words of the questions of their assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.assistants.clause_reading import ClauseReading
from service.catalog.clause_kinds.objection_periods import FROM_A_DAY
from service.catalog.clause_kinds.phase_days import days_held
from service.catalog.law_text.extension_said import extended_by
from service.catalog.new_city.add_step import steps_of
from service.catalog.new_city.steps import CityStep
from service.catalog.package import Package
from service.domain.errors import Invalid
from service.domain.text import Text

_FROM = "objection_reply_from"
_WITHIN = ("investigation", "finding")
"""Phases that end with the answer where one time limit covers all, unless they have one of their own."""


def objection_as_it_stands(package: Package) -> dict[str, str]:
    """Return what the questions on objections were answered: whom an open one holds, from when its limits count.

    Empty where none are drawn. Whoever changes something else, such as the days of the answer, leaves these alone.
    """
    steps = steps_of(package)
    if CityStep.OBJECTION not in steps:
        return {}
    hold = "concerned" if CityStep.SEPARATE in steps else "all"
    return {
        "hold": hold,
        "counted": _value(package, _FROM) if _value(package, _FROM) in FROM_A_DAY else "step",
        **_own_limits(package),
    }


def decider_said(package: Package, text: str) -> str:
    """Return the role of the place that may grant more time by the words of a clause; "" where it names nobody."""
    said = extended_by(text)
    role = package.jurisdiction.bind(said[0]) if said is not None else ""
    return role if role in package.jurisdiction.roles else ""


def unsaid_of_objections(
    package: Package, answers: Mapping[str, str], reading: ClauseReading, text: str
) -> frozenset[str]:
    """Return the choices that the clause ``text`` does not make: who grants more time, from when the answer counts."""
    decided = answers.get("extended_by", "") == decider_said(package, text) != ""
    return frozenset({*(() if decided else ("extended_by",)), *(() if "counted" in reading.fields else ("counted",))})


def demand_hold(package: Package, answers: Mapping[str, Any]) -> None:
    """Raise Invalid where an open objection is to hold everybody and is drawn to hold only whom it concerns."""
    if answers.get("hold") == "all" and CityStep.SEPARATE in steps_of(package):
        raise Invalid(
            Text(
                "异议没有办结时，已经画成只等被异议的组织，助手不能改回全部等待：请选“只是被异议的组织”，或者在流程图“评选届次”上修改。",
                "Only those concerned wait while an objection is open, as it is drawn now, and the assistant cannot draw that "
                "back: choose “only whom it concerns”, or change the diagram of the round.",
            )
        )


def _own_limits(package: Package) -> dict[str, str]:
    """Return the limits of phases that differ from that of the answer: these were set by themselves."""
    held = {ident: one.values[-1].value for ident, one in package.award.parameters.items() if one.values}
    found, reply = {phase: days_held(held, phase) for phase in _WITHIN}, days_held(held, "reply")
    return {phase: days.typed for phase, days in found.items() if days is not None and days != reply}


def _value(package: Package, ident: str) -> str:
    known = package.award.parameters.get(ident)
    return str(known.values[-1].value) if known is not None and known.values else ""
