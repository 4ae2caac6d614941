"""Which parameters keep to the least period that a clause gives in words: those that the words are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.law_text.numbers import numbers_in
from service.catalog.package import Package
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.quoted_bounds import QuotedLeast, quoted_least
from service.catalog.parameters.units import PERIODS, is_number
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
