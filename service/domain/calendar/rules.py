"""Rules of counting that a regulation may choose, and the refusal of a period that cannot be counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import Enum

from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text


class StartRule(Enum):
    """Whether the day of posting is day one (Civil Code art. 201 says it is not)."""

    NEXT_DAY = "next_day"
    POSTING_DAY = "posting_day"


DAY_ONE = {
    "day_after_posting": StartRule.NEXT_DAY,
    "day_after_event": StartRule.NEXT_DAY,
    "day_of_posting": StartRule.POSTING_DAY,
    "day_of_event": StartRule.POSTING_DAY,
}
"""The words by which a setting or an element says which day is day one."""


class RestDayRule(Enum):
    """What becomes of a calendar-day period that ends on a rest day (Civil Code art. 203 moves it on)."""

    REST_DAY = "rest_day"
    NONE = "none"


ROLLS = {
    "rest_day": RestDayRule.REST_DAY,
    "next_working_day": RestDayRule.REST_DAY,
    "none": RestDayRule.NONE,
    "no_shift": RestDayRule.NONE,
}
"""The words by which a setting or a single period says what becomes of a last day that is a rest day."""


def rest_day_rule_of(word: str) -> RestDayRule | None:
    """Return the rule that a word names, None where nothing is said; raises Invalid for another word."""
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


@dataclass(frozen=True, slots=True)
class Counting:
    """How a place counts: day one of a notice, day one of any other period, rest days, and when a deadline day ends.

    ``closes`` is the hour, in Asia/Shanghai, at which a named deadline ends; None is 24:00.
    """

    notice: StartRule = StartRule.NEXT_DAY
    period: StartRule = StartRule.NEXT_DAY
    roll: RestDayRule = RestDayRule.REST_DAY
    closes: time | None = None


class BadPeriod(LaurelError):
    """A period that cannot be counted."""

    code = "bad_period"


#: Longer than any period of a regulation; keeps a typing mistake from walking the calendar for ever.
MAX_LENGTH = 3660


#: Postings outside these years are typing mistakes.
YEARS = range(1949, 2200)


def check_posted(posted: date) -> None:
    """Refuse a day of posting so far off that it can only be a typing mistake.

    Raises:
        BadPeriod: with the day that was given.
    """
    if posted.year not in YEARS:
        raise BadPeriod(
            Text(
                f"起算日期 {posted} 不在 {YEARS.start} 至 {YEARS.stop - 1} 年之间，请检查年份。",
                f"{posted} is not between {YEARS.start} and {YEARS.stop - 1}; check the year.",
            )
        )


def check_length(length: int) -> None:
    """Refuse a period of less than one or more than ten years of days.

    Raises:
        BadPeriod: with the length that was given.
    """
    if not 1 <= length <= MAX_LENGTH:
        raise BadPeriod(
            Text(
                f"期限长度为 {length} 天，无法计算；请填写 1 至 {MAX_LENGTH} 之间的整数。",
                f"A period of {length} days cannot be counted; give a whole number from 1 to {MAX_LENGTH}.",
            )
        )
