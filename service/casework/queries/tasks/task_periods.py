"""When the tasks of a list are due: overdue, today, this week, on a day, or never."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TypedDict

from service.domain.calendar import end_of_day, local_date
from service.store import NEVER

PERIODS = ("late", "today", "week", "none")
"""Words that name a period; each is counted above the list."""


class DueWithin(TypedDict, total=False):
    """The part of a `TaskFilter` that a period sets."""

    due_from: datetime | None
    due_before: datetime | None
    overdue: datetime | None


_ENDS: Mapping[str, Callable[[date], date]] = {
    "today": lambda today: today,
    "week": lambda today: today + timedelta(days=7 - today.isoweekday()),
}
_SECOND = timedelta(seconds=1)
"""What is due on a day is due at its end; the second after belongs to the next."""
_FIRST_YEAR, _LAST_YEAR = 1950, 2200


def period(due: str, now: datetime) -> DueWithin:
    """Return when tasks of the period ``due`` are due; what is no period and no day means any time."""
    if due == "late":
        return {"overdue": now}
    if due == "none":
        return {"due_from": NEVER}
    if due in _ENDS:
        return {"due_from": now, "due_before": _end(due, now)}
    day = due_day(due)
    if day is None:
        return {}
    return {"due_from": end_of_day(day - timedelta(days=1)) + _SECOND, "due_before": end_of_day(day) + _SECOND}


def period_ends(now: datetime) -> tuple[datetime, ...]:
    """Return where overdue, today, the week and everything that is due at all end."""
    return now, _end("today", now), _end("week", now), NEVER


def is_period(due: str) -> bool:
    """Return whether ``due`` names a period or a day."""
    return due in PERIODS or due_day(due) is not None


def due_day(due: str) -> date | None:
    """Return the day that ``due`` names, if it names one that can be."""
    try:
        day = date.fromisoformat(due)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _end(word: str, now: datetime) -> datetime:
    return end_of_day(_ENDS[word](local_date(now))) + _SECOND
