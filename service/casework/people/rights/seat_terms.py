"""The term (任期) of a seat: a role whose regulation sets one ends by itself, and is not given one time too many in a row."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import NewSeat
from service.casework.reading.terms_of_office import TermOfOffice, term_of_office
from service.domain.calendar import end_of_day, local_date
from service.domain.calendar.dates import full
from service.domain.calendar.terms import TermPeriod
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import MembershipRow

_RENEWED_IN = timedelta(days=92)
_INSTANT = timedelta(microseconds=1)
"""A seat ends before the instant on record, which is the beginning of the next day."""


def seat_term(desk: Desk, tx: Transaction, person_id: int, seat: NewSeat) -> tuple[datetime, datetime | None]:
    """Return since when a person holds ``seat`` that is given now, and until when; None where its role has no term.

    A seat that is given again while the term before runs, or before a whole term has passed since, is one of several in a
    row: it goes on from the first of them (so the row of the person tells how many), and ends one term later.

    Raises:
        Invalid: there were as many terms in a row as there may be; with the article.
        Conflict: the present term has more than three months to go.
    """
    now = desk.clock.now()
    office = term_of_office(desk, tx, seat.jurisdiction, seat.role, local_date(now))
    if office is None:
        return now, None
    held = _held(tx, person_id, seat)
    terms = _terms(held, office) if held is not None else ()
    first = local_date(now)
    runs_until = terms[-1].last or office.length.last_day(terms[-1].first) if terms else None
    if runs_until is not None and runs_until >= first:  # the one that runs is served first
        _demand_nearly_over(tx.people.person(person_id).name, office, runs_until, first)
        first = runs_until + timedelta(days=1)
    term = TermPeriod(first, office.length.last_day(first))
    office.demand(tx.people.person(person_id).name, term, terms)
    in_a_row = bool(terms) and office.length.in_a_row(term, terms) > 1
    since = held.since if held is not None and in_a_row else now
    assert term.last is not None
    return since, end_of_day(term.last)


def _demand_nearly_over(name: str, office: TermOfOffice, last: date, today: date) -> None:
    """Raise Conflict where a seat would be given once more long before its term is over, as by a second click."""
    if last - today > _RENEWED_IN:
        raise Conflict(
            Text(
                f"{name}正在担任“{office.role.zh}”，任期到{full(last).zh}。届满前三个月内才能续任。",
                f"{name} is “{office.role.en}” until {full(last).en}: it is given again in the last three months.",
            )
        )


def _held(tx: Transaction, person_id: int, seat: NewSeat) -> MembershipRow | None:
    here = (seat.jurisdiction, seat.role, seat.body_id)
    return next((m for m in tx.people.ever_held(person_id) if (m.jurisdiction, m.role, m.body_id) == here), None)


def _terms(held: MembershipRow, office: TermOfOffice) -> tuple[TermPeriod, ...]:
    """Return the terms that a seat has lasted: whole ones from its first day on, the last one as long as it was.

    A seat from before the regulation set a term has no end: one term, which is as many as it turns out to be long.
    """
    first = local_date(held.since)
    if held.until is None:
        return (TermPeriod(first, None),)
    last, found = local_date(held.until - _INSTANT), list[TermPeriod]()
    while first <= last:
        end = office.length.last_day(first)
        found.append(TermPeriod(first, min(end, last)))
        first = end + timedelta(days=1)
    return tuple(found)
