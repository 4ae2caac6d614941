"""The rest-day rule of a single period, read from a diagram."""

from __future__ import annotations

from service.domain.calendar import RestDayRule
from service.domain.calendar.rules import ROLLS
from service.domain.errors import Invalid
from service.domain.text import Text


def rest_day_rule_of(word: str) -> RestDayRule | None:
    """Return the roll that a word names, None where nothing is said; raises Invalid for another word."""
    if not word:
        return None
    if word not in ROLLS:
        raise Invalid(
            Text(
                f"末日遇休息日如何处理不能写“{word}”，可用 rest_day（顺延）、none（不顺延）。",
                f"A last day of rest cannot be “{word}”: write rest_day (moves on) or none (stays).",
            )
        )
    return ROLLS[word]
