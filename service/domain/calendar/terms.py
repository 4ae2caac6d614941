"""Terms of office: when one ends, and how many somebody has served in a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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

        ``served`` are those before, in any order; one without an end lasts until the next begins. Two follow each other
        unless a whole term lies between them. What overlaps is as many terms as it is long, to the nearest: mostly one,
        whose days were corrected.
        """
        count, later = 0, term.first
        for first, last in reversed(_joined([*_ended(term, served), (term.first, self._last(term))])):
            if later > self.last_day(last + _DAY):
                break
            count, later = count + self._long_as(first, last), first
        return count

    def _last(self, term: TermPeriod) -> date:
        return term.last or self.last_day(term.first)

    def _long_as(self, first: date, last: date) -> int:
        whole = (self.last_day(first) - first).days + 1
        return max(1, round(((last - first).days + 1) / whole))


def _ended(term: TermPeriod, served: Sequence[TermPeriod]) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each term served; an open one ends before the next, or is left out where its end is said."""
    firsts, said = {term.first, *(one.first for one in served)}, {one.first for one in served if one.last is not None}
    for one in served:
        if one.last is not None:
            yield one.first, one.last
        elif one.first not in said:
            yield one.first, min((first - _DAY for first in firsts if first > one.first), default=one.first)


def _joined(intervals: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the intervals in order, those that overlap as one."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(intervals):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
