"""Which parameters keep to the least period that a clause gives in words: those that the words are about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.catalog.law import Clause
from service.catalog.law_text.numbers import numbers_in
from service.catalog.package import Package
from service.catalog.parameters import Basis, Parameter, Unit
from service.catalog.quoted_bounds import QuotedLeast, quoted_least
from service.catalog.setting_reach import names_in

_PERIODS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS)
_WINDOW = "application_window_"
"""How parameters of the least time to apply begin, in the common vocabulary and in places begun from blank."""


def shorter_than_quoted(package: Package, parameter: Parameter, value: Any) -> QuotedLeast | None:
    """Return the words of the law that ``value`` of ``parameter`` falls short of.

    None where the parameter states bounds of its own: whoever entered those has read the clause. A clause may speak of
    several periods, so its words bind what posts a notice or is the time to apply, and of the others what is stated by
    a clause with one period only.
    """
    if parameter.minimum is not None or parameter.maximum is not None:
        return None
    known = package.law.clauses
    cited = [known[ident] for ident in parameter.clauses if ident in known]
    if not _is_notice_or_window(package, parameter):
        cited = [clause for clause in cited if parameter.source is Basis.STATED and _has_one_period(clause)]
    least = quoted_least(known, [clause.id for clause in cited], parameter.unit)
    return least if least is not None and least.forbids(value, parameter.unit) else None


def _is_notice_or_window(package: Package, parameter: Parameter) -> bool:
    if _WINDOW in (parameter.id[: len(_WINDOW)], parameter.key[: len(_WINDOW)]):
        return True
    posted = package.derived("posted periods", lambda: frozenset(_posted(package)))
    return (parameter.id, parameter.unit) in posted


def _posted(package: Package) -> Iterator[tuple[str, Unit]]:
    """Yield each parameter that says how long a notice is posted, with the unit in which it is read there."""
    for diagram in package.diagrams.values():
        for element in diagram.elements.values():
            if element.operation is not None and element.operation.operation == "notice.draft":
                for unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS):
                    for name in names_in(element.operation.parameters.get(unit.value, "")):
                        yield name, unit


def _has_one_period(clause: Clause) -> bool:
    return sum(number.unit in _PERIODS for number in numbers_in(clause.text or clause.summary)) == 1
