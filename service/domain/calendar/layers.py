"""One layer of a calendar (nation, region, prefecture): its years with holidays and shifted working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from service.domain.text import Text


class YearStatus(Enum):
    """Whether a notice of the layer's own is loaded, or none is known and the layer adds nothing."""

    PUBLISHED = "published"
    NONE_KNOWN = "none_known"
    FICTIONAL = "fictional"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A span of days off, both ends included, as a notice words it."""

    name: Text
    first: date
    last: date
    source: str
    confirmed: bool = True
    applied: bool = True

    def covers(self, day: date) -> bool:
        """Return whether the span is applied and holds the day."""
        return self.applied and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """One year of one layer: days off, and rest days that are worked instead (调休)."""

    year: int
    days_off: tuple[DayOff, ...] = ()
    make_up: frozenset[date] = frozenset()
    status: YearStatus = YearStatus.PUBLISHED
    expected_working_days: int | None = None

    def day_off(self, day: date) -> DayOff | None:
        """Return the applied span that holds the day."""
        return next((span for span in self.days_off if span.covers(day)), None)


@dataclass(frozen=True, slots=True)
class Layer:
    """The years one body has published; ``rest_weekdays`` are ISO weekdays (6 Saturday, 7 Sunday)."""

    key: str
    name: Text
    years: Mapping[int, CalendarYear] = field(default_factory=dict)
    rest_weekdays: frozenset[int] = frozenset()
