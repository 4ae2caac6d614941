"""Equality and order between values (DMN 1.5, 10.3.2.13): None where two values cannot be compared."""
# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import cast

from service.domain.feel.limits import Meter
from service.domain.feel.temporal import time_of_day
from service.domain.feel.values import Function, Range, Value, ValueKind, kind_of, to_feel_value

ORDERED = frozenset(
    {
        ValueKind.NUMBER,
        ValueKind.STRING,
        ValueKind.DATE,
        ValueKind.TIME,
        ValueKind.DATE_TIME,
        ValueKind.DAYS,
        ValueKind.MONTHS,
    }
)
_BY_PYTHON = frozenset(
    {ValueKind.NUMBER, ValueKind.STRING, ValueKind.BOOLEAN, ValueKind.DATE, ValueKind.DAYS, ValueKind.MONTHS}
)
_ORDER: dict[str, Callable[..., bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def is_equal_value(left: Value, right: Value, meter: Meter) -> bool | None:
    """Say whether two values are equal; None for values of different kinds (null differs from everything)."""
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind is not kind_of(right):
        return None
    if kind in _BY_PYTHON:
        return left == right
    meter.charge(1)
    return _EQUAL[kind](left, right, meter)


def _equal_lists(left: list[Value], right: list[Value], meter: Meter) -> bool | None:
    if len(left) != len(right):
        return False
    return _all_equal(zip(left, right, strict=True), meter)


def _all_equal(pairs: zip[tuple[Value, Value]], meter: Meter) -> bool | None:
    result: bool | None = True
    for value, other in pairs:
        meter.charge(1)
        same = is_equal_value(to_feel_value(value), to_feel_value(other), meter)
        if same is False:
            return False
        result = result if same else None
    return result


def _equal_contexts(left: Mapping[str, Value], right: Mapping[str, Value], meter: Meter) -> bool | None:
    if left.keys() != right.keys():
        return False
    return _all_equal(zip(left.values(), [right[key] for key in left], strict=True), meter)


def _equal_ranges(left: Range, right: Range, meter: Meter) -> bool | None:
    if (left.start_included, left.end_included, left.operator) != (
        right.start_included,
        right.end_included,
        right.operator,
    ):
        return False
    return _all_equal(zip((left.start, left.end), (right.start, right.end), strict=True), meter)


def _equal_times(left: time, right: time, meter: Meter) -> bool:
    """Compare to the second, as the standard defines it."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return False
    return time_of_day(left.replace(microsecond=0)) == time_of_day(right.replace(microsecond=0))


def _equal_moments(left: datetime, right: datetime, meter: Meter) -> bool:
    return left.replace(microsecond=0) == right.replace(microsecond=0)


def _same_function(left: Function, right: Function, meter: Meter) -> bool:
    return left is right


_EQUAL = cast(
    "dict[ValueKind, Callable[[Value, Value, Meter], bool | None]]",
    {
        ValueKind.LIST: _equal_lists,
        ValueKind.CONTEXT: _equal_contexts,
        ValueKind.RANGE: _equal_ranges,
        ValueKind.TIME: _equal_times,
        ValueKind.DATE_TIME: _equal_moments,
        ValueKind.FUNCTION: _same_function,
    },
)


def compare_order(sign: str, left: Value, right: Value) -> bool | None:
    """Apply ``<``, ``<=``, ``>`` or ``>=``; None for values without an order between them."""
    kind = kind_of(left)
    if kind is not kind_of(right) or kind not in ORDERED:
        return None
    if isinstance(left, time) and isinstance(right, time):
        if (left.tzinfo is None) != (right.tzinfo is None):
            return None
        left, right = time_of_day(left), time_of_day(right)
    try:
        return _ORDER[sign](left, right)
    except TypeError:  # one has a time zone, the other has none
        return None


def in_range(value: Value, limits: Range, meter: Meter) -> bool | None:
    """Say whether ``value`` lies in ``limits``; None if it cannot be compared with them."""
    if limits.operator == "!=":
        same = is_equal_value(value, limits.start, meter)
        return None if same is None else not same
    if limits.operator == "=":
        return is_equal_value(value, limits.start, meter)
    above = _after_start(value, limits)
    if above is False:
        return False
    below = _before_end(value, limits)
    return False if below is False else (above and below)


def _after_start(value: Value, limits: Range) -> bool | None:
    if limits.start is None and limits.operator in ("<", "<="):
        return True
    return compare_order(">=" if limits.start_included else ">", value, limits.start)


def _before_end(value: Value, limits: Range) -> bool | None:
    if limits.end is None and limits.operator in (">", ">="):
        return True
    return compare_order("<=" if limits.end_included else "<", value, limits.end)


def combine_and(left: bool | None, right: bool | None) -> bool | None:
    """Combine with three-valued AND."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True
