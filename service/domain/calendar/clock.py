"""Convert between instants (UTC) and statutory dates (Asia/Shanghai)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

#: China has kept +08:00 without summer time since 1992, so no zone database is needed.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

DAY = timedelta(days=1)


def local_date(moment: date | datetime) -> date:
    """Return the date in Asia/Shanghai of an aware instant; a plain date is that date already.

    Raises:
        ValueError: if a datetime has no offset, which is a mistake of the program.
    """
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    return moment.astimezone(CHINA).date()


def end_of_day(day: date) -> datetime:
    """Return the instant, in UTC, of 24:00 in Asia/Shanghai (Civil Code art. 203)."""
    return datetime.combine(day + DAY, time(), CHINA).astimezone(UTC)
