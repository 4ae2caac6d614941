"""FEEL functions of statutory time: ``workdays``, ``caldays``, ``months``, ``years``, backwards ones, and ``today``.

Timers, gateways and parameters say ``workdays(5)`` or ``caldays(window.days, posted on)``; the answer is the instant at
which the last day ends. Why it ends then, and whether the date is provisional, reaches the engine through
``context.note``. A missing or uncountable number gives null, as FEEL has it, and so does a day that is named but not
known: only a period for which no day is written at all is counted from now. Days and instants may come as the texts
in which records keep them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from service.domain.calendar.anniversary import MAX_MONTHS, MAX_YEARS, months_window, years_window
from service.domain.calendar.clock import CHINA, day_on_record, local_date
from service.domain.calendar.periods import calendar_days_before, working_days_before
from service.domain.calendar.reasons import SINCE
from service.domain.calendar.rules import DAY_ONE, MAX_LENGTH, ROLLS, Counting, RestDayRule, StartRule
from service.domain.calendar.window import Window, calendar_window, named_day, working_window
from service.domain.calendar.working import WorkingCalendar, working_days_between
from service.domain.feel import Function
from service.domain.feel.functions_temporal import TEMPORAL

_FROM_NOW = object()
"""Stands where no day is written from which to count."""


class TimeContext(Protocol):
    """What evaluation hands to the functions of time."""

    @property
    def now(self) -> datetime:
        """The instant that counts as now, aware."""

    @property
    def foresees(self) -> bool:
        """Whether a period from a day that is not known yet counts from now, for a forecast."""

    @property
    def calendar(self) -> WorkingCalendar:
        """The calendar of the case's place."""

    @property
    def counting(self) -> Counting:
        """How the city counts: day one, rest days, the hour at which a deadline day ends."""

    def note(self, window: Window) -> None:
        """Keep the window that was computed, with its reason and its doubts."""


def workdays(context: TimeContext, n: object, start: object = _FROM_NOW, day_one: object = None) -> datetime | None:
    """Return the end of the ``n``-th working day of a period from ``start``, or from now.

    ``day_one`` is ``"notice"`` for the period of a notice, or says outright whether the first day counts.
    """
    length, begin, rule = (
        _to_whole_number(n, MAX_LENGTH),
        _find_first_day(context, start),
        _find_start_rule(context, day_one),
    )
    if length is None or begin is None or rule is None:
        return None
    return _record_window(context, working_window(context.calendar, begin, length, rule, event=SINCE))


def caldays(
    context: TimeContext, n: object, start: object = _FROM_NOW, day_one: object = None, roll: object = None
) -> datetime | None:
    """Return the end of the ``n``-th calendar day of a period from ``start``, or from now, rolled as the city says.

    ``roll`` says it for this period alone: ``"none"`` leaves a last day of rest where it is, ``"rest_day"`` moves it on.
    """
    length, begin, rule = (
        _to_whole_number(n, MAX_LENGTH),
        _find_first_day(context, start),
        _find_start_rule(context, day_one),
    )
    moved = _find_roll_rule(context, roll)
    if length is None or begin is None or rule is None or moved is None:
        return None
    window = calendar_window(context.calendar, begin, length, rule, moved, event=SINCE)
    return _record_window(context, window)


def day_end(context: TimeContext, day: object, roll: object = None) -> datetime | None:
    """Return the end of a day that was named as a deadline: rolled from a rest day (see ``caldays``), closed as the city says."""
    named, moved = _find_start_day(context, day), _find_roll_rule(context, roll)
    if named is None or moved is None:
        return None
    return _record_window(context, named_day(context.calendar, named, moved, context.counting.closes))


def years(context: TimeContext, n: object, start: object = _FROM_NOW) -> datetime | None:
    """Return the end of the anniversary ``n`` years after ``start``, or after now."""
    length, begin = _to_whole_number(n, MAX_YEARS), _find_first_day(context, start)
    if length is None or begin is None:
        return None
    return _record_window(context, years_window(begin, length))


def months(context: TimeContext, n: object, start: object = _FROM_NOW, roll: object = None) -> datetime | None:
    """Return the end of the corresponding day ``n`` months after ``start``, or after now, rolled as the city or ``roll`` says."""
    length, begin, moved = (
        _to_whole_number(n, MAX_MONTHS),
        _find_first_day(context, start),
        _find_roll_rule(context, roll),
    )
    if length is None or begin is None or moved is None:
        return None
    return _record_window(context, months_window(context.calendar, begin, length, moved))


def workdays_before(context: TimeContext, n: object, event: object) -> datetime | None:
    """Return the end of the last day after which ``n`` whole working days lie before the day ``event``."""
    length, day = _to_whole_number(n, MAX_LENGTH), _find_start_day(context, event)
    if length is None or day is None:
        return None
    return _record_window(context, working_days_before(context.calendar, day, length))


def caldays_before(context: TimeContext, n: object, event: object) -> datetime | None:
    """Return the end of the last day after which ``n`` whole calendar days lie before the day ``event``; never rolled."""
    length, day = _to_whole_number(n, MAX_LENGTH), _find_start_day(context, event)
    if length is None or day is None:
        return None
    return _record_window(context, calendar_days_before(day, length))


def workdays_between(context: TimeContext, start: object, end: object) -> int | None:
    """Return how many working days lie after the day ``start`` up to and including ``end``; negative when it lies before."""
    first, last = _find_start_day(context, start), _find_start_day(context, end)
    if first is None or last is None or abs((last - first).days) > MAX_LENGTH:
        return None
    return working_days_between(context.calendar, first, last)


def today(context: TimeContext) -> date:
    """Return the date of now in Asia/Shanghai."""
    return local_date(context.now)


def now(context: TimeContext) -> datetime:
    """Return the instant that counts as now, whose hour is that in China."""
    return context.now.astimezone(CHINA)


def _record_window(context: TimeContext, window: Window) -> datetime:
    context.note(window)
    return window.ends_at


def _to_whole_number(value: object, most: int) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        return None
    return int(value) if 1 <= value <= most else None


def _find_start_rule(context: TimeContext, start_word: object) -> StartRule | None:
    if start_word is None:
        return context.counting.period
    return context.counting.notice if start_word == "notice" else DAY_ONE.get(str(start_word))


def _find_roll_rule(context: TimeContext, word: object) -> RestDayRule | None:
    return context.counting.roll if word is None else ROLLS.get(str(word))


def _find_first_day(context: TimeContext, value: object) -> date | None:
    """Return the day from which a period counts."""
    return _find_start_day(context, _FROM_NOW if value is None and context.foresees else value)


def _find_start_day(context: TimeContext, value: object) -> date | None:
    if value is _FROM_NOW:
        return local_date(context.now)
    if isinstance(value, str):
        value = _parse_day(value)
    if isinstance(value, datetime):
        return local_date(value if value.tzinfo else value.replace(tzinfo=CHINA))
    return value if isinstance(value, date) else None


def _parse_day(text: str) -> date | None:
    """Return the day or the instant that records keep as ``text``."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-03-02") else datetime.fromisoformat(text)
    except ValueError:
        return None


def day_of(meter: object, *arguments: object) -> object:
    """Return the standard's ``date``, but of an instant in UTC, as records and periods have it, the day in China.

    24:00 belongs to the day that it ends: ``date(workdays(n))`` is the last day.
    """
    (value, *others) = arguments or (None,)
    if isinstance(value, str) and "T" in value:
        value = _parse_day(value)
    if isinstance(value, datetime) and not others and value.utcoffset() == timedelta(0):
        return day_on_record(value)
    return _DATE.call(meter, value, *others)


_DATE = next(function for function in TEMPORAL if function.name == "date")
TIME_FUNCTIONS: tuple[Function, ...] = (
    replace(_DATE, call=day_of),
    Function("workdays", ("n", "from", "day one"), workdays, required=1),
    Function("caldays", ("n", "from", "day one", "roll"), caldays, required=1),
    Function("day_end", ("day", "roll"), day_end, required=1),
    Function("years", ("n", "from"), years, required=1),
    Function("months", ("n", "from", "roll"), months, required=1),
    Function("workdays before", ("n", "event"), workdays_before),
    Function("caldays before", ("n", "event"), caldays_before),
    Function("workdays between", ("start", "end"), workdays_between),
    Function("today", (), today),
    Function("now", (), now),
)
