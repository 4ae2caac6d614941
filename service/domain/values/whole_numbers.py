"""Whole numbers as people and programs type them, few enough digits to be read."""

from __future__ import annotations

from collections.abc import Iterable

from service.domain.values.typed_text import clean_number


def whole_number(text: str) -> int | None:
    """Return the number that digits write, also of full width or grouped (1,200), None for anything else or more than 19 of them."""
    plain = clean_number(text)
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 20 else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Return the numbers among ``texts``, without those that are none."""
    return [found for text in texts if (found := whole_number(text)) is not None]


def year_or_zero(text: str) -> int:
    """Return the year that four digits write, 0 for anything else."""
    return (whole_number(text) or 0) if len(text) == 4 else 0
