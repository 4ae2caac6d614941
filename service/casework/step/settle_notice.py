"""Let a running notice end on another day."""

from __future__ import annotations

from service.casework.step.explain import explained
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.store.rows import NoticeRow


def settle_notice(step: Step, notice: NoticeRow, window: Window) -> None:
    """Let a notice end as ``window`` says."""
    period = {**notice.period, **explained(window)}
    step.tx.notices.update(notice.id, last_day=window.last_day, ends_at=window.ends_at, period=period)
