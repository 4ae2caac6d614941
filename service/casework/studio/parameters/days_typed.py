"""A period that is typed in the other days than its parameter counts: 30日 instead of so many working days."""

from __future__ import annotations

from dataclasses import replace

from service.catalog import Parameter
from service.catalog.parameters.parameter_entries import recount_parameter
from service.catalog.settings.objection_periods import in_other_unit, read_phase_days


def in_days_typed(text: str, old: Parameter | None, value: str) -> tuple[str, Parameter | None]:
    """Return parameters.yaml and the parameter as ``value`` counts it: under its other name where it says other days.

    Only the time of a phase of an objection may count either; a number alone counts what it counted.
    """
    other = in_other_unit(old.id) if old is not None else ""
    days = read_phase_days(value)
    if old is None or not other or days is None or value.strip().isdecimal() or days.unit is old.unit:
        return text, old
    recounted = recount_parameter(text, old.id, other, days.unit.value)
    return recounted, replace(old, id=other, unit=days.unit, minimum=None, maximum=None)


def number_of_days(value: str) -> str:
    """Return the number of a period that was typed with its unit; what is none as it is."""
    days = read_phase_days(value)
    return str(days.number) if days is not None else value
