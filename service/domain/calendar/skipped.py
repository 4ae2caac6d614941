"""Name the runs of days that did not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from service.domain.calendar.clock import DAY
from service.domain.calendar.working import DayFacts
from service.domain.text import Text

WEEKEND = Text("周末", "weekend")


class Skipped(NamedTuple):
    """A run of days that did not count, both ends included."""

    name: Text
    first: date
    last: date


def skipped_spans(looked: Iterable[DayFacts]) -> tuple[Skipped, ...]:
    """Return the runs of days that were looked at and not worked; neighbours of one name are one run."""
    spans: list[Skipped] = []
    for facts in looked:
        if facts.working:
            continue
        name = facts.day_off.name if facts.day_off else WEEKEND
        if spans and spans[-1].name == name and spans[-1].last + DAY == facts.day:
            spans[-1] = spans[-1]._replace(last=facts.day)
        else:
            spans.append(Skipped(name, facts.day, facts.day))
    return tuple(spans)


def holidays(spans: Sequence[Skipped]) -> list[Skipped]:
    """Return the runs that have a name of their own."""
    return [span for span in spans if span.name != WEEKEND]
