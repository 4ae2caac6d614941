"""Moving, cancelling and listing appointments of reviews."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case, require_not_recused, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import published, select_overseen_places
from service.casework.review.appointments import book, calendar_event, cancel_booked_appointment, when
from service.casework.review.register_of_experts import require_office
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.domain.errors import Invalid, NotFound
from service.domain.output.icalendar import calendar_text
from service.domain.text import Text
from service.sdk.messages import APPOINTMENT_CHANGED
from service.sdk.review import Booking
from service.store import Transaction
from service.store.models import AppointmentRow, CaseRow


@dataclass(frozen=True, slots=True)
class AppointmentLine:
    """An appointment in the list, with the names of the participants; once it is ``over``, nobody changes it."""

    row: AppointmentRow
    applicant: str
    people: tuple[str, ...]
    over: bool


PAGE = 100
_AHEAD = timedelta(days=120)
"""How far ahead appointments are listed."""


@guarded("review.manage")
def move_appointment(desk: Desk, actor: Actor, appointment_id: int, booking: Booking) -> None:
    """Move an appointment and notify the participants; raises DoubleBooked, Invalid, NotAllowed, NotFound.

    What was cancelled or is over is not moved. It stays the appointment of its stage, whatever stage ``booking`` names.
    """
    with desk.store.write() as tx:
        row = tx.appointments.get(appointment_id)
        require_office(actor, row.jurisdiction)
        step = open_step(desk, tx, row.case_id, actor)
        require_not_recused(actor, step.case)
        require_running(step.case)
        _require_changeable(step, row)
        book(step, replace(booking, stage=row.stage), row.id)
        _send_change(step, row)
        save_step(step)


@guarded("review.manage")
def cancel_appointment(desk: Desk, actor: Actor, appointment_id: int, reason: str) -> None:
    """Cancel an appointment with a reason and notify the participants; raises Invalid, NotAllowed, NotFound.

    What was cancelled before or is over is not cancelled.
    """
    with desk.store.write() as tx:
        row = tx.appointments.get(appointment_id)
        require_office(actor, row.jurisdiction)
        step = open_step(desk, tx, row.case_id, actor)
        require_not_recused(actor, step.case)
        _require_changeable(step, row)
        cancel_booked_appointment(step, row, reason)
        _send_change(step, row)
        save_step(step)


def _require_changeable(step: Step, row: AppointmentRow) -> None:
    """Raise NotFound where an appointment was cancelled, Invalid where it is over."""
    if row.state != "planned":
        raise NotFound(Text("这项安排已取消。", "That appointment was cancelled."))
    if _is_over(row, step.case, step.now):
        raise Invalid(
            Text(
                f"这项安排的时间（{when(row.starts_at, row.ends_at).zh}）已经过去，办件已往下办理，不能再改期或取消。",
                f"The time of this appointment ({when(row.starts_at, row.ends_at).en}) is over and the case has gone on: "
                "it is no longer moved or cancelled.",
            )
        )


def _is_over(row: AppointmentRow, case: CaseRow, now: datetime) -> bool:
    """Tell whether its time is over and its case has gone on: one that is suspended has not."""
    return row.ends_at <= now and case.status != "suspended"


def _send_change(step: Step, row: AppointmentRow) -> None:
    """Queue the message by which a case that waits for the appointment reads it anew."""
    message = {"message": APPOINTMENT_CHANGED, "payload": {"stage": row.stage}}
    step.queue("message", f"message:{row.case_id}:{APPOINTMENT_CHANGED}:{row.id}:{row.version}", message)


@guarded("review.view")
def list_appointments(desk: Desk, actor: Actor) -> Sequence[AppointmentLine]:
    """Return coming appointments: all of the jurisdictions the actor oversees, else their own and their body's."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        publications = published(desk, tx)
        wide = set(select_overseen_places(actor, publications.jurisdictions()))
        places = wide | {s.jurisdiction for s in actor.seats if s.jurisdiction != "*"}
        places |= set(publications.jurisdictions()) if any(s.jurisdiction == "*" for s in actor.seats) else set()
        each = (_iterate_appointments(tx, place, now - timedelta(days=1), now + _AHEAD) for place in sorted(places))
        coming = merge(*each, key=lambda row: (row.starts_at, row.id))
        rows = [row for row in coming if _may_see_appointment(actor, row, wide)]
        names = tx.people.named({p for row in rows for p in row.people})
        bodies = tx.bodies.by_id({row.body_id for row in rows})
        over = {r.id for r in rows if r.ends_at <= now and _is_over(r, tx.cases.get(r.case_id), now)}
    return [
        AppointmentLine(
            row,
            bodies[row.body_id].name,
            tuple(names[p] for p in row.people if p in names) if row.jurisdiction in wide else (),
            row.id in over,
        )
        for row in rows
    ]


def _iterate_appointments(tx: Transaction, place: str, since: datetime, until: datetime) -> Iterator[AppointmentRow]:
    """Yield the appointments of a place, soonest first, read as many at once as a page has."""
    after: tuple[datetime, int] | None = None
    while rows := tx.appointments.list_overlapping(place, since, until, after=after, limit=PAGE + 1):
        yield from rows
        after = rows[-1].starts_at, rows[-1].id


@guarded("review.view")
def appointments_as_calendar(desk: Desk, actor: Actor, host: str, case_id: int | None = None) -> str:
    """Return an iCalendar file of the actor's appointments, or of one case; raises NotAllowed."""
    if case_id is None:
        events = [calendar_event(x.row, f"评审：{x.applicant}", host) for x in list_appointments(desk, actor)]
        return calendar_text(events, "Review", desk.clock.now())
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        rows = tx.appointments.select(case_id=case_id)
    return calendar_text([calendar_event(row, f"评审：{case.title}", host) for row in rows], "Review", desk.clock.now())


def booking_of(stage: str, room: str, starts: datetime, minutes: int, note: str) -> Booking:
    """Return what was asked for in a form."""
    return Booking(stage, room, starts, starts + timedelta(minutes=minutes), note)


def _may_see_appointment(actor: Actor, row: AppointmentRow, wide: set[str]) -> bool:
    if row.body_id in actor.recused:
        return False
    return row.jurisdiction in wide or actor.person_id in row.people or row.body_id in actor.body_ids
