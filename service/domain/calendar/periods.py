"""Periods counted backwards from an event, and terms of office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.domain.calendar.anniversary import months_on
from service.domain.calendar.clock import DAY, format_full_day
from service.domain.calendar.reasons import doubts_of
from service.domain.calendar.rules import check_length, check_posted
from service.domain.calendar.window import Window
from service.domain.calendar.working import DayFacts, WorkingCalendar
from service.domain.text import Text


def working_days_before(cal: WorkingCalendar, event: date, length: int) -> Window:
    """Return the window whose last day leaves ``length`` whole working days before ``event``.

    "At least ten working days before": neither the last day nor the day of the event is one of the ten.

    Raises:
        BadPeriod: if the length or the day cannot be counted.
    """
    check_length(length)
    check_posted(event)
    day, remaining_days, looked = event, length, []
    while remaining_days:
        day -= DAY
        looked.append(cal.look(day))
        remaining_days -= looked[-1].working
    return _build_window(
        day - DAY,
        event,
        Text(f"{length}个工作日", f"{length} working {'day' if length == 1 else 'days'}"),
        reversed(looked),
    )


def calendar_days_before(event: date, length: int) -> Window:
    """Return the window whose last day leaves ``length`` whole calendar days before ``event``; it never rolls.

    Raises:
        BadPeriod: if the length or the day cannot be counted.
    """
    check_length(length)
    check_posted(event)
    return _build_window(
        event - timedelta(days=length + 1),
        event,
        Text(f"{length}日", f"{length} {'day' if length == 1 else 'days'}"),
        (),
    )


def _build_window(last: date, event: date, length: Text, looked: Iterable[DayFacts]) -> Window:
    days = tuple(looked)
    reason = Text(
        f"在{format_full_day(event).zh}之前留足{length.zh}，至{format_full_day(last).zh}止",
        f"until {format_full_day(last).en}, leaving {length.en} before {format_full_day(event).en}",
    )
    doubts = doubts_of(days)
    because = Text("；".join([reason.zh, *(d.zh for d in doubts)]), "; ".join([reason.en, *(d.en for d in doubts)]))
    return Window(last, last, any(not facts.published for facts in days), because)


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
        for first, last in reversed(
            _merge_intervals([*_iterate_served_terms(term, served), (term.first, self._get_last_day(term))])
        ):
            if later > self.last_day(last + _DAY):
                break
            count, later = count + self._long_as(first, last), first
        return count

    def _get_last_day(self, term: TermPeriod) -> date:
        return term.last or self.last_day(term.first)

    def _long_as(self, first: date, last: date) -> int:
        whole = (self.last_day(first) - first).days + 1
        return max(1, round(((last - first).days + 1) / whole))


def _iterate_served_terms(term: TermPeriod, served: Sequence[TermPeriod]) -> Iterator[tuple[date, date]]:
    """Yield first and last day of each term served; an open one ends before the next, or is left out where its end is said."""
    firsts, closed_starts = (
        {term.first, *(served_term.first for served_term in served)},
        {served_term.first for served_term in served if served_term.last is not None},
    )
    for period in served:
        if period.last is not None:
            yield period.first, period.last
        elif period.first not in closed_starts:
            yield period.first, min((first - _DAY for first in firsts if first > period.first), default=period.first)


def _merge_intervals(intervals: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """Return the intervals in order, those that overlap as one."""
    spans: list[tuple[date, date]] = []
    for first, last in sorted(intervals):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return spans
