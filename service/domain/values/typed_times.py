"""Days and times as people type them, brought to the one way in which they are read."""

from __future__ import annotations

import re
from datetime import date

from service.domain.values.typed_text import clean_word

YEARS = range(1900, 2201)
"""What somebody may mean: 0026 is a year that lost two digits."""


def typed_day(typed: str) -> str:
    """Return 2026-6-5, 2026/06/05, 20260605 or 2026年6月5日 (号) as 2026-06-05; anything else as it was typed."""
    text = clean_word(typed)
    match = re.fullmatch(
        r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?", text, re.ASCII
    ) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text, re.ASCII)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else typed


def read_day(typed: str) -> date:
    """Return the day that somebody typed in any of these ways; raises ValueError for what is no day, or not of our time."""
    day = date.fromisoformat(typed_day(typed).strip())
    if day.year not in YEARS:
        raise ValueError(typed)
    return day


def typed_moment(typed: str) -> str:
    """Return 2026年6月5日 9：30, and what browsers send, as 2026-06-05T09:30; what is no such thing is left to its reader."""
    day, _, clock = clean_word(typed).replace("T", " ").partition(" ")
    return f"{typed_day(day)}T{typed_clock(clock.strip())}"


def typed_clock(text: str) -> str:
    """Return 9:30 as 09:30."""
    return f"0{text}" if re.match(r"\d:", text) else text
