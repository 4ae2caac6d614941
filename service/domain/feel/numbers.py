"""Decimal arithmetic as the standard wants it: 34 digits, half-even, no infinities."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

CONTEXT = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)
ZERO = Decimal(0)
ONE = Decimal(1)
MAX_INT_BITS = 20_000
WRITTEN = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
"""A number in the form people may write it in text."""


def from_int(value: int) -> Decimal | None:
    """Return ``value`` as a number of at most 34 digits; None where it is out of range."""
    if -(1 << 63) < value < (1 << 63):
        return Decimal(value)
    if value.bit_length() > MAX_INT_BITS:
        return None
    return apply_decimal_operation(CONTEXT.create_decimal, value)


def from_float(value: float) -> Decimal | None:
    """Return ``value`` in its shortest decimal form; None for infinities and NaN."""
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def from_decimal(value: Decimal) -> Decimal | None:
    """Return ``value``; None for infinities and NaN."""
    return value if value.is_finite() else None


def apply_decimal_operation(operation: Callable[..., Decimal], *operands: object) -> Decimal | None:
    """Apply a decimal operation; what has no finite result is None."""
    try:
        result = operation(*operands)
    except (ArithmeticError, ValueError):
        return None
    return result if result.is_finite() else None


def parse_decimal(text: str) -> Decimal | None:
    """Read digits such as ``12``, ``-0.5`` or ``1.2e4``; anything else is None."""
    return apply_decimal_operation(CONTEXT.create_decimal, text) if len(text) <= 100 else None


def show(number: Decimal) -> str:
    """Write ``number`` without exponent or needless zeros."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
