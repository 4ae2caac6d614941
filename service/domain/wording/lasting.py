"""How long something lasted, in the unit in which people would say it."""

from __future__ import annotations

from datetime import timedelta

from service.domain.text import Text
from service.domain.wording.counted import counted

_SECONDS, _MINUTES, _HOURS = 120, 60, 48
"""Below so many of a unit, it is told in that unit."""


def lasting(gap: timedelta) -> Text:
    """Return a duration in seconds, minutes, hours or days."""
    seconds = round(gap.total_seconds())
    if seconds < _SECONDS:
        return Text(f"{seconds}秒", counted(seconds, "second"))
    minutes = round(seconds / 60)
    if minutes < _MINUTES:
        return Text(f"{minutes}分钟", counted(minutes, "minute"))
    hours = round(minutes / 60)
    if hours <= _HOURS:
        return Text(f"{hours}小时", counted(hours, "hour"))
    return Text(f"{gap.days}天", counted(gap.days, "day"))
