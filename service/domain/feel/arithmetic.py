"""Arithmetic operators + - * / ** on each pair of kinds (DMN 1.5, 10.3.2.14 and 10.3.2.15)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import cast

from service.domain.feel.limits import Meter
from service.domain.feel.numbers import CONTEXT, ZERO, apply_decimal_operation
from service.domain.feel.temporal import (
    YearsMonths,
    add_months,
    add_to_time,
    from_seconds,
    seconds_of,
    shift_moment,
    time_of_day,
    years_months,
)
from service.domain.feel.values import Value, ValueKind, kind_of

_Operation = Callable[..., Value]


def _add(number: Decimal, other: Decimal) -> Value:
    return apply_decimal_operation(CONTEXT.add, number, other)


def _subtract(number: Decimal, other: Decimal) -> Value:
    return apply_decimal_operation(CONTEXT.subtract, number, other)


def _multiply(number: Decimal, other: Decimal) -> Value:
    return apply_decimal_operation(CONTEXT.multiply, number, other)


def _divide(number: Decimal, other: Decimal) -> Value:
    return apply_decimal_operation(CONTEXT.divide, number, other)


def raise_to_power(base: Decimal, other: Decimal) -> Decimal | None:
    """Raise to a power; None where that is no finite number."""
    return apply_decimal_operation(CONTEXT.power, base, other) if base or other > ZERO else None


def _sum_of_durations(duration: timedelta, other: timedelta) -> Value:
    try:
        return duration + other
    except OverflowError:
        return None


def _date_plus_days(day: date, amount: timedelta) -> Value:
    moment = shift_moment(datetime(day.year, day.month, day.day), amount)
    return None if moment is None else moment.date()


def _between_dates(day: date, other: date) -> Value:
    return day - other


def _get_midnight(day: date) -> datetime:
    """Return the start of ``day`` in UTC, which is what a bare date means beside a date and time."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _between_moments(moment: datetime, other: datetime) -> Value:
    if (moment.tzinfo is None) != (other.tzinfo is None):
        return None
    return moment - other


def _between_times(clock: time, other: time) -> Value:
    if (clock.tzinfo is None) != (other.tzinfo is None):
        return None
    return time_of_day(clock) - time_of_day(other)


def _scaled_days(amount: timedelta, factor: Decimal) -> Value:
    seconds = apply_decimal_operation(CONTEXT.multiply, seconds_of(amount), factor)
    return None if seconds is None else from_seconds(seconds)


def _divided_days(amount: timedelta, by: Decimal) -> Value:
    seconds = apply_decimal_operation(CONTEXT.divide, seconds_of(amount), by)
    return None if seconds is None else from_seconds(seconds)


def _scaled_months(amount: YearsMonths, factor: Decimal) -> Value:
    return _whole_months(apply_decimal_operation(CONTEXT.multiply, Decimal(amount.months), factor))


def _divided_months(amount: YearsMonths, by: Decimal) -> Value:
    return _whole_months(apply_decimal_operation(CONTEXT.divide, Decimal(amount.months), by))


def _whole_months(months: Decimal | None) -> Value:
    return None if months is None or months.adjusted() > 15 else years_months(int(months))


def _swap_operands(operation: _Operation) -> _Operation:
    return lambda value, other: operation(other, value)


_N, _S, _D, _T, _DT, _DD, _YM = (
    ValueKind.NUMBER, ValueKind.STRING, ValueKind.DATE, ValueKind.TIME, ValueKind.DATE_TIME, ValueKind.DAYS, ValueKind.MONTHS
)  # fmt: skip

_ADD: dict[tuple[ValueKind, ValueKind], _Operation] = {
    (_N, _N): _add,
    (_DD, _DD): _sum_of_durations,
    (_YM, _YM): lambda duration, other: years_months(duration.months + other.months),
    (_D, _DD): _date_plus_days,
    (_DT, _DD): shift_moment,
    (_T, _DD): add_to_time,
    (_D, _YM): lambda day, amount: add_months(day, amount.months),
    (_DT, _YM): lambda day, amount: add_months(day, amount.months),
}
_ADD |= {
    (kinds[1], kinds[0]): _swap_operands(operation) for kinds, operation in _ADD.items() if kinds[0] is not kinds[1]
}
_SUBTRACT: dict[tuple[ValueKind, ValueKind], _Operation] = {
    (_N, _N): _subtract,
    (_DD, _DD): lambda duration, other: _sum_of_durations(duration, -other),
    (_YM, _YM): lambda duration, other: years_months(duration.months - other.months),
    (_D, _DD): lambda day, amount: _date_plus_days(day, -amount),
    (_DT, _DD): lambda moment, amount: shift_moment(moment, -amount),
    (_T, _DD): lambda clock, amount: add_to_time(clock, -amount),
    (_D, _YM): lambda day, amount: add_months(day, -amount.months),
    (_DT, _YM): lambda day, amount: add_months(day, -amount.months),
    (_D, _D): _between_dates,
    (_DT, _DT): _between_moments,
    (_D, _DT): lambda day, other: _between_moments(_get_midnight(day), other),
    (_DT, _D): lambda moment, other: _between_moments(moment, _get_midnight(other)),
    (_T, _T): _between_times,
}
_MULTIPLY: dict[tuple[ValueKind, ValueKind], _Operation] = {
    (_N, _N): _multiply,
    (_DD, _N): _scaled_days,
    (_YM, _N): _scaled_months,
}
_MULTIPLY |= {(_N, _DD): _swap_operands(_scaled_days), (_N, _YM): _swap_operands(_scaled_months)}
_DIVIDE: dict[tuple[ValueKind, ValueKind], _Operation] = {
    (_N, _N): _divide,
    (_DD, _N): _divided_days,
    (_YM, _N): _divided_months,
    (_DD, _DD): lambda duration, other: _divide(seconds_of(duration), seconds_of(other)),
    (_YM, _YM): lambda duration, other: _divide(Decimal(duration.months), Decimal(other.months)),
}
_TABLES: dict[str, dict[tuple[ValueKind, ValueKind], _Operation]] = {
    "+": _ADD,
    "-": _SUBTRACT,
    "*": _MULTIPLY,
    "/": _DIVIDE,
    "**": {(_N, _N): raise_to_power},
}


@cache
def result_kinds(sign: str) -> Mapping[tuple[ValueKind, ValueKind], ValueKind]:
    """Return for each pair of kinds that an operator is defined for the kind of what it gives."""
    samples: dict[ValueKind, Value] = {
        _N: Decimal(1), _D: date(2026, 1, 1), _T: time(9), _DT: datetime(2026, 1, 1, tzinfo=UTC), _DD: timedelta(1),
        _YM: YearsMonths(12),
    }  # fmt: skip
    pairs = {pair: kind_of(run(samples[pair[0]], samples[pair[1]])) for pair, run in _TABLES[sign].items()}
    return pairs | ({(_S, _S): _S} if sign == "+" else {})


def calculate(sign: str, left: Value, right: Value, meter: Meter) -> Value:
    """Apply an arithmetic operator; None for kinds or values it is not defined for."""
    if type(left) is str and type(right) is str:
        if sign != "+":
            return None
        meter.room_for_text(len(left) + len(right))
        return left + right
    operation = _TABLES[sign].get((kind_of(left), kind_of(right)))
    return None if operation is None else operation(left, right)


def negate_value(value: Value) -> Value:
    """Apply arithmetic minus; None for what has no negative."""
    kind = kind_of(value)
    if kind is ValueKind.NUMBER:
        return apply_decimal_operation(CONTEXT.minus, value)
    if kind is ValueKind.DAYS:
        return -cast("timedelta", value)
    return YearsMonths(-cast("YearsMonths", value).months) if kind is ValueKind.MONTHS else None
