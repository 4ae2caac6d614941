"""Built-in functions that reckon with lists of numbers (DMN 1.5, table 76)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.numbers import CONTEXT, ONE, ZERO
from service.domain.feel.values import Value, elements

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
