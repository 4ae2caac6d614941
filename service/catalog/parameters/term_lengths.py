"""How long a term of office is: in years, in months, or in rounds of an award that is given every so many years."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from service.catalog.parameters.parameters import Parameter, Unit

CYCLE = "cycle_years"
"""The parameter that says every how many years the award is given."""
_MONTHS = {Unit.YEARS: 12, Unit.MONTHS: 1}


def term_units(parameters: Mapping[str, Parameter]) -> tuple[Unit, ...]:
    """Return the units in which a term counts; rounds only where the parameters say every how many years one is."""
    return (*_MONTHS, Unit.COUNT) if CYCLE in parameters else tuple(_MONTHS)


def term_months(parameters: Mapping[str, Parameter], length: Parameter, day: date | None = None) -> int | None:
    """Return the months of a term on ``day``, by its last value without one; None for a unit that counts none."""
    cycle = parameters.get(CYCLE)
    each = _MONTHS.get(length.unit)
    if length.unit is Unit.COUNT and cycle is not None:
        each = 12 * _value(cycle, day)
    return None if each is None else _value(length, day) * each


def _value(parameter: Parameter, day: date | None) -> int:
    return int(parameter.values[-1].value if day is None else parameter.value_on(day))
