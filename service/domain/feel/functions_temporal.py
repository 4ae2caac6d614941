"""Built-in functions that make and read dates, times and durations (DMN 1.5, tables 73 and 79)."""
# ruff: noqa: ARG001, ARG005  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import cast

from service.domain.feel import temporal
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.values import Function, Value, ValueKind, kind_of, whole

DAYS_OF_WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_OF_YEAR = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def _make_date(meter: Meter, first: Value, month: Value = None, day: Value = None) -> Value:
    if month is None and day is None:
        return _date_from(first)
    parts = (whole(first), whole(month), whole(day))
    if any(part is None for part in parts):
        return None
    try:
        return date(*cast("tuple[int, int, int]", parts))
    except (ValueError, OverflowError):
        return None


def _date_from(value: Value) -> Value:
    if isinstance(value, str):
        return temporal.parse_date(value)
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def _date_and_time(meter: Meter, first: Value, *others: Value) -> Value:
    if not others:
        if isinstance(first, str):
            return temporal.parse_date_time(first)
        if isinstance(first, datetime):
            return first
        return datetime(first.year, first.month, first.day) if isinstance(first, date) else None
    second = others[0]
    if isinstance(first, datetime) and isinstance(second, str):
        return _in_zone(first, second)
    day = _date_from(first) if isinstance(first, date) else None
    return datetime.combine(day, second) if isinstance(day, date) and isinstance(second, time) else None


def _in_zone(moment: datetime, name: str) -> Value:
    try:
        where = temporal.parse_zone(name if name[:1] in "Z+-" else f"@{name}")
        return moment.astimezone(where) if moment.tzinfo else moment.replace(tzinfo=where)
    except (ValueError, OverflowError):
        return None


def _make_time(meter: Meter, first: Value, minute: Value = None, second: Value = None, offset: Value = None) -> Value:
    if minute is None and second is None and offset is None:
        return _time_from(first)
    hours, minutes = whole(first), whole(minute)
    if hours is None or minutes is None or type(second) is not Decimal or not 0 <= second < 60:
        return None
    where = temporal.fixed_zone(offset) if isinstance(offset, timedelta) else None
    if offset is not None and where is None:
        return None
    micros = int(second.scaleb(6))
    try:
        return time(hours, minutes, micros // 10**6, micros % 10**6, tzinfo=where)
    except (ValueError, OverflowError):
        return None


def _time_from(value: Value) -> Value:
    if isinstance(value, str):
        return temporal.parse_time(value)
    if isinstance(value, datetime):
        return value.timetz()
    if isinstance(value, date):
        return time(0, 0, tzinfo=timezone.utc)  # noqa: UP017
    return value if isinstance(value, time) else None


def _make_duration(meter: Meter, source: Value) -> Value:
    if isinstance(source, str):
        return temporal.parse_duration(source)
    return source if kind_of(source) in (ValueKind.DAYS, ValueKind.MONTHS) else None


def _years_and_months(meter: Meter, start: Value, end: Value) -> Value:
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    return temporal.months_between(_to_day(start), _to_day(end))


def _to_day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _of_day(read: Callable[[date], Value]) -> Callable[[Meter, Value], Value]:
    return lambda meter, value: read(_to_day(value)) if isinstance(value, date) else None


TEMPORAL: list[Function] = [
    builtin("date", "from", _make_date, "year, month, day"),
    builtin("date and time", "from", _date_and_time, "date, time", "date and time, timezone"),
    builtin("time", "from", _make_time, "hour, minute, second, offset?"),
    builtin("duration", "from", _make_duration),
    builtin("years and months duration", "from, to", _years_and_months),
    builtin("day of year", "date", _of_day(lambda day: Decimal(day.timetuple().tm_yday))),
    builtin("day of week", "date", _of_day(lambda day: DAYS_OF_WEEK[day.weekday()])),
    builtin("month of year", "date", _of_day(lambda day: MONTHS_OF_YEAR[day.month - 1])),
    builtin("week of year", "date", _of_day(lambda day: Decimal(day.isocalendar().week))),
]
