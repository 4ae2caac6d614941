"""Terms of office: when one ends, and how many somebody has served in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.calendar.anniversary import months_on

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TermPeriod:
    """From ``first`` to ``last`` inclusive; ``last`` None: without an end."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class TermLength:
    """How long a term lasts at most (``months``), and how many may follow each other (``most``, None: any number)."""

    months: int
    most: int | None = None

    def last_day(self, first: date) -> date:
        """Return the last day of a term that begins on ``first``: the one before the corresponding day."""
        return months_on(first, self.months) - _DAY

    def is_too_long(self, term: TermPeriod) -> bool:
        """Tell whether a term lasts longer than it may; one without an end does."""
        return term.last is None or term.last > self.last_day(term.first)

    def in_a_row(self, term: TermPeriod, served: Sequence[TermPeriod]) -> int:
        """Return how many terms somebody would have served in a row with ``term``, that one counted.

        ``served`` are those before, in any order. Two follow each other unless a whole term lies between them. What overlaps
        is as many terms as it is long, to the nearest: mostly one, whose days were corrected.
        """
        count, (first, last) = 0, (term.first, term.last or self.last_day(term.first))
        for before in sorted(served, key=lambda one: one.first, reverse=True):
            ended = before.last or before.first
            if ended >= first:
                first, last = min(before.first, first), max(ended, last)
                continue
            if first > self.last_day(ended + _DAY):
                break
            count += self._long_as(first, last)
            first, last = before.first, ended
        return count + self._long_as(first, last)

    def _long_as(self, first: date, last: date) -> int:
        whole = (self.last_day(first) - first).days + 1
        return max(1, round(((last - first).days + 1) / whole))
