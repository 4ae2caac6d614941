"""Convert FEEL values to instants."""

from __future__ import annotations

from datetime import UTC, date, datetime

from service.domain.calendar import end_of_day


def as_instant(value: object) -> datetime | None:
    """Return a FEEL value as an instant; a date means the end of that day in Asia/Shanghai."""
    if isinstance(value, str) and value:
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return end_of_day(value) if isinstance(value, date) else None
