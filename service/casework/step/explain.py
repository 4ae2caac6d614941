"""The explanation of a computed date, as stored beside it."""

from __future__ import annotations

from typing import Any

from service.domain.calendar import Window


def explained(window: Window | None) -> dict[str, Any]:
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
