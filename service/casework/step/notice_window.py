"""The period of a running notice as the calendar counts it now, and the timers that wait for its end."""

from __future__ import annotations

import re

from service.casework.step.behind_gateway import timed
from service.casework.step.step import Step
from service.domain.calendar import RestDayRule, StartRule, Window, calendar_window, working_window
from service.engine import TimerWait
from service.store.models import NoticeRow

_END = re.compile(r"\bends_at\b")
"""What `notice.post` calls the end of the notice in its result."""


def counted_again(step: Step, notice: NoticeRow) -> Window:
    """Return the period of a notice as the calendar gives it now, from its day of posting."""
    env, length = step.environment, int(notice.period["length"])
    rule = StartRule(notice.period.get("day_one", env.counting.notice.value))
    roll = RestDayRule(notice.period.get("roll", env.counting.roll.value))
    if notice.period["unit"] == "working_days":
        return working_window(env.calendar, notice.posted_at, length, rule)
    return calendar_window(env.calendar, notice.posted_at, length, rule, roll)


def window_of(step: Step, timer: TimerWait) -> Window | None:
    """Return why a timer is due then: what its formula counted, or the period of the running notice whose end it reads."""
    if timer.window is not None:
        return timer.window
    drawn = timed(step.package, timer.process_id, timer.element_id).timer
    if drawn is None or not _END.search(drawn.expression):
        return None
    ending = (n for n in step.notices() if n.state == "running" and n.ends_at == timer.due)
    windows = (counted_again(step, notice) for notice in ending)
    return next((window for window in windows if window.ends_at == timer.due), None)
