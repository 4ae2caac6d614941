"""Numbers and fractions that somebody wrote, exact, and bounded: reading one never takes long."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from service.domain.values.typed_text import clean_number

_WRITTEN = re.compile(r"[+-]?(?:\d{1,60}/\d{1,60}|(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][+-]?\d{1,4})?)")

_TYPED = re.compile(r"[+-]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})", re.ASCII)


def typed_number(text: str) -> Decimal:
    """Return the number a person typed, also in full width or grouped (1,200).

    Raises:
        ValueError: for anything else, also what only programs write: 1e3 is rather a slip than a thousand.
    """
    plain = clean_number(text)
    if not _TYPED.fullmatch(plain):
        raise ValueError(f"no number: {plain[:60]!r}")
    return Decimal(plain)


def exact_number(value: object) -> Fraction:
    """Return a number, or one written as text: 12, 0.6, 2/3, 1e-7.

    Raises:
        ValueError: for anything else, a fraction of nothing and an exponent beyond four digits among them.
    """
    text = str(value).strip()
    if not _WRITTEN.fullmatch(text):
        raise ValueError(f"no number: {text[:60]!r}")
    try:
        return Fraction(text)
    except ZeroDivisionError as nothing:
        raise ValueError(f"a fraction of nothing: {text!r}") from nothing
