"""How a city counts time: its settings over those of jurisdiction.yaml, and how long a term of office is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

from service.catalog.jurisdiction import Jurisdiction
from service.catalog.parameters.parameters import Parameter, Unit
from service.domain.calendar import Counting, StartRule
from service.domain.calendar.rules import DAY_ONE, ROLLS

TIME_KEYS = frozenset({"notice_day_one", "period_day_one", "period_ending_on_rest_day", "deadline_end_time"})
"""Keys of parameters that the program itself carries out wherever a date is computed."""


def time_settings(parameters: Mapping[str, Parameter]) -> Mapping[str, str]:
    """Return the names of those parameters by which time is counted, by their keys of the vocabulary."""
    return {p.key: name for name, p in parameters.items() if p.key in TIME_KEYS}


def counting_of(place: Jurisdiction, settings: Mapping[str, str], values: Mapping[str, Any]) -> Counting:
    """Return the counting in force for a case whose frozen parameters are ``values``; unknown words change nothing.

    ``settings`` are an award's `time_settings`.
    """
    chosen = {key: values.get(name) for key, name in settings.items()}
    usual = place.counting
    return replace(
        usual,
        notice=_get_start_rule(chosen.get("notice_day_one"), usual.notice),
        period=_get_start_rule(chosen.get("period_day_one"), usual.period),
        roll=ROLLS.get(str(chosen.get("period_ending_on_rest_day")), usual.roll),
        closes=_parse_closing_time(str(chosen.get("deadline_end_time") or "24:00"), place),
    )


def _get_start_rule(word: object, usual: StartRule) -> StartRule:
    return DAY_ONE.get(str(word), usual)


def _parse_closing_time(word: str, place: Jurisdiction) -> time | None:
    if word == "end_of_office_hours":
        return place.office_closes
    try:
        return time.fromisoformat(word)
    except ValueError:
        return None  # 24:00


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
