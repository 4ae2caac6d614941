"""Time limits as pages show them: working days left, state and explanation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from service.casework.step.limits.days import find_limit_day, last_day_of, read_statutory_limit
from service.domain.calendar import RemainingKind, WorkingCalendar, local_date, remaining
from service.domain.text import Text
from service.domain.values.bounds import OneOf
from service.store import NEVER
from service.store.models import NoticeRow

NO_REMAINING_DAYS = 0


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """What is left of a time limit.

    ``remaining`` counts days: 0 today, negative when over, None without a limit; ``kind`` says which
    ("working", or "calendar" where only rest days lie between); ``state`` is "running", "paused",
    "provisional" or "done". ``reason`` explains ``last_day``. ``useful``: ``last_day`` is the last useful one; the
    statutory limit, if there is one, ends on ``law`` only, too late for what follows.
    """

    remaining: int | None = None
    last_day: date | None = None
    reason: Text | None = None
    kind: Annotated[str, OneOf(("working", "calendar"))] = "working"
    state: Annotated[str, OneOf(("running", "paused", "provisional", "done"))] = "running"
    useful: bool = False
    law: date | None = None

    @property
    def missed(self) -> bool:
        """Whether later time limits cannot be kept any more, however soon this is done."""
        return self.useful and self.late

    @property
    def late(self) -> bool:
        """Whether the limit is over."""
        return self.remaining is not None and self.remaining < NO_REMAINING_DAYS and self.state != "done"


NO_LIMIT = TimeLimit()


def state_in(status: str) -> str:
    """Return the state of the limits in a case of ``status``: while it is suspended none of them runs."""
    return "paused" if status == "suspended" else "running"


def time_limit(
    calendar: WorkingCalendar,
    due_at: datetime,
    reason: Mapping[str, Any] | None,
    now: datetime,
    state: str = "running",
) -> TimeLimit:
    """Return the limit that ends at ``due_at`` (24:00 of its last day), seen at ``now``."""
    if due_at >= NEVER:
        return replace(NO_LIMIT, state=state)
    explanation = reason or {}
    last_day = last_day_of(due_at, explanation)
    limit = day_limit(calendar, last_day, local_date(now), explanation, state)
    if not explanation.get("chain"):
        return limit
    return replace(limit, useful=True, law=find_limit_day(read_statutory_limit(due_at, explanation)))


def notice_limit(calendar: WorkingCalendar, row: NoticeRow, today: date) -> TimeLimit:
    """Return the last day of a notice, which nothing is left of once it is over."""
    return day_limit(calendar, row.last_day, today, row.period or {}, "running" if row.state == "running" else "done")


def day_limit(
    calendar: WorkingCalendar, last_day: date, today: date, reason: Mapping[str, Any], state: str = "running"
) -> TimeLimit:
    """Return the limit whose last day is ``last_day``; ``reason`` holds zh, en and provisional."""
    words = Text(str(reason["zh"]), str(reason.get("en") or reason["zh"])) if reason.get("zh") else None
    if state == "running" and reason.get("provisional"):
        state = "provisional"
    remaining_days = remaining(calendar, today, last_day)
    if remaining_days.kind is RemainingKind.TODAY:
        return TimeLimit(0, last_day, words, "working", state)
    if remaining_days.days == 0:
        return TimeLimit((last_day - today).days, last_day, words, "calendar", state)
    days = remaining_days.days if remaining_days.kind is RemainingKind.LEFT else -remaining_days.days
    return TimeLimit(days, last_day, words, "working", state)
