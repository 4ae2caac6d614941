"""The picture of a season: what lasted how long, as bars over its days, placed for an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.casework.simulate.seasons.season_record import Lasting, SeasonRecord, Span
from service.domain.text import Text

WIDTH, LEFT, ROW, HEAD = 1100, 260, 20, 34
"""The drawing in its own units: all of it, where the days begin, the height of a row and of the months above."""

MOST_ROWS = 160
_LONGEST = timedelta(days=800)
_NO_LATER = date.max - _LONGEST - timedelta(days=32)
_MARGIN = 10

WORDS = {
    Lasting.CASE: Text("办件", "case"),
    Lasting.NOTICE: Text("公示", "notice"),
    Lasting.LIMIT: Text("期限", "time limit"),
    Lasting.TIMER: Text("计时", "timer"),
    Lasting.BALLOT: Text("表决", "ballot"),
    Lasting.DOCUMENT: Text("文书", "document"),
}


@dataclass(frozen=True, slots=True)
class MonthMark:
    """A month at the top: where it begins."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class DrawnSpan:
    """A span with its place, standing for so many ``times`` the same; ``open`` runs on beyond the last day drawn."""

    span: Span
    times: int
    y: int
    x: float
    width: float
    open: bool
    head: bool


@dataclass(frozen=True, slots=True)
class SeasonPicture:
    """A drawn season; ``left_out`` so many further spans only stand in the table."""

    height: int
    marks: tuple[MonthMark, ...]
    rows: tuple[DrawnSpan, ...]
    left_out: int


def season_picture(record: SeasonRecord) -> SeasonPicture:
    """Return where each span of the season is drawn; documents only stand in the table."""
    spans = _alike_once([span for span in record.spans if span.lasting is not Lasting.DOCUMENT])
    first = min(min((s.first for s, _ in spans), default=record.first), _NO_LATER)
    known = [s.last or s.first for s, _ in spans if s.lasting is not Lasting.TIMER]
    last = min(max([record.last, *known]), first + _LONGEST)
    scale = (WIDTH - LEFT - _MARGIN) / max(1, (last - first).days + 1)
    drawn = tuple(_drawn(span, times, n, first, last, scale) for n, (span, times) in enumerate(spans[:MOST_ROWS]))
    marks = tuple(
        MonthMark(LEFT + (day - first).days * scale, f"{day.year}-{day.month:02}") for day in _months(first, last)
    ) or (MonthMark(LEFT, first.isoformat()),)  # within one month its first day says when it is
    return SeasonPicture(HEAD + ROW * len(drawn) + 8, _readable(marks), drawn, max(0, len(spans) - MOST_ROWS))


def _alike_once(spans: Sequence[Span]) -> list[tuple[Span, int]]:
    """Return each span with how many are like it: a task that nine people have is drawn once."""
    found: dict[tuple[object, ...], tuple[Span, int]] = {}
    for span in spans:
        key = (span.lasting, span.case, span.code, span.first, span.last)
        found[key] = (found[key][0] if key in found else span, found.get(key, (span, 0))[1] + 1)
    return list(found.values())


def _drawn(span: Span, times: int, row: int, first: date, last: date, scale: float) -> DrawnSpan:
    begins = min(max(span.first, first), last)
    ends = min(span.last or last, last)
    width = max(4.0, ((ends - begins).days + 1) * scale)
    x = LEFT + (begins - first).days * scale
    head = span.lasting is Lasting.CASE
    return DrawnSpan(span, times, HEAD + row * ROW, round(x, 1), round(width, 1), span.last is None, head)


def _months(first: date, last: date) -> Sequence[date]:
    found, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found


def _readable(marks: tuple[MonthMark, ...]) -> tuple[MonthMark, ...]:
    """Leave out months whose labels would lie over each other."""
    every = max(1, -(-len(marks) * 56 // (WIDTH - LEFT)))
    return marks[::every]
