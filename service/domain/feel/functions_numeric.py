"""Built-in functions on numbers (DMN 1.5, table 75)."""

# ruff: noqa: ARG001, ARG005  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.numbers import CONTEXT, ONE, ZERO, apply_decimal_operation
from service.domain.feel.temporal import YearsMonths
from service.domain.feel.values import Function, Value, elements, truncate_number

_MIN_SCALE, _MAX_SCALE = -6111, 6176
_HARD = 100
"""Steps that a function worked out by series costs."""


def _round_value(value: Value, scale: Value, rounding: str) -> Value:
    places = truncate_number(scale)
    if type(value) is not Decimal or places is None or not _MIN_SCALE <= places <= _MAX_SCALE:
        return None
    if -value.as_tuple().exponent <= places:  # type: ignore[operator]  # finite numbers have an int exponent
        return value
    rounded = apply_decimal_operation(value.quantize, ONE.scaleb(-places), rounding, _WIDE)
    return None if rounded is None else apply_decimal_operation(CONTEXT.plus, rounded)


_WIDE = CONTEXT.copy()
_WIDE.prec = 7000


def _make_rounder(name: str, rounding: str) -> Function:
    return builtin(name, "n, scale", lambda meter, n, scale: _round_value(n, scale, rounding))


def _round_floor(meter: Meter, n: Value, scale: Value = ZERO) -> Value:
    return _round_value(n, scale, ROUND_FLOOR)


def _round_ceiling(meter: Meter, n: Value, scale: Value = ZERO) -> Value:
    return _round_value(n, scale, ROUND_CEILING)


def _compute_absolute(meter: Meter, n: Value) -> Value:
    if isinstance(n, Decimal | timedelta):
        return abs(n)
    return YearsMonths(abs(n.months)) if isinstance(n, YearsMonths) else None


def _compute_modulo(meter: Meter, dividend: Value, divisor: Value) -> Value:
    if type(dividend) is not Decimal or type(divisor) is not Decimal or not divisor:
        return None
    meter.charge(1 + abs(dividend.adjusted()) + abs(divisor.adjusted()))
    rest = apply_decimal_operation(_WIDE.remainder, dividend, divisor)
    if rest is None:
        return None
    return apply_decimal_operation(CONTEXT.add, rest, divisor if rest and (rest < 0) != (divisor < 0) else ZERO)


def _compute_root(meter: Meter, number: Value) -> Value:
    meter.charge(_HARD)
    return apply_decimal_operation(CONTEXT.sqrt, number) if type(number) is Decimal and number >= 0 else None


def _compute_logarithm(meter: Meter, number: Value) -> Value:
    meter.charge(_HARD)
    return apply_decimal_operation(CONTEXT.ln, number) if type(number) is Decimal and number > 0 else None


def _compute_exponential(meter: Meter, number: Value) -> Value:
    meter.charge(_HARD)
    return apply_decimal_operation(CONTEXT.exp, number) if type(number) is Decimal else None


def _is_odd(meter: Meter, number: Value) -> Value:
    return _has_remainder(number, 1)


def _is_even(meter: Meter, number: Value) -> Value:
    return _has_remainder(number, 0)


def _has_remainder(number: Value, rest: int) -> Value:
    if type(number) is not Decimal:
        return None
    if number != number.to_integral_value():
        return False if number.adjusted() < 30 else None
    return apply_decimal_operation(_WIDE.remainder, abs(number), Decimal(2)) == rest


NUMERIC = [
    _make_rounder("decimal", ROUND_HALF_EVEN),
    _make_rounder("round up", ROUND_UP),
    _make_rounder("round down", ROUND_DOWN),
    _make_rounder("round half up", ROUND_HALF_UP),
    _make_rounder("round half down", ROUND_HALF_DOWN),
    builtin("floor", "n, scale?", _round_floor),
    builtin("ceiling", "n, scale?", _round_ceiling),
    builtin("abs", "n", _compute_absolute),
    builtin("modulo", "dividend, divisor", _compute_modulo),
    builtin("sqrt", "number", _compute_root),
    builtin("log", "number", _compute_logarithm),
    builtin("exp", "number", _compute_exponential),
    builtin("odd", "number", _is_odd),
    builtin("even", "number", _is_even),
]


_Reckoning = Callable[[list[Decimal]], Value]


def _over_numbers(reckon: _Reckoning, least: int = 1) -> Callable[..., Value]:
    """Apply ``reckon`` to the numbers given as a list or one by one; anything else among them gives None."""

    def call(meter: Meter, *arguments: Value) -> Value:
        if len(arguments) == 1 and arguments[0] is None:
            return None
        values = elements(arguments[0]) if len(arguments) == 1 else list(arguments)
        meter.charge(2 * len(values))
        numbers = [value for value in values if type(value) is Decimal]
        return None if len(numbers) < len(values) or len(numbers) < least else reckon(numbers)

    return call


def _sum(numbers: list[Decimal]) -> Decimal:
    total = ZERO
    for number in numbers:
        total = CONTEXT.add(total, number)
    return total


def _mean(numbers: list[Decimal]) -> Decimal:
    return CONTEXT.divide(_sum(numbers), Decimal(len(numbers)))


def _product(numbers: list[Decimal]) -> Decimal:
    total = ONE
    for number in numbers:
        total = CONTEXT.multiply(total, number)
    return total


def _median(numbers: list[Decimal]) -> Value:
    ranked = sorted(numbers)
    middle = len(ranked) // 2
    return ranked[middle] if len(ranked) % 2 else _mean(ranked[middle - 1 : middle + 1])


def _stddev(numbers: list[Decimal]) -> Value:
    """Return the standard deviation of a sample."""
    mean = _mean(numbers)
    squares = [CONTEXT.power(CONTEXT.subtract(number, mean), 2) for number in numbers]
    return CONTEXT.sqrt(CONTEXT.divide(_sum(squares), Decimal(len(numbers) - 1)))


def _mode(numbers: list[Decimal]) -> Value:
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


STATISTICS = [
    builtin("sum", "list…", _over_numbers(_sum)),
    builtin("mean", "list…", _over_numbers(_mean)),
    builtin("product", "list…", _over_numbers(_product)),
    builtin("median", "list…", _over_numbers(_median)),
    builtin("stddev", "list…", _over_numbers(_stddev, least=2)),
    builtin("mode", "list…", _over_numbers(_mode, least=0)),
]
