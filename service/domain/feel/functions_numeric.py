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
from service.domain.feel.numbers import CONTEXT, ONE, ZERO, guarded
from service.domain.feel.temporal import YearsMonths
from service.domain.feel.values import Function, Value, elements, truncated

_MIN_SCALE, _MAX_SCALE = -6111, 6176
_HARD = 100
"""Steps that a function worked out by series costs."""


def _rounded(value: Value, scale: Value, rounding: str) -> Value:
    places = truncated(scale)
    if type(value) is not Decimal or places is None or not _MIN_SCALE <= places <= _MAX_SCALE:
        return None
    if -value.as_tuple().exponent <= places:  # type: ignore[operator]  # finite numbers have an int exponent
        return value
    rounded = guarded(value.quantize, ONE.scaleb(-places), rounding, _WIDE)
    return None if rounded is None else guarded(CONTEXT.plus, rounded)


_WIDE = CONTEXT.copy()
_WIDE.prec = 7000


def _rounder(name: str, rounding: str) -> Function:
    return builtin(name, "n, scale", lambda meter, n, scale: _rounded(n, scale, rounding))


def _floor(meter: Meter, n: Value, scale: Value = ZERO) -> Value:
    return _rounded(n, scale, ROUND_FLOOR)


def _ceiling(meter: Meter, n: Value, scale: Value = ZERO) -> Value:
    return _rounded(n, scale, ROUND_CEILING)


def _abs(meter: Meter, n: Value) -> Value:
    if isinstance(n, Decimal | timedelta):
        return abs(n)
    return YearsMonths(abs(n.months)) if isinstance(n, YearsMonths) else None


def _modulo(meter: Meter, dividend: Value, divisor: Value) -> Value:
    if type(dividend) is not Decimal or type(divisor) is not Decimal or not divisor:
        return None
    meter.charge(1 + abs(dividend.adjusted()) + abs(divisor.adjusted()))
    rest = guarded(_WIDE.remainder, dividend, divisor)
    if rest is None:
        return None
    return guarded(CONTEXT.add, rest, divisor if rest and (rest < 0) != (divisor < 0) else ZERO)


def _sqrt(meter: Meter, number: Value) -> Value:
    meter.charge(_HARD)
    return guarded(CONTEXT.sqrt, number) if type(number) is Decimal and number >= 0 else None


def _log(meter: Meter, number: Value) -> Value:
    meter.charge(_HARD)
    return guarded(CONTEXT.ln, number) if type(number) is Decimal and number > 0 else None


def _exp(meter: Meter, number: Value) -> Value:
    meter.charge(_HARD)
    return guarded(CONTEXT.exp, number) if type(number) is Decimal else None


def _odd(meter: Meter, number: Value) -> Value:
    return _parity(number, 1)


def _even(meter: Meter, number: Value) -> Value:
    return _parity(number, 0)


def _parity(number: Value, rest: int) -> Value:
    if type(number) is not Decimal:
        return None
    if number != number.to_integral_value():
        return False if number.adjusted() < 30 else None
    return guarded(_WIDE.remainder, abs(number), Decimal(2)) == rest


NUMERIC = [
    _rounder("decimal", ROUND_HALF_EVEN),
    _rounder("round up", ROUND_UP),
    _rounder("round down", ROUND_DOWN),
    _rounder("round half up", ROUND_HALF_UP),
    _rounder("round half down", ROUND_HALF_DOWN),
    builtin("floor", "n, scale?", _floor),
    builtin("ceiling", "n, scale?", _ceiling),
    builtin("abs", "n", _abs),
    builtin("modulo", "dividend, divisor", _modulo),
    builtin("sqrt", "number", _sqrt),
    builtin("log", "number", _log),
    builtin("exp", "number", _exp),
    builtin("odd", "number", _odd),
    builtin("even", "number", _even),
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
