"""Schedule of reminders of a time limit (催办): working days before it, on its last day, and after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from service.domain.calendar import (
    CHINA,
    Remaining,
    RemainingKind,
    WorkingCalendar,
    add_working_days,
    working_days_between,
)
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text

HOUR = time(9)
"""Reminders go out when offices open (Asia/Shanghai)."""

BEFORE, AFTER = (2,), (1, 3, 5)
"""Working days before and after the last day where a city sets none."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """One reminder: ``offset`` working days from the last day, negative before it; ``at`` is an aware instant."""

    offset: int
    at: datetime

    @property
    def late(self) -> bool:
        """Whether the time limit has passed by then; the head of the body is notified too."""
        return self.offset > 0


def reminders(
    calendar: WorkingCalendar, last_day: date, before: Sequence[int] = BEFORE, after: Sequence[int] = AFTER
) -> tuple[Reminder, ...]:
    """Return the reminders of a time limit that ends with ``last_day``, earliest first."""
    offsets = sorted({-abs(n) for n in before} | {0} | {abs(n) for n in after})
    return tuple(Reminder(n, _get_reminder_time(calendar, last_day, n)) for n in offsets)


def offset_on(calendar: WorkingCalendar, last_day: date, reminder: Reminder, today: date) -> int:
    """Return how many working days from the last day a reminder speaks of: its own, or today's where it comes late.

    After a downtime, or a clock that was in doubt, what was to be said before would no longer be true.
    """
    if today <= reminder.at.astimezone(CHINA).date():
        return reminder.offset
    return working_days_between(calendar, last_day, today)


def words(title: str, subject: str, last_day: date, offset: int) -> Text:
    """Return what a reminder says."""
    day = f"{last_day.year}年{last_day.month}月{last_day.day}日"
    if offset < 0:
        return Text(
            f"还剩{-offset}个工作日到期：“{title}”（{subject}），期限{day}。",
            f"{_format_days(offset)}: “{title}” ({subject}), due {format_full_day(last_day).en}.",
        )
    if offset == 0:
        return Text(
            f"今日到期：“{title}”（{subject}），期限{day}。",
            f"Due today: “{title}” ({subject}), {format_full_day(last_day).en}.",
        )
    return Text(
        f"已逾期{offset}个工作日：“{title}”（{subject}），期限为{day}，请立即办理。",
        f"{_format_days(offset)}: “{title}” ({subject}), due {format_full_day(last_day).en}: act now.",
    )


def useful_words(title: str, subject: str, last_day: date, offset: int, why: Text) -> Text:
    """Return what a reminder of a last useful day says; ``why`` tells what follows when it has passed."""
    day = f"{last_day.month}月{last_day.day}日"
    when = f"还剩{-offset}个工作日" if offset else "今天是最后一天"
    when_en = _format_days(offset) if offset else "Today is the last day"
    return Text(
        f"{when}：“{title}”（{subject}）最迟{day}提交，再晚就赶不上后续期限。{why.zh}",
        f"{when_en}: “{title}” ({subject}) must be sent by {format_full_day(last_day).en} to keep what follows in time. {why.en}",
    )


def _format_days(offset: int) -> str:
    """Return in English how many working days are left, or have passed."""
    return Remaining(RemainingKind.OVERDUE if offset > 0 else RemainingKind.LEFT, abs(offset)).text.en


def _get_reminder_time(calendar: WorkingCalendar, last_day: date, offset: int) -> datetime:
    return datetime.combine(add_working_days(calendar, last_day, offset), HOUR, CHINA)
