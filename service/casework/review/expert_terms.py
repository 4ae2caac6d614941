"""The term (聘期) of an expert on the register: as long, and as many times in a row, as the regulation of the place allows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from service.casework.desk.desk import Desk
from service.casework.reading.terms_of_office import term_of_office
from service.domain.calendar import local_date
from service.domain.calendar.periods import TermPeriod
from service.store import Transaction
from service.store.models import ExpertRow

ROLE = "expert"
"""Abstract role of reviewers; a city may bind it to a role of its own."""


def lawful_last_day(
    desk: Desk, tx: Transaction, jurisdiction: str, name: str, term: TermPeriod, row: ExpertRow | None = None
) -> date | None:
    """Return the last day of an expert's ``term``: the last one that the regulation allows where none is given.

    ``row`` is the entry on the register before, whose history tells the terms that were served.

    Raises:
        Invalid: the term is too long, or one too many in a row; with the article.
    """
    if row is not None and term == TermPeriod(row.term_from, row.term_until):
        return term.last
    office = term_of_office(desk, tx, jurisdiction, ROLE, local_date(desk.clock.now()))
    if office is None:
        return term.last
    last = term.last or office.length.last_day(term.first)
    office.demand(name, TermPeriod(term.first, last), tuple(_iterate_terms(tx, row)) if row is not None else ())
    return last


def _iterate_terms(tx: Transaction, row: ExpertRow) -> Iterator[TermPeriod]:
    """Yield the terms of an entry, the present one first: what every change of it took the place of."""
    first, last = row.term_from, row.term_until
    yield TermPeriod(first, last)
    for change in tx.expert_changes.select("-id", expert_id=row.id):
        before = dict(change.data.get("before") or {})
        if "term_from" in before or "term_until" in before:
            first = date.fromisoformat(before["term_from"]) if "term_from" in before else first
            ended = before.get("term_until", last)
            last = date.fromisoformat(ended) if isinstance(ended, str) else ended
            yield TermPeriod(first, last)
