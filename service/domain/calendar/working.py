"""A working-day calendar: layers from the most local to the nation."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar

from service.domain.calendar.clock import DAY
from service.domain.text import Text


class YearStatus(Enum):
    """Whether a notice of the layer's own is loaded, or none is known and the layer adds nothing."""

    PUBLISHED = "published"
    WITHOUT_NOTICE = "none_known"
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


Counted = TypeVar("Counted")

_MOST_COUNTED = 1000
"""Periods that are kept with a calendar: those of a season are some dozens, asked for a thousand times."""


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What the calendar knows of one day: worked or not, why, and how sure that is.

    ``unloaded``: the day's year is over for the calendar, later years are held: it was published, and is not loaded.
    """

    day: date
    working: bool
    published: bool
    day_off: DayOff | None = None
    make_up: bool = False
    unconfirmed: bool = False
    fictional: bool = False
    unloaded: bool = False


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The layers that together decide about a day, the most local one first."""

    layers: tuple[Layer, ...]
    _looked: dict[date, DayFacts] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What was found of a day: reminders and windows ask for the same days again and again."""
    _counted: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def key(self) -> str:
        """The key of the most local layer, such as ``cn-xinjiang``."""
        return self.layers[0].key

    @property
    def name(self) -> Text:
        """The name of the most local layer."""
        return self.layers[0].name

    def look(self, day: date) -> DayFacts:
        """Return what is known of the day; the first layer that lists it decides."""
        facts = self._looked.get(day)
        if facts is None:
            facts = self._looked[day] = self._look_up(day)
        return facts

    def once(self, what: Hashable, count: Callable[[], Counted]) -> Counted:
        """Return what ``count`` makes of this calendar and ``what`` it names alone; a calendar never changes."""
        result: Counted | None = self._counted.get(what)
        if result is None:
            if len(self._counted) >= _MOST_COUNTED:
                self._counted.clear()
            result = self._counted[what] = count()
        return result

    def _look_up(self, day: date) -> DayFacts:
        rest = any(day.isoweekday() in layer.rest_weekdays for layer in self.layers)
        years = self._list_years(day.year)
        fictional = any(year.status is YearStatus.FICTIONAL for year in years)
        published = fictional or len(years) == len(self.layers)
        unloaded = not published and day.year < (self.last_published_year() or 0)
        for year in years:
            if day in year.make_up:
                return DayFacts(day, True, published, make_up=True, fictional=fictional, unloaded=unloaded)
            span = year.day_off(day)
            if span:
                unconfirmed = not span.confirmed and not rest
                return DayFacts(day, False, published, span, False, unconfirmed, fictional, unloaded)
        return DayFacts(day, not rest, published, fictional=fictional, unloaded=unloaded)

    def is_working(self, day: date) -> bool:
        """Return whether the day is worked; in a year that is not held only the weekdays speak."""
        return self.look(day).working

    def working_days_in(self, year: int) -> int:
        """Return the number of working days of a year."""
        first = date(year, 1, 1)
        length = (date(year + 1, 1, 1) - first).days
        return sum(self.is_working(first + timedelta(days=offset)) for offset in range(length))

    def last_published_year(self) -> int | None:
        """Return the last year that every layer has published."""
        common = set.intersection(*(set(layer.years) for layer in self.layers))
        return max(common, default=None)

    def with_years(self, *years: CalendarYear) -> WorkingCalendar:
        """Return the same calendar with fictional years, for simulating seasons of unpublished years.

        A fictional year decides alone: what the layers hold for it is set aside, and every date that looks at it is
        marked as fictional instead of provisional.
        """
        marked = {year.year: replace(year, status=YearStatus.FICTIONAL) for year in years}
        top = self.layers[0]
        layer = replace(top, years=MappingProxyType({**top.years, **marked}))
        return WorkingCalendar((layer, *self.layers[1:]))

    def _list_years(self, number: int) -> list[CalendarYear]:
        years = [layer.years[number] for layer in self.layers if number in layer.years]
        alone = next((year for year in years if year.status is YearStatus.FICTIONAL), None)
        return [alone] if alone else years


def add_working_days(cal: WorkingCalendar, day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``, before it if negative; 0 gives the day itself."""
    step = DAY if count > 0 else -DAY
    remaining_days = abs(count)
    while remaining_days:
        day += step
        remaining_days -= cal.is_working(day)
    return day


def working_days_between(cal: WorkingCalendar, a: date, b: date) -> int:
    """Return how many working days lie after ``a`` up to and including ``b``; negative when ``b`` is before ``a``."""
    if b < a:
        return -working_days_between(cal, b, a)
    count, day = 0, a
    while day < b:
        day += DAY
        count += cal.is_working(day)
    return count
