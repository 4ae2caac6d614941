"""Periods of years and of months."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from service.domain.calendar.clock import format_full_day, local_date
from service.domain.calendar.reasons import SINCE
from service.domain.calendar.rules import BadPeriod, RestDayRule, StartRule, check_posted
from service.domain.calendar.window import Window, calendar_window
from service.domain.calendar.working import WorkingCalendar
from service.domain.text import Text

MAX_YEARS = 100
MAX_MONTHS = 12 * MAX_YEARS


def anniversary(day: date, years: int) -> date:
    """Return the same day ``years`` later; a missing 29 February becomes the 28th (Civil Code art. 202)."""
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def years_window(start: datetime | date, years: int) -> Window:
    """Return the period of whole years that ends with the corresponding day (Civil Code art. 201, 202).

    How long a title or an exclusion lasts does not depend on rest days, so the last day never rolls and the result is
    never provisional.

    Raises:
        BadPeriod: if the number of years is not 1 to 100.
    """
    _refuse_outside(years, MAX_YEARS, Text("年", "years"))
    begin = local_date(start)
    check_posted(begin)
    last = anniversary(begin, years)
    reason = Text(
        f"{format_full_day(begin).zh}{SINCE.zh}满{years}年，至{format_full_day(last).zh}止",
        f"{years} full years {SINCE.en} {format_full_day(begin).en}, until {format_full_day(last).en}",
    )
    return Window(begin, last, provisional=False, reason=reason)


def months_on(day: date, months: int) -> date:
    """Return the same day ``months`` later; a day that month does not have becomes its last (Civil Code art. 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_window(cal: WorkingCalendar, start: datetime | date, months: int, roll: RestDayRule) -> Window:
    """Return the period of whole months that ends with the corresponding day; a last day of rest moves on if told so.

    Raises:
        BadPeriod: if the number of months is not 1 to 1200.
    """
    _refuse_outside(months, MAX_MONTHS, Text("个月", "months"))
    begin = local_date(start)
    check_posted(begin)
    nominal = months_on(begin, months)
    return calendar_window(cal, begin, (nominal - begin).days, StartRule.NEXT_DAY, roll)


def _refuse_outside(count: int, most: int, unit: Text) -> None:
    if not 1 <= count <= most:
        raise BadPeriod(
            Text(
                f"期限为 {count} {unit.zh}，无法计算；请填写 1 至 {most} 之间的整数。",
                f"A period of {count} {unit.en} cannot be counted; give a whole number from 1 to {most}.",
            )
        )
