"""Periods counted backwards from an event: the last day on which something is still in time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from service.domain.calendar.clock import DAY
from service.domain.calendar.dates import full
from service.domain.calendar.reasons import doubts_of
from service.domain.calendar.rules import check_length, check_posted
from service.domain.calendar.window import Window
from service.domain.calendar.working import DayFacts, WorkingCalendar
from service.domain.text import Text


def working_days_before(cal: WorkingCalendar, event: date, length: int) -> Window:
    """Return the window whose last day leaves ``length`` whole working days before ``event``.

    "At least ten working days before": neither the last day nor the day of the event is one of the ten.

    Raises:
        BadPeriod: if the length or the day cannot be counted.
    """
    check_length(length)
    check_posted(event)
    day, left, looked = event, length, []
    while left:
        day -= DAY
        looked.append(cal.look(day))
        left -= looked[-1].working
    return _until(
        day - DAY,
        event,
        Text(f"{length}个工作日", f"{length} working {'day' if length == 1 else 'days'}"),
        reversed(looked),
    )


def calendar_days_before(event: date, length: int) -> Window:
    """Return the window whose last day leaves ``length`` whole calendar days before ``event``; it never rolls.

    Raises:
        BadPeriod: if the length or the day cannot be counted.
    """
    check_length(length)
    check_posted(event)
    return _until(
        event - timedelta(days=length + 1),
        event,
        Text(f"{length}日", f"{length} {'day' if length == 1 else 'days'}"),
        (),
    )


def _until(last: date, event: date, length: Text, looked: Iterable[DayFacts]) -> Window:
    days = tuple(looked)
    reason = Text(
        f"在{full(event).zh}之前留足{length.zh}，至{full(last).zh}止",
        f"until {full(last).en}, leaving {length.en} before {full(event).en}",
    )
    doubts = doubts_of(days)
    because = Text("；".join([reason.zh, *(d.zh for d in doubts)]), "; ".join([reason.en, *(d.en for d in doubts)]))
    return Window(last, last, any(not facts.published for facts in days), because)
