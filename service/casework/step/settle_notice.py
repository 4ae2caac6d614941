"""Let a running notice end on another day."""

from __future__ import annotations

from service.casework.step.explain import explained
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.store.models import NoticeRow

FIRST_END = "first_end"
"""Name, in the period of a notice, of the day on which it ended before a later one was named."""


def settle_notice(step: Step, notice: NoticeRow, window: Window, *, recounted: bool = False) -> None:
    """Let a notice end as ``window`` says.

    One that is ``recounted`` from its own beginning, on a corrected calendar, takes both its days from the window. Else a
    window that begins after the notice ends names a later day, and the day on which the notice first ended is kept.
    """
    if recounted:
        step.tx.notices.update(notice.id, first_day=window.first_day)
    period = {**notice.period, **explained(window)}
    kept = period.pop(FIRST_END, None)
    if window.first_day > notice.last_day and not recounted:
        period[FIRST_END] = kept or notice.last_day.isoformat()
    step.tx.notices.update(notice.id, last_day=window.last_day, ends_at=window.ends_at, period=period)
