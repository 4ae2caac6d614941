"""The days of a notice as it was counted: by which state of the calendar, and whether a later last day was named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.casework.desk.calendars import former_calendars
from service.casework.sealing.round_read import RoundRead
from service.casework.step.settle_notice import FIRST_END
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import RestDayRule, StartRule, Window, WorkingCalendar, calendar_window, working_window
from service.store.rows import CaseRow, NoticeRow


@dataclass(frozen=True, slots=True)
class CountedDays:
    """The calendar that gives the first and the ``last`` day of a notice, before a later last day was named."""

    calendar: WorkingCalendar
    last: date


def counted_days(read: RoundRead, row: NoticeRow) -> CountedDays:
    """Return how a notice was counted; by today's calendar, as its row says, where no state of the calendars gives its days.

    The day on which it first ended is in its period, or, of one that was extended before periods said so, is what the
    newest calendar gives that comes to an earlier day.
    """
    calendars = _states(read)
    if not row.period.get("length"):
        return CountedDays(calendars[0], row.last_day)
    case = next(case for case in read.cases if case.id == row.case_id)
    found = [(calendar, _window(read, row, case, calendar)) for calendar in calendars]
    began = [(calendar, window.last_day) for calendar, window in found if window.first_day == row.first_day]
    named = date.fromisoformat(str(row.period.get("first_day") or row.first_day)) > row.first_day
    kept = row.period.get(FIRST_END)
    ends = [date.fromisoformat(str(kept))] if kept else [row.last_day]
    ends += [last for _, last in began if named and not kept and last < row.last_day]
    return next(
        (CountedDays(calendar, last) for end in ends for calendar, last in began if last == end),
        CountedDays(calendars[0], ends[0]),
    )


def counted_calendars(read: RoundRead) -> list[WorkingCalendar]:
    """Return today's calendar of the city, then those of before by which a notice was counted, newest first."""
    used = [counted_days(read, row).calendar for row in read.notices]
    today, *former = _states(read)
    return [today, *(one for one in former if one in used)]


def rest_day_rule(read: RoundRead, row: NoticeRow, case: CaseRow) -> RestDayRule:
    """Return what becomes of a last day of rest, as the notice says or else its city."""
    package = read.package_of(case)
    usual = counting_of(package.jurisdiction, package.award.time_settings, case.parameters or {})
    return RestDayRule(row.period.get("roll") or usual.roll.value)


def _states(read: RoundRead) -> list[WorkingCalendar]:
    key = read.package.jurisdiction.calendar
    found = [read.desk.calendar(key), *(state[key] for state in former_calendars(read.desk, read.tx))]
    return [one for place, one in enumerate(found) if one not in found[:place]]


def _window(read: RoundRead, row: NoticeRow, case: CaseRow, calendar: WorkingCalendar) -> Window:
    length, rule = int(row.period["length"]), StartRule(row.period.get("day_one") or StartRule.NEXT_DAY)
    if row.period.get("unit") == "working_days":
        return working_window(calendar, row.posted_at, length, rule)
    return calendar_window(calendar, row.posted_at, length, rule, rest_day_rule(read, row, case))
