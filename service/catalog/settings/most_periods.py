"""The most that clauses allow for a period in words: “应当在15日内完成调查核实” allows no 15 working days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service.catalog.clause_kinds.phase_days import DECISION, PHASE_OF, PhaseDays
from service.catalog.law.law import Clause
from service.catalog.law_text.appeal_said import appeal_said
from service.catalog.law_text.numbers import LawNumber, numbers_in, whole
from service.catalog.law_text.objection_phases import phases_in
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.units import is_number

_DAYS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS)
_WEEK, _REST = 5, 2
_LONGER = "延长"


@dataclass(frozen=True, slots=True)
class QuotedMost:
    """The longest period that clauses allow, in the ``words`` of the one with ``article``: “15日”."""

    article: str
    number: int
    unit: Unit
    words: str

    @property
    def said(self) -> str:
        """The period as it is typed: 15 working days as 15, 15 days of all as 15日."""
        return PhaseDays(self.number, self.unit).typed

    def forbids(self, value: int, unit: Unit) -> bool:
        """Tell whether a period is longer, or may be in a week without a holiday: 11 working days are up to 17 days."""
        if unit is Unit.CALENDAR_DAYS and self.unit is Unit.WORKING_DAYS:
            return False
        return (value if unit is self.unit else _at_most(value)) > self.number


def _at_most(working: int) -> int:
    """Return as how many days so many working days end at the latest, no holiday between: from a Friday on, over weekends."""
    return working + _REST * (1 + (working - 1) // _WEEK)


def longer_than_quoted(package: Package, parameter: Parameter, value: Any) -> QuotedMost | None:
    """Return the words of the law that ``value`` of ``parameter`` goes beyond, or may; None where it keeps to them.

    A phase of an objection keeps to what the clauses say of this phase. Another time keeps to them where it is stated by
    them, each number of days in them is the most of something, and it is longer than every one.
    """
    if parameter.unit not in _DAYS or not is_number(value):
        return None
    known = package.law.clauses
    cited = [known[ident] for ident in parameter.clauses if ident in known]
    phase = PHASE_OF.get(parameter.id)
    if phase is not None:
        return longer_than_said(cited, phase, PhaseDays(int(value), parameter.unit))
    found = list(_of_days(cited)) if parameter.source is Basis.STATED else []
    return _forbidding(found, value, parameter.unit)


def longer_than_said(cited: Iterable[Clause], phase: str, days: PhaseDays) -> QuotedMost | None:
    """Return the words of ``cited`` clauses that ``days`` of a phase of an objection go beyond, or may; None for none."""
    return _forbidding(list(_of_phase(cited, phase)), days.number, days.unit)


def _forbidding(found: list[QuotedMost], value: int, unit: Unit) -> QuotedMost | None:
    most = max(found, key=lambda one: one.number, default=None)
    return most if most is not None and all(one.forbids(value, unit) for one in found) else None


def of_another_phase(parameter: Parameter, clause: Clause, number: LawNumber) -> bool:
    """Tell whether a clause says ``number`` of another phase of an objection than ``parameter`` is the time of."""
    own = PHASE_OF.get(parameter.id)
    if own is None:
        return False
    said = phases_in(clause.text or clause.summary)
    return any(preset.value == number.value for phase, preset in said.items() if phase != own) and not (
        own in said and said[own].value == number.value
    )


def _of_phase(cited: Iterable[Clause], phase: str) -> Iterator[QuotedMost]:
    for clause in cited:
        text = clause.text or clause.summary
        appeal = appeal_said(text) if phase == DECISION else None
        if appeal is not None and appeal.decision is not None:
            said = appeal.decision
            yield QuotedMost(clause.article, said.number, said.unit, said.words)
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
