"""Whole numbers as programs write and people type them, few enough digits to be read."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.values.typed_text import clean_number


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
    return [found for text in texts if (found := whole_number(text)) is not None]


def typed_year(text: str) -> int:
    """Return the year that four digits write, 0 for anything else."""
    plain = clean_number(text)
    return (whole_number(plain) or 0) if len(plain) == 4 else 0
