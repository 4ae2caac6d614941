"""A line of heat: how many stand at one step, how long, and how long it took before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spread:
    """Durations in days: the middle one, what 95 of 100 do not exceed, and the longest."""

    median: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class HeatLine:
    """One step: what stands there now and how long, what was done in the period and how long it took.

    ``here`` are the cases that stand there; ``summed`` says that they were too many to be counted by case: it is what
    waits. ``count`` are open tasks; ``timers`` (with other background work) and
    ``messages`` are waited for there besides, by the step itself: an event at the edge of an activity waits as long as
    that stands, and is none. ``inside`` is of a call activity: the cases that are in it, of which is then all the rest;
    ``called`` says that it is one, of which none is late by itself.
    ``standing`` is of the open tasks, or of what is waited for where there are none. ``limit`` is the usual statutory
    period in working days (None: none), ``articles`` what gives it; ``late`` and ``done_late`` count what was over it.
    """

    element: str
    name: str
    count: int
    late: int
    standing: Spread | None
    done: int
    done_late: int
    took: Spread | None
    limit: int | None = None
    articles: tuple[str, ...] = ()
    timers: int = 0
    messages: int = 0
    here: int = 0
    inside: int = 0
    called: bool = False
    summed: bool = False


def spread(durations: Sequence[timedelta]) -> Spread | None:
    """Return the spread of durations; None where there are none."""
    took = sorted(in_days(each) for each in durations)
    return Spread(median(took), took[up_to(len(took) * 0.95) - 1], took[-1]) if took else None


def ranks(count: int) -> tuple[int, int, int]:
    """Return the places, among the oldest first, of the middle, of what 95 of 100 do not exceed, and of the oldest."""
    return count // 2, count - up_to(count * 0.95), 0


def up_to(number: float) -> int:
    """Return a number rounded up, one at least."""
    return max(1, -int(-number // 1))


def in_days(duration: timedelta) -> float:
    """Return a duration in days, to the hundredth."""
    return round(duration / DAY, 2)
