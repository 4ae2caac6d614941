"""Numbers as people type them, exact, and whole ones."""

from __future__ import annotations

import re
from collections.abc import Iterable
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


def whole_number(text: str) -> int | None:
    """Return the number that ASCII digits write, None for anything else or more than 19 of them.

    For addresses, hidden fields and programs; what a person types is read by `typed_whole_number`.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def typed_whole_number(text: str) -> int | None:
    """Return the number a person typed, also in full width or grouped (1,200), None for anything else."""
    return whole_number(clean_number(text))


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Return the numbers among ``texts``, without those that are none."""
    return [number for text in texts if (number := whole_number(text)) is not None]


def typed_year(text: str) -> int:
    """Return the year that four digits write, 0 for anything else."""
    plain = clean_number(text)
    return (whole_number(plain) or 0) if len(plain) == 4 else 0
