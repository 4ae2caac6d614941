"""Windows: first and last day of a period, with explanation and certainty (exact, provisional)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from service.domain.calendar.clock import CHINA, DAY, end_of_day, local_date
from service.domain.calendar.reasons import (
    POSTED,
    Skipped,
    calendar_reason,
    named_reason,
    skipped_spans,
    working_reason,
)
from service.domain.calendar.rules import RestDayRule, StartRule, check_length, check_posted
from service.domain.calendar.working import DayFacts, WorkingCalendar
from service.domain.text import Text

__all__ = ["Skipped", "Window", "calendar_window", "named_day", "working_window"]


@dataclass(frozen=True, slots=True)
class Window:
    """A period counted on a calendar.

    ``provisional``: a day that had to be looked at lies in a year that some layer has not published or that is not loaded; the dates are an
    estimate and must not pass by timer alone. ``relies_on_unconfirmed``: a day off that moved the dates comes from a
    secondary source. ``skipped``: the holidays and rest days that did not count, in order. ``closes``: the hour in
    Asia/Shanghai at which the last day ends, None for 24:00. ``fixed``: the last day was named, not counted;
    ``first_day`` is that day before a rest day moved it. ``length`` is what was counted, in words; None for a named day.
    """

    first_day: date
    last_day: date
    provisional: bool
    reason: Text
    relies_on_unconfirmed: bool = False
    skipped: tuple[Skipped, ...] = ()
    closes: time | None = None
    fixed: bool = False
    length: Text | None = field(default=None, compare=False)

    @property
    def ends_at(self) -> datetime:
        """The instant, in UTC, at which the last day ends in Asia/Shanghai: 24:00, or when the office closes."""
        if self.closes is None:
            return end_of_day(self.last_day)
        return datetime.combine(self.last_day, self.closes, CHINA).astimezone(UTC)


class _CountedDays(NamedTuple):
    first: date
    last: date
    looked: Sequence[DayFacts]


def working_window(
    cal: WorkingCalendar,
    start: datetime | date,
    length: int,
    start_rule: StartRule = StartRule.NEXT_DAY,
    *,
    event: Text = POSTED,
) -> Window:
    """Return the window of ``length`` working days after ``start`` (Civil Code art. 201 and 203).

    Args:
        cal: the calendar of the place.
        start: the instant or the date of posting; an instant counts by its date in Asia/Shanghai.
        length: working days, 1 or more.
        start_rule: whether the day of posting itself counts when it is a working day.
        event: the word for what started the period, as it reads after the date in the reason.

    Raises:
        BadPeriod: if the length cannot be counted.
    """
    check_length(length)
    posted = local_date(start)
    check_posted(posted)
    return cal.once(
        (posted, length, start_rule, event), lambda: _count_working_window(cal, posted, length, start_rule, event)
    )


def _count_working_window(
    cal: WorkingCalendar, posted: date, length: int, start_rule: StartRule, event: Text
) -> Window:
    count = _walk_working(cal, _get_first_day(posted, start_rule), length)
    days = Text(f"{length}个工作日", f"{length} working days")
    return replace(_build_window(count, working_reason(posted, start_rule, days, count.looked, event)), length=days)


def calendar_window(
    cal: WorkingCalendar,
    start: datetime | date,
    length: int,
    start_rule: StartRule = StartRule.NEXT_DAY,
    roll: RestDayRule = RestDayRule.REST_DAY,
    *,
    event: Text = POSTED,
) -> Window:
    """Return the window of ``length`` calendar days after ``start``; a last day of rest moves on unless told not to.

    Args:
        cal: the calendar of the place.
        start: the instant or the date of posting; an instant counts by its date in Asia/Shanghai.
        length: calendar days, 1 or more.
        start_rule: whether the day of posting itself is day one.
        roll: what becomes of a last day that is a rest day (Civil Code art. 203).
        event: the word for what started the period, as it reads after the date in the reason.

    Raises:
        BadPeriod: if the length cannot be counted.
    """
    check_length(length)
    posted = local_date(start)
    check_posted(posted)
    first = _get_first_day(posted, start_rule)
    nominal = first + timedelta(days=length - 1)
    looked = _walk_to_working(cal, nominal) if roll is RestDayRule.REST_DAY else ()
    last = looked[-1].day if looked else nominal
    days = Text(f"{length}日", f"{length} days")
    reason = calendar_reason(posted, start_rule, days, nominal, looked, event)
    return replace(_build_window(_CountedDays(first, last, looked), reason), length=days)


def named_day(
    cal: WorkingCalendar,
    day: date,
    roll: RestDayRule = RestDayRule.REST_DAY,
    closes: time | None = None,
) -> Window:
    """Return the window that ends with a named day; a rest day moves on unless told not to.

    Which day is day one does not matter here: the day itself was named.
    """
    check_posted(day - DAY)
    looked = _walk_to_working(cal, day) if roll is RestDayRule.REST_DAY else ()
    count = _CountedDays(day, looked[-1].day if looked else day, looked)
    return replace(_build_window(count, named_reason(day, looked)), closes=closes, fixed=True)


def _get_first_day(posted: date, start_rule: StartRule) -> date:
    return posted if start_rule is StartRule.POSTING_DAY else posted + DAY


def _walk_working(cal: WorkingCalendar, day: date, length: int) -> _CountedDays:
    looked: list[DayFacts] = []
    worked: list[date] = []
    while len(worked) < length:
        facts = cal.look(day)
        looked.append(facts)
        if facts.working:
            worked.append(day)
        day += DAY
    return _CountedDays(worked[0], worked[-1], looked)


def _walk_to_working(cal: WorkingCalendar, day: date) -> Sequence[DayFacts]:
    looked = [cal.look(day)]
    while not looked[-1].working:
        looked.append(cal.look(looked[-1].day + DAY))
    return looked


def _build_window(count: _CountedDays, reason: Text) -> Window:
    return Window(
        first_day=count.first,
        last_day=count.last,
        provisional=not all(facts.published for facts in count.looked),
        reason=reason,
        relies_on_unconfirmed=any(facts.unconfirmed for facts in count.looked),
        skipped=skipped_spans(count.looked),
    )
