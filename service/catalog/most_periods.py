"""The most that clauses allow for a period in words: “应当在15日内完成调查核实” allows no 15 working days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from service.catalog.law import Clause
from service.catalog.law_text.numbers import LawNumber, numbers_in, whole
from service.catalog.law_text.objection_phases import phases_in
from service.catalog.package import Package
from service.catalog.parameters import Basis, Parameter, Unit
from service.catalog.units import is_number

_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
_SURELY_LONGER = 10
"""So many working days in a row are never as few calendar days: between them lies a day of rest, also where weekends are worked."""
_LONGER = "延长"
PHASE_OF = {
    f"objection_{name}_working_days": phase
    for name, phase in (
        ("acceptance", "acceptance"),
        ("completion", "completion"),
        ("forward", "forwarding"),
        ("investigation", "investigation"),
        ("finding", "finding"),
        ("reply", "reply"),
    )
}
"""Which phase of an objection a parameter is the time of."""


@dataclass(frozen=True, slots=True)
class QuotedMost:
    """The longest period that clauses allow, in the ``words`` of the one with ``article``: “15日”."""

    article: str
    number: int
    unit: Unit
    words: str

    def forbids(self, value: int, unit: Unit) -> bool:
        """Tell whether a period is longer for certain: few working days may be as many days."""
        if unit is Unit.CALENDAR_DAYS and self.unit is Unit.WORKING_DAYS:
            return False
        alike = unit is not self.unit and value >= _SURELY_LONGER
        return value > self.number or (alike and value == self.number)


def longer_than_quoted(package: Package, parameter: Parameter, value: Any) -> QuotedMost | None:
    """Return the words of the law that ``value`` of ``parameter`` goes beyond; None where that is not certain.

    A phase of an objection keeps to what the clauses say of this phase. Another time keeps to them where it is stated by
    them, each number of days in them is the most of something, and it is longer than every one.
    """
    if parameter.unit not in _DAYS or not is_number(value):
        return None
    known = package.law.clauses
    cited = [known[ident] for ident in parameter.clauses if ident in known]
    phase = PHASE_OF.get(parameter.id)
    stated = _of_days(cited) if parameter.source is Basis.STATED else iter(())
    found = list(stated if phase is None else _of_phase(cited, phase))
    most = max(found, key=lambda one: one.number, default=None)
    return most if most is not None and all(one.forbids(value, parameter.unit) for one in found) else None


def of_another_phase(parameter: Parameter, clause: Clause, number: LawNumber) -> bool:
    """Tell whether a clause says ``number`` of another phase of an objection than ``parameter`` is the time of."""
    own = PHASE_OF.get(parameter.id)
    if own is None:
        return False
    said = phases_in(clause.text or clause.summary)
    return any(preset.value == number.value for phase, preset in said.items() if phase != own) and not (
        own in said and said[own].value == number.value
    )


def _of_phase(cited: list[Clause], phase: str) -> Iterator[QuotedMost]:
    for clause in cited:
        text = clause.text or clause.summary
        preset = phases_in(text).get(phase)
        if preset is not None and _LONGER not in text:
            unit = Unit.CALENDAR_DAYS if preset.calendar else Unit.WORKING_DAYS
            words = next((n.words for n in numbers_in(text) if n.value == preset.value), preset.value)
            yield QuotedMost(clause.article, int(preset.value), unit, words)


def _of_days(cited: list[Clause]) -> Iterator[QuotedMost]:
    """Yield the most of each clause; none where one of them gives a number of days that is no such bound."""
    found = [(clause, n) for clause in cited for n in numbers_in(clause.text or clause.summary) if n.unit in _DAYS]
    if all(n.bound == "maximum" and _LONGER not in (clause.text or clause.summary) for clause, n in found):
        for clause, number in found:
            yield QuotedMost(clause.article, whole(number.value), number.unit, number.words)
