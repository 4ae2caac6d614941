"""The ties that a reviewer declared, and what was decided about each, for themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.declarations import DECLARATION, DECLARED
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.people.tie_outcomes import KnownTie, LedTo, RecusalOutcome, outcome_of
from service.casework.review.ties import applicants_meant, kind_words
from service.casework.subjects.case_subjects import subjects_of_panel
from service.domain.text import Text
from service.store import Transaction
from service.store.models import FormResultRow

MOST_DECLARED = 30
"""So many declarations are looked at, the newest."""
STILL_NEWS = timedelta(days=30)
"""So long after it was declared a tie that was decided stands in its reader's own place."""


@dataclass(frozen=True, slots=True)
class DeclaredTie:
    """A tie to an applicant as its person declared it ``at`` a time, and what it led to."""

    applicant: str
    words: Text
    at: datetime
    outcome: RecusalOutcome


@guarded("review.view")
def list_declared_ties(desk: Desk, actor: Actor) -> Sequence[DeclaredTie]:
    """Return the ties that the reader declared, the newest first."""
    with desk.store.read() as tx:
        return list(declared_ties(tx, actor))


def news_of_ties(tx: Transaction, actor: Actor, now: datetime) -> Sequence[DeclaredTie]:
    """Return of these what waits for a decision, and what was declared lately."""
    found = declared_ties(tx, actor)
    return [one for one in found if one.outcome.led_to is LedTo.OPEN or one.at > now - STILL_NEWS]


def declared_ties(tx: Transaction, actor: Actor) -> Iterator[DeclaredTie]:
    """Yield the same within a unit of work."""
    if actor.person_id is None:
        return
    rows = tx.forms.of_person_by_form(actor.person_id, DECLARATION, MOST_DECLARED)
    declared = [row for row in rows if row.data.get(DECLARED[0]) == "yes"]
    recusals = tx.experts.recusals_of(actor.person_id) if declared else []
    for row in declared:
        panels = tx.panels.of_case(row.case_id)
        bodies = list(dict.fromkeys(body for panel in panels for body in subjects_of_panel(tx, panel.id)))
        names = tx.people.bodies_by_id(set(bodies))
        for body, words in _told(row, bodies):
            tie = KnownTie(actor.person_id, body, row.at, row.case_id)
            yield DeclaredTie(names[body].name, words, row.at, outcome_of(tx, tie, recusals))


def _told(row: FormResultRow, bodies: Sequence[int]) -> Iterator[tuple[int, Text]]:
    """Yield (applicant, tie in words) of a declaration about ``bodies``."""
    for entry in row.data.get(DECLARED[1]) or [{}]:
        words = kind_words(str(entry.get("kind") or "other"), str(entry.get("text") or ""))
        for body in applicants_meant(entry, bodies):
            yield body, words
