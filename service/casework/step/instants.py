"""Convert FEEL values to instants."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from service.domain.calendar import CHINA, Window, end_of_day
from service.domain.errors import Invalid
from service.domain.text import Text


def as_instant(value: object) -> datetime | None:
    """Return a FEEL value as an instant, None for what is none.

    A date means the end of that day in Asia/Shanghai, an instant without offset is Shanghai's, text is read as ISO 8601.
    """
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=CHINA)).astimezone(UTC)
    return end_of_day(value) if isinstance(value, date) else None


def require_instant(value: object, name: Text) -> datetime | None:
    """Return the same of what may be left out; raises Invalid, calling it ``name``, for what is given and is no instant."""
    due = as_instant(value)
    if due is None and value is not None:
        raise Invalid(
            Text(
                f"{name.zh}“{value}”不是日期或时刻，写成 2026-03-31 或 2026-03-31T17:00:00+08:00。",
                f"{name.en} “{value}” is no day or instant: write 2026-03-31 or 2026-03-31T17:00:00+08:00.",
            )
        )
    return due


def explain_window(window: Window | None) -> dict[str, Any]:
    """Return a window's explanation as JSON: last_day, zh, en, provisional; empty when there is none."""
    if window is None:
        return {}
    return {
        "first_day": window.first_day.isoformat(),
        "last_day": window.last_day.isoformat(),
        "zh": window.reason.zh,
        "en": window.reason.en,
        "provisional": window.provisional,
        **({"fixed": True} if window.fixed else {}),
    }
