"""Periods that the words of cited clauses forbid: shorter than “不少于30日”, longer than “应当在15日内完成”."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.law_text.numbers import numbers_in, whole
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.quoted_bounds import QuotedLeast, quoted_least
from service.catalog.parameters.units import PERIODS, is_number
from service.catalog.settings.objection_periods import PhaseDays
from service.catalog.settings.setting_reach import names_in

_WINDOW = "application_window_"
"""How parameters of the least time to apply begin, in the common vocabulary and in places begun from blank."""


def shorter_than_quoted(package: Package, parameter: Parameter, value: Any) -> QuotedLeast | None:
    """Return the words of the law that ``value`` of ``parameter`` falls short of.

    None where the parameter states a minimum of its own that is no lower. A clause may speak of several periods, so its
    words bind what posts a notice or is the time to apply, and of the others what is stated by a clause with one period
    only. Where the clauses of what posts a notice say nothing of it, those of the step that drafts it do, if they speak of
    one period.
    """
    known = package.law.clauses
    cited = [known[ident] for ident in parameter.clauses if ident in known]
    if not _is_notice_or_window(package, parameter):
        cited = [clause for clause in cited if parameter.source is Basis.STATED and _has_one_period(clause)]
    drafting = _posted_by(package).get((parameter.id, parameter.unit), frozenset())
    least = quoted_least(known, [clause.id for clause in cited], parameter.unit) or quoted_least(
        known, [ident for ident in drafting if ident in known and _has_one_period(known[ident])], parameter.unit
    )
    if least is None or (is_number(parameter.minimum) and parameter.minimum >= least.number):
        return None
    return least if least.forbids(value, parameter.unit) else None


def _is_notice_or_window(package: Package, parameter: Parameter) -> bool:
    if _WINDOW in (parameter.id[: len(_WINDOW)], parameter.key[: len(_WINDOW)]):
        return True
    return (parameter.id, parameter.unit) in _posted_by(package)


def _posted_by(package: Package) -> Mapping[tuple[str, Unit], frozenset[str]]:
    """Return the clauses of the steps that draft a notice, by the parameters that say how long it is posted."""

    def collected() -> Mapping[tuple[str, Unit], frozenset[str]]:
        found: dict[tuple[str, Unit], frozenset[str]] = {}
        for name, unit, clauses in _posted(package):
            found[name, unit] = found.get((name, unit), frozenset()) | clauses
        return found

    return package.derived("posted periods", collected)


def _posted(package: Package) -> Iterator[tuple[str, Unit, frozenset[str]]]:
    """Yield each parameter that says how long a notice is posted, with the unit in which it is read there and its clauses."""
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.operation is not None and element.operation.operation == "notice.draft":
                for unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
                    for name in names_in(element.operation.parameters.get(unit.value, "")):
                        yield name, unit, frozenset(element.clauses)


def _has_one_period(clause: Clause) -> bool:
    return sum(number.unit in PERIODS for number in numbers_in(clause.text or clause.summary)) == 1


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

    A time keeps to the clauses that state it where each number of days in them is the most of something, and it is longer
    than every one.
    """
    if parameter.unit not in _DAYS or not is_number(value) or parameter.source is not Basis.STATED:
        return None
    known = package.law.clauses
    found = list(_of_days([known[ident] for ident in parameter.clauses if ident in known]))
    most = max(found, key=lambda one: one.number, default=None)
    return most if most is not None and all(one.forbids(value, parameter.unit) for one in found) else None


def _of_days(cited: list[Clause]) -> Iterator[QuotedMost]:
    """Yield the most of each clause; none where one of them gives a number of days that is no such bound."""
    found = [(clause, n) for clause in cited for n in numbers_in(clause.text or clause.summary) if n.unit in _DAYS]
    if all(n.bound == "maximum" and _LONGER not in (clause.text or clause.summary) for clause, n in found):
        for clause, number in found:
            yield QuotedMost(clause.article, whole(number.value), number.unit, number.words)
