"""By which document an organisation was told that its case ended early: its words and its articles."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.stages import EARLY_ENDS
from service.catalog import Package
from service.domain.calendar import local_date
from service.store import Transaction
from service.store.models import CaseRow

_ASKED_FOR = frozenset({"withdrawn", "lapsed"})
"""Ends that the organisation brought about itself: no decision on it has grounds."""


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A document in the words that the organisation got, with its number and articles."""

    document: int
    title: str
    number: str
    paragraphs: tuple[str, ...]
    clauses: tuple[CitedArticle, ...]


def told_decision(tx: Transaction, package: Package, case: CaseRow) -> ToldDecision | None:
    """Return the last document that the case's organisation got on the day its case ended early; None where it got none.

    What a person concluded stands here when every condition was found met: their grounds are in no finding.
    """
    if case.status != "ended" or case.ended_at is None or (case.outcome or "") not in EARLY_ENDS - _ASKED_FOR:
        return None
    roles = {key for key, role in package.jurisdiction.roles.items() if role.subject}
    day = local_date(case.ended_at)
    rows = [
        row
        for row in tx.documents.of_case(case.id)
        if roles & set(row.recipients) and local_date(row.issued_at) == day and row.erased_at is None
    ]
    if not rows:
        return None
    row = rows[-1]
    told = tuple(text for text in row.content.get("paragraphs") or () if isinstance(text, str))
    return ToldDecision(row.id, row.title, row.number or "", told, cite(package, row.clauses))
