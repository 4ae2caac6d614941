"""Years of a calendar that were typed in the program: their files read, and laid over the calendars of the folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from service.catalog.calendars.calendars import read_year
from service.domain.calendar import CalendarYear, WorkingCalendar


def with_year(
    calendars: Mapping[str, WorkingCalendar], layer: str, year: CalendarYear
) -> Mapping[str, WorkingCalendar]:
    """Return every calendar with ``year`` held by ``layer``, whatever it held before."""
    return MappingProxyType({key: _held(calendar, layer, year) for key, calendar in calendars.items()})


def with_year_files(
    calendars: Mapping[str, WorkingCalendar], files: Iterable[tuple[str, int, str]]
) -> Mapping[str, WorkingCalendar]:
    """Return the calendars with (layer, year, file of the year) laid over them, the later over the earlier."""
    for layer, year, content in files:
        calendars = with_year(calendars, layer, read_year(layer, year, content.encode()))
    return calendars


def _held(calendar: WorkingCalendar, key: str, year: CalendarYear) -> WorkingCalendar:
    if all(layer.key != key for layer in calendar.layers):
        return calendar
    layers = (
        replace(layer, years=MappingProxyType({**layer.years, year.year: year})) if layer.key == key else layer
        for layer in calendar.layers
    )
    return WorkingCalendar(tuple(layers))
