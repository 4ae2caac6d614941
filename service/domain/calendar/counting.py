"""Counting working days between two dates."""

from __future__ import annotations

from datetime import date

from service.domain.calendar.clock import DAY
from service.domain.calendar.working import WorkingCalendar


def add_working_days(cal: WorkingCalendar, day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day``, before it if negative; 0 gives the day itself."""
    step = DAY if count > 0 else -DAY
    left = abs(count)
    while left:
        day += step
        left -= cal.is_working(day)
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
