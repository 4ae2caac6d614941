"""Dates, times and durations: reading, writing and arithmetic.

Years run from 1 to 9999 and fractions of a second to microseconds, as Python's own types do.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,30}))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]{1,60})?", re.ASCII
)
_MONTHS = re.compile(r"(-)?P(?=\d)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII)
_SECONDS = re.compile(
    r"(-)?P(?=\d|T\d)(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{0,30}))?S)?)?",
    re.ASCII,
)
_LARGEST_OFFSET = timedelta(hours=14)
MAX_MONTHS = 12 * 10**10


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A years and months duration, as a number of months (negative for backwards)."""

    months: int

    @property
    def years(self) -> int:
        """Whole years, towards zero."""
        return abs(self.months) // 12 * (-1 if self.months < 0 else 1)

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        return f"{sign}P" + (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")


def years_months(months: int) -> YearsMonths | None:
    """Return a duration of ``months``; None where it is absurdly long."""
    return YearsMonths(months) if abs(months) <= MAX_MONTHS else None


def parse_date(text: str) -> date | None:
    """Read ``2026-05-01``; None if it is no date."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


@lru_cache(maxsize=256)
def parse_zone(text: str | None) -> tzinfo | None:
    """Read ``Z``, ``+08:00`` or ``@Asia/Shanghai``; raise ValueError for anything else."""
    if text is None:
        return None
    if text == "Z":
        return timezone.utc  # noqa: UP017  one object stands for every zero offset
    if text[0] == "@":
        return _named_zone(text[1:])
    parts = [int(part) for part in text[1:].split(":")]
    offset = timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2] if len(parts) > 2 else 0)
    if offset > _LARGEST_OFFSET or parts[1] > 59:
        raise ValueError(text)
    return fixed_zone(-offset if text[0] == "-" else offset)


def _named_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(name) from error


def fixed_zone(offset: timedelta) -> tzinfo | None:
    """Return the zone ``offset`` away from UTC; None if there is none so far away."""
    if not offset:
        return timezone.utc  # noqa: UP017
    return timezone(offset) if abs(offset) <= _LARGEST_OFFSET else None


def parse_time(text: str) -> time | None:
    """Read ``09:30:00``, with an optional fraction and zone; None if it is no time."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    try:
        fraction = int((match[4] or "0")[:6].ljust(6, "0"))
        return time(int(match[1]), int(match[2]), int(match[3]), fraction, tzinfo=parse_zone(match[5]))
    except ValueError:
        return None


def parse_date_time(text: str) -> datetime | None:
    """Read ``2026-05-01T09:30:00+08:00`` or a bare date (midnight); None if it is neither."""
    day_text, mark, clock_text = text.partition("T")
    day = parse_date(day_text)
    if day is None:
        return None
    if not mark:
        return datetime(day.year, day.month, day.day)
    if clock_text.startswith("24:00:00"):  # the standard's end of day
        clock = parse_time("00" + clock_text[2:])
        return (
            None
            if clock is None or clock.microsecond
            else shift_moment(datetime.combine(day, clock), timedelta(days=1))
        )
    clock = parse_time(clock_text)
    return None if clock is None else datetime.combine(day, clock)


def shift_moment(moment: datetime, amount: timedelta) -> datetime | None:
    """Add ``amount``; None outside the years 1 to 9999."""
    try:
        return moment + amount
    except OverflowError:
        return None


def parse_duration(text: str) -> YearsMonths | timedelta | None:
    """Read ``P1Y2M`` or ``P3DT4H``; None if it is neither."""
    match = _MONTHS.fullmatch(text)
    if match:
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return years_months(-months if match[1] else months)
    match = _SECONDS.fullmatch(text)
    if match is None:
        return None
    days, hours, minutes, seconds = (int(match[n] or 0) for n in (2, 3, 4, 5))
    micros = int((match[6] or "0")[:6].ljust(6, "0"))
    try:
        amount = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
    except OverflowError:
        return None
    return -amount if match[1] else amount


def parse_any(text: str) -> date | time | YearsMonths | timedelta | None:
    """Read what stands in ``@"…"``: a date, time, date and time or duration; None if it is none."""
    if "T" in text.partition("@")[0] and text[0] not in "P-":
        return parse_date_time(text)
    return parse_date(text) or _find_first(parse_time(text), parse_duration(text))


def _find_first(*values: time | YearsMonths | timedelta | None) -> time | YearsMonths | timedelta | None:
    return next((value for value in values if value is not None), None)


def add_months(day: date, months: int) -> date | None:
    """Add calendar months to a date or date and time, keeping to the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> YearsMonths:
    """Return the whole months from ``start`` to ``end`` (negative if ``end`` is earlier)."""
    if end < start:
        return YearsMonths(-months_between(end, start).months)
    months = (end.year - start.year) * 12 + end.month - start.month
    return YearsMonths(months - 1 if end.day < start.day else months)


def seconds_of(amount: timedelta) -> Decimal:
    """Return a days and time duration in seconds."""
    return Decimal((amount.days * 86_400 + amount.seconds) * 10**6 + amount.microseconds).scaleb(-6)


def from_seconds(seconds: Decimal) -> timedelta | None:
    """Return the duration of ``seconds``; None where it is too long."""
    try:
        return timedelta(microseconds=int(seconds.scaleb(6)))
    except (OverflowError, ArithmeticError):
        return None


def time_of_day(clock: time) -> timedelta:
    """Return how long after midnight ``clock`` is, counted in UTC where it knows its offset."""
    passed = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)
    offset = clock.utcoffset()
    return passed if offset is None else passed - offset


def add_to_time(clock: time, amount: timedelta) -> time:
    """Move ``clock`` round the dial by ``amount``."""
    micros = (clock.hour * 3600 + clock.minute * 60 + clock.second) * 10**6 + clock.microsecond
    micros = (micros + round(seconds_of(amount).scaleb(6))) % (86_400 * 10**6)
    seconds, micro = divmod(micros, 10**6)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, micro, tzinfo=clock.tzinfo)


def show_duration(amount: timedelta) -> str:
    """Write a days and time duration the way the standard does: ``-P1DT2H``."""
    micros = abs((amount.days * 86_400 + amount.seconds) * 10**6 + amount.microseconds)
    seconds, fraction = divmod(micros, 10**6)
    days, hours, minutes, seconds = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    if seconds or fraction:
        clock += f"{seconds}.{fraction:06d}".rstrip("0").rstrip(".") + "S" if fraction else f"{seconds}S"
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-" if amount < timedelta(0) else "") + "P" + (body or "T0S")


def show_time(clock: time) -> str:
    """Write a time with its fraction and zone as far as it has them."""
    text = f"{clock.hour:02d}:{clock.minute:02d}:{clock.second:02d}"
    if clock.microsecond:
        text += f".{clock.microsecond:06d}".rstrip("0")
    return text + show_zone(clock.tzinfo)


def show_zone(where: tzinfo | None) -> str:
    """Write ``Z``, ``+08:00``, ``@Asia/Shanghai`` or nothing."""
    if where is None:
        return ""
    if isinstance(where, ZoneInfo):
        return f"@{where.key}"
    offset = where.utcoffset(None) or timedelta(0)
    if not offset:
        return "Z"
    minutes, seconds = divmod(abs(round(offset.total_seconds())), 60)
    text = f"{'-' if offset < timedelta(0) else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return text + (f":{seconds:02d}" if seconds else "")


def show_date_time(moment: datetime) -> str:
    """Write a date and time."""
    return f"{show_date(moment)}T{show_time(moment.timetz())}"


def show_date(day: date) -> str:
    """Write the date part."""
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}"
