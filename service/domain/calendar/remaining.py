"""Countdowns in working days, as task lists and notices show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from service.domain.calendar.working import WorkingCalendar, working_days_between
from service.domain.text import Text


class RemainingKind(Enum):
    """Before, on or after the last day."""

    LEFT = "left"
    TODAY = "today"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Remaining:
    """Working days left or overdue; ``days`` is 0 or more, 0 with LEFT or OVERDUE when only rest days lie between."""

    kind: RemainingKind
    days: int

    @property
    def text(self) -> Text:
        """The countdown as a phrase: ``还剩 3 个工作日``, ``今天届满``, ``已逾期 2 个工作日``."""
        if self.kind is RemainingKind.TODAY:
            return Text("今天届满", "Ends today")
        zh, en = ("还剩", "left") if self.kind is RemainingKind.LEFT else ("已逾期", "overdue")
        if self.days == 0:
            return Text(f"{zh}不足 1 个工作日", f"Less than 1 working day {en}")
        return Text(f"{zh} {self.days} 个工作日", f"{self.days} working day{'s' * (self.days > 1)} {en}")


def remaining(cal: WorkingCalendar, today: date, last_day: date) -> Remaining:
    """Return how many working days are left after today up to the last day, or passed since it."""
    days = working_days_between(cal, today, last_day)
    if today == last_day:
        return Remaining(RemainingKind.TODAY, 0)
    return Remaining(RemainingKind.LEFT if today < last_day else RemainingKind.OVERDUE, abs(days))
