"""Statutory working days: layered calendars, windows, countdowns and anniversaries.

Everything here is pure: calendars are values loaded elsewhere, and "now" is an argument.
"""

from service.domain.calendar.anniversary import anniversary, years_window
from service.domain.calendar.clock import CHINA, day_on_record, end_of_day, local_date
from service.domain.calendar.remaining import Remaining, RemainingKind, remaining
from service.domain.calendar.rules import BadPeriod, Counting, RestDayRule, StartRule
from service.domain.calendar.window import Window, calendar_window, named_day, working_window
from service.domain.calendar.working import (
    CalendarYear,
    DayOff,
    Layer,
    WorkingCalendar,
    YearStatus,
    add_working_days,
    working_days_between,
)

__all__ = [
    "CHINA",
    "BadPeriod",
    "CalendarYear",
    "Counting",
    "DayOff",
    "Layer",
    "Remaining",
    "RemainingKind",
    "RestDayRule",
    "StartRule",
    "Window",
    "WorkingCalendar",
    "YearStatus",
    "add_working_days",
    "anniversary",
    "calendar_window",
    "day_on_record",
    "end_of_day",
    "local_date",
    "named_day",
    "remaining",
    "working_days_between",
    "working_window",
    "years_window",
]
