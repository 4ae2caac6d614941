"""Instants (UTC) and statutory dates (Asia/Shanghai), and dates in words, Chinese and English."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from service.domain.text import Text

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


def day_on_record(value: object) -> date:
    """Return the day that a record keeps: a day, or an instant, of one in UTC its day in Asia/Shanghai; 24:00 ends its day.

    Raises:
        ValueError: if it is neither.
    """
    moment = datetime.fromisoformat(str(value))
    return moment.date() if moment.utcoffset() != timedelta(0) else local_date(moment - datetime.resolution)


def end_of_day(day: date) -> datetime:
    """Return the instant, in UTC, of 24:00 in Asia/Shanghai (Civil Code art. 203)."""
    return datetime.combine(day + DAY, time(), CHINA).astimezone(UTC)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_full_day(day: date) -> Text:
    """Return ``2026年5月26日`` / ``26 May 2026``."""
    return Text(f"{day.year}年{format_short_day(day).zh}", f"{format_short_day(day).en} {day.year}")


def format_short_day(day: date) -> Text:
    """Return ``5月26日`` / ``26 May``."""
    return Text(f"{day.month}月{day.day}日", f"{day.day} {_MONTHS[day.month - 1]}")


def format_moment(at: datetime) -> Text:
    """Return ``5月26日 10:32`` / ``26 May 10:32``, in Asia/Shanghai."""
    local_time = at.astimezone(CHINA)
    day, clock = format_short_day(local_time.date()), f"{local_time:%H:%M}"
    return Text(f"{day.zh} {clock}", f"{day.en} {clock}")


def format_minute(at: datetime) -> str:
    """Return ``2026年5月26日10:32``, in Asia/Shanghai."""
    return f"{format_full_day(local_date(at)).zh}{at.astimezone(CHINA):%H:%M}"


def format_end(at: datetime) -> Text:
    """Return the instant at which a limit ends: 24:00 of a day unless an hour is set, in Asia/Shanghai."""
    last = local_date(at - timedelta(seconds=1))
    day, clock = format_full_day(last), f"{at.astimezone(CHINA):%H:%M}"
    whole = at == end_of_day(last)
    return Text(f"{day.zh}24时" if whole else f"{day.zh}{clock}", f"{day.en}, {'24:00' if whole else clock}")


def format_day_span(first: date, last: date) -> Text:
    """Return ``5月27日至31日`` / ``27 to 31 May``; one day is just that day."""
    if first == last:
        return format_short_day(first)
    if (first.year, first.month) == (last.year, last.month):
        return Text(f"{format_short_day(first).zh}至{last.day}日", f"{first.day} to {format_short_day(last).en}")
    return Text(
        f"{format_short_day(first).zh}至{format_short_day(last).zh}",
        f"{format_short_day(first).en} to {format_short_day(last).en}",
    )
