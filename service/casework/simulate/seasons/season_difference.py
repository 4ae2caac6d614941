"""What comes out otherwise when the same facts are played under other rules: winners, ends and days, with their clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from service.casework.simulate.seasons.season_record import CaseEnd, Lasting, SeasonRecord, Span


class Otherwise(StrEnum):
    """In what two seasons differ."""

    WINNER = "winner"
    REVOKED = "revoked"
    END = "end"
    DAY = "day"
    ONLY_BEFORE = "only_before"
    ONLY_AFTER = "only_after"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class SeasonDifference:
    """One thing that comes out otherwise: how it was ``before`` and is ``after``, and the clauses it carries out.

    Of prizes taken away again each is told as its tier and the day, such as ``gold 2027-03-05``.
    """

    otherwise: Otherwise
    case: str
    lasting: Lasting
    label: str
    before: str
    after: str
    clauses: tuple[str, ...] = ()
    process: str = ""
    element: str = ""


def season_differences(before: SeasonRecord, after: SeasonRecord) -> tuple[SeasonDifference, ...]:
    """Return what differs between two plays of the same facts: winners first, prizes taken away, then ends, then days."""
    return (*_ends(before, after), *_spans(before, after))


def _ends(before: SeasonRecord, after: SeasonRecord) -> Iterator[SeasonDifference]:
    pairs = [(one, after.ends[nick]) for nick, one in before.ends.items() if nick in after.ends]
    for one, other in pairs:
        if one.awards != other.awards:
            yield _case_end(Otherwise.WINNER, one, "、".join(one.awards), "、".join(other.awards))
    taken: set[str] = set()
    for one, other in pairs:  # several cases of one winner tell of the same prize
        if one.revoked != other.revoked and one.subject not in taken:
            taken.add(one.subject)
            yield _case_end(Otherwise.REVOKED, one, _revoked(one), _revoked(other))
    for one, other in pairs:
        was, now = one.outcome or one.status, other.outcome or other.status
        if was != now:
            yield _case_end(Otherwise.END, one, was, now)


def _case_end(otherwise: Otherwise, end: CaseEnd, before: str, after: str) -> SeasonDifference:
    return SeasonDifference(otherwise, end.case, Lasting.CASE, end.title, before, after, process=end.process)


def _revoked(end: CaseEnd) -> str:
    return "、".join(f"{tier} {day.isoformat()}" for tier, day in end.revoked)


def _spans(before: SeasonRecord, after: SeasonRecord) -> Iterator[SeasonDifference]:
    then, now = ({_key(s): s for s in season.spans} for season in (before, after))
    for key, span in then.items():
        other = now.get(key)
        if other is None:
            yield _span(Otherwise.ONLY_BEFORE, span, days(span), "")
        elif days(span) != days(other):
            yield _span(Otherwise.DAY, other, days(span), days(other))
    for key, span in now.items():
        if key not in then:
            yield _span(Otherwise.ONLY_AFTER, span, "", days(span))


def _span(otherwise: Otherwise, span: Span, before: str, after: str) -> SeasonDifference:
    return SeasonDifference(
        otherwise, span.case, span.lasting, span.label, before, after, span.clauses, span.process, span.element
    )


def _key(span: Span) -> tuple[str, str, str, int]:
    return span.lasting, span.case, span.code, span.nth


def days(span: Span) -> str:
    """Return first and last day as ISO dates, joined by a slash, one where they are the same."""
    if span.last is None or span.last == span.first:
        return span.first.isoformat()
    return f"{span.first.isoformat()}/{span.last.isoformat()}"
