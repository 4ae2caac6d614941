"""Public notices whose last day moves with a time limit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.instants import explain_window
from service.casework.step.step import Step
from service.domain.calendar import RestDayRule, StartRule, Window, calendar_window, working_window
from service.engine import TimerWait
from service.store.models import NoticeRow

_END = re.compile(r"\bends_at\b")
"""What `notice.post` calls the end of the notice in its result."""


def list_running_notices(step: Step, ends: Iterable[datetime] | None = None) -> list[NoticeRow]:
    """Return the notices of a case that run, those that end at one of ``ends`` alone where these are given."""
    instants = None if ends is None else set(ends)
    return [n for n in step.notices() if n.state == "running" and (instants is None or n.ends_at in instants)]


def count_notice(step: Step, notice: NoticeRow) -> Window:
    """Count the period of a notice anew by the calendar of ``step``, from its day of posting."""
    env, length = step.environment, int(notice.period["length"])
    rule = StartRule(notice.period.get("day_one", env.counting.notice.value))
    roll = RestDayRule(notice.period.get("roll", env.counting.roll.value))
    if notice.period["unit"] == "working_days":
        return working_window(env.calendar, notice.posted_at, length, rule)
    return calendar_window(env.calendar, notice.posted_at, length, rule, roll)


def settle_notice(step: Step, notice: NoticeRow, window: Window, *, recounted: bool = False) -> None:
    """Let a notice end as ``window`` says; one ``recounted`` from its own beginning takes its first day from it too."""
    first_day = window.first_day if recounted else notice.first_day
    period = {**notice.period, **explain_window(window)}
    step.tx.notices.change(
        notice.id, first_day=first_day, last_day=window.last_day, ends_at=window.ends_at, period=period
    )


def window_of(step: Step, timer: TimerWait) -> Window | None:
    """Return why a timer is due then: what its formula counted, or the period of the running notice whose end it reads."""
    if timer.window is not None:
        return timer.window
    drawn = get_timed_element(step.package, timer.process_id, timer.element_id).timer
    if drawn is None or not _END.search(drawn.expression):
        return None
    windows = (count_notice(step, notice) for notice in list_running_notices(step, [timer.due]))
    return next((window for window in windows if window.ends_at == timer.due), None)
