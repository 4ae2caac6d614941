"""Appointments for defences and visits: booking without clashes, notification, iCalendar export."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from service.casework.step.post import letter_rows, put
from service.casework.step.step import Step
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.output.icalendar import CalendarEvent
from service.domain.review import Appointment, clashes
from service.domain.text import Text, join_sentences
from service.sdk.review import Booking
from service.store import Transaction
from service.store.models import AppointmentRow, PanelRow

LONGEST = timedelta(days=14)
"""No defence and no visit takes longer; a wrong year is found here."""


class DoubleBooked(Conflict):
    """The room, the panel, the applicant or an evaluator is taken at that time."""

    code = "double_booked"


def book(step: Step, booking: Booking, ident: int | None = None) -> int:
    """Make an appointment for the case of ``step`` (or move ``ident``) and notify the participants.

    Raises:
        Invalid: times out of order, no room, or a case without applicant.
        DoubleBooked: naming the clash.
    """
    _require_sensible(step, booking)
    panel = step.tx.panels.at(step.case.id, booking.stage)
    people = (
        [m.person_id for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"] if panel else []
    )
    body = step.case.subject_id
    if body is None:
        raise Invalid(Text("该办件没有申报组织，不能安排。", "The case has no applicant to make an appointment with."))
    wanted = Appointment(
        ident or 0, body, panel.id if panel else -step.case.id, booking.room.strip(), booking.starts_at, booking.ends_at,
        frozenset(people),
    )  # fmt: skip
    refuse_clashes(step.tx, step.case.jurisdiction, wanted)
    columns: dict[str, Any] = {
        "room": booking.room.strip(),
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "people": people,
        "note": booking.note.strip(),
    }
    if ident is None:
        ident = step.tx.appointments.insert(
            AppointmentRow(
                **columns,
                jurisdiction=step.case.jurisdiction,
                case_id=step.case.id,
                panel_id=panel.id if panel else None,
                stage=booking.stage,
                body_id=body,
                made_at=step.now,
            )
        )
    else:
        row = step.tx.appointments.get(ident)
        step.tx.appointments.step(ident, row.version, **columns)
    words = when(booking.starts_at, booking.ends_at).zh
    step.audit("appointment", f"安排{step.case.title}：{words}，{booking.room.strip()}", None, {"appointment": ident})
    notify_participants(step, step.tx.appointments.get(ident), Text("评审安排", "Appointment"))
    return ident


def cancel_booked_appointment(step: Step, row: AppointmentRow, reason: str) -> None:
    """Cancel an appointment with a reason and notify the participants."""
    if not reason.strip():
        raise Invalid(Text("请写明取消原因。", "Say why it is cancelled."))
    step.tx.appointments.step(row.id, row.version, state="cancelled", note=reason.strip())
    words = when(row.starts_at, row.ends_at).zh
    step.audit("appointment", f"取消安排：{words}，{row.room}（{reason.strip()}）", None, {"appointment": row.id})
    notify_participants(step, step.tx.appointments.get(row.id), Text("评审安排取消", "Appointment cancelled"))


def note_missed(step: Step, stage: str, reason: str) -> AppointmentRow:
    """Note that the appointment made last for a stage did not take place, with a reason; applicant and panel are told.

    One that was called off while the case was suspended is noted likewise. The panel is the one of now: who scores, or is to.

    Raises:
        Invalid: without a reason.
        NotFound: there is none, or its time is not over.
    """
    if not reason.strip():
        raise Invalid(Text("请写明没有举行的原因。", "Say why it did not take place."))
    made = [row for row in step.tx.appointments.select(case_id=step.case.id) if row.stage == stage]
    row = max(made, key=lambda visit_row: visit_row.id, default=None)
    if row is None or (row.state == "planned" and row.ends_at > step.now):
        raise NotFound(Text("没有时间已过的安排。", "There is no appointment whose time is over."))
    step.tx.appointments.step(row.id, row.version, state="cancelled", note=reason.strip())
    words = when(row.starts_at, row.ends_at).zh
    step.audit("appointment", f"没有举行：{words}，{row.room}（{reason.strip()}）", None, {"appointment": row.id})
    row = step.tx.appointments.get(row.id)
    panel = step.tx.panels.at(step.case.id, stage)
    now = (
        [m.person_id for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"]
        if panel
        else row.people
    )
    applicants = [person.id for person in step.tx.people.people_of(row.body_id, step.now)]
    soon = Text("时间和地点另行安排，到时再通知。", "Another time and place will be set and told.")
    notify_attendees(
        step, row, [*now, *applicants], Text("原定的评审没有举行", "The review did not take place as set"), soon
    )
    return row


def refuse_clashes(tx: Transaction, jurisdiction: str, wanted: Appointment) -> None:
    """Raise DoubleBooked when ``wanted`` clashes with another appointment."""
    rows = tx.appointments.list_overlapping(jurisdiction, wanted.starts, wanted.ends)
    clash_list = clashes(wanted, [as_appointment(row) for row in rows])
    if clash_list:
        zh = "；".join(f"{c.reason.zh}（{when(c.second.starts, c.second.ends).zh}）" for c in clash_list)
        en = "; ".join(f"{c.reason.en} ({when(c.second.starts, c.second.ends).en})" for c in clash_list)
        raise DoubleBooked(Text(f"{zh}。请改时间或地点。", f"{en}. Choose another time or place."))


def as_appointment(row: AppointmentRow) -> Appointment:
    """Return a row as rules see it."""
    panel = row.panel_id if row.panel_id is not None else -row.case_id
    return Appointment(row.id, row.body_id, panel, row.room, row.starts_at, row.ends_at, frozenset(row.people))


def notify_participants(step: Step, row: AppointmentRow, what: Text) -> None:
    """Put a message into the inbox of panel and applicant, and queue their mails."""
    applicants = step.tx.people.people_of(row.body_id, step.now)
    notify_attendees(step, row, [*row.people, *(applicant.id for applicant in applicants)], what)


def notify_attendees(
    step: Step, row: AppointmentRow, people: Collection[int], what: Text, more: Text | None = None
) -> None:
    """Tell ``people`` when and where an appointment is, and ``more``; it always goes."""
    tx, at = step.tx, when(row.starts_at, row.ends_at)
    title, why = tx.cases.get(row.case_id).title, Text("原因：", "Why: ") if row.state == "cancelled" else Text("", "")
    note_text = Text(f"\n{why.zh}{row.note}", f"\n{why.en}{row.note}") if row.note else Text("", "")
    place = Text(f"地点：{row.room}{note_text.zh}", f"Place: {row.room}{note_text.en}")
    text = join_sentences([Text(title, title), at, place, *([more] if more else [])], "\n")
    subject = Text(f"{what.zh}：{at.zh}", f"{what.en}: {at.en}")
    key = f"appointment:{row.id}:{row.version}"
    rows = letter_rows(tx.people.by_id(people).values(), row.case_id, key, subject, text, step.now)
    step.pending.work += put(step.desk, tx, rows, step.now)


def when(start: datetime, end: datetime) -> Text:
    """Return a span of time in words."""
    first, last = start.astimezone(CHINA), end.astimezone(CHINA)
    if first.date() == last.date():
        return Text(f"{_format_instant(first)}–{last:%H:%M}", f"{first:%Y-%m-%d %H:%M}–{last:%H:%M}")
    return Text(f"{_format_instant(first)}–{_format_instant(last)}", f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}")


def _format_instant(local: datetime) -> str:
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def calendar_event(row: AppointmentRow, title: str, host: str) -> CalendarEvent:
    """Return what a calendar file says of an appointment; a cancelled one stays in it, marked so."""
    return CalendarEvent(
        f"appointment-{row.id}@{host}",
        row.starts_at,
        row.ends_at,
        title,
        row.room,
        row.note,
        version=row.version,
        cancelled=row.state == "cancelled",
    )


def _require_sensible(step: Step, booking: Booking) -> None:
    if not booking.room.strip():
        raise Invalid(Text("请填写地点。", "Give the place."))
    if booking.ends_at <= booking.starts_at or booking.ends_at - booking.starts_at > LONGEST:
        raise Invalid(
            Text("结束时间应晚于开始时间，且不超过14天。", "The end must follow the beginning within 14 days.")
        )
    if booking.starts_at < step.now:
        raise Invalid(Text("开始时间已经过去，请改期。", "That time has passed; choose another."))


_LEFT = Text("您已不在该评审组，这项安排不再需要您到场。", "You are no longer on the panel: you need not come to this.")


def follow_panel(step: Step, panel: PanelRow) -> None:
    """Let the appointments of ``panel`` that are still to come, or go on, be those of its members as they are now.

    It goes on record as a change of the panel, whose members applicants are not told. Who was to come to one that is over
    stays on record. Where somebody who joins has another appointment at that time, nothing is refused: they are told and
    it goes on record, and the office moves one of the two or replaces them.
    """
    coming = [
        row
        for panel_case in step.tx.panel_cases.select(panel_id=panel.id)
        for row in step.tx.appointments.select(case_id=panel_case.case_id)
        if row.stage == panel.stage and row.state == "planned" and row.ends_at > step.now
    ]
    if not coming:
        return
    active = [m.person_id for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"]
    for row in coming:
        if set(active) != set(row.people) or row.panel_id != panel.id:
            _follow_change(step, row, panel.id, active)


def _follow_change(step: Step, row: AppointmentRow, panel: int, active: list[int]) -> None:
    joining = [person for person in active if person not in row.people]
    leaving = [person for person in row.people if person not in active]
    step.tx.appointments.step(row.id, row.version, people=active, panel_id=panel)
    row = step.tx.appointments.get(row.id)
    names = step.tx.people.named({*joining, *leaving})
    changes = [("参加", joining), ("不再参加", leaving)]
    change_text = "；".join(
        f"{word}：{'、'.join(names[person_id] for person_id in people)}" for word, people in changes if people
    )
    if change_text:
        words = f"评审组有变动，安排随之变动（{when(row.starts_at, row.ends_at).zh}）：{change_text}"
        step.audit("panel", words, None, {"appointment": row.id, "joining": joining, "leaving": leaving})
    for person in joining:
        notify_attendees(
            step, row, [person], Text("评审安排", "Appointment"), _describe_clash(step, row, person, names[person])
        )
    if leaving:
        notify_attendees(step, row, leaving, Text("不必再到场", "You need not come"), _LEFT)


def _describe_clash(step: Step, row: AppointmentRow, person: int, name: str) -> Text | None:
    """Return what somebody who joins has at the same time, None where nothing; it goes on record too."""
    others = [
        when(other.starts_at, other.ends_at)
        for other in step.tx.appointments.list_overlapping(row.jurisdiction, row.starts_at, row.ends_at)
        if other.id != row.id and person in other.people
    ]
    if not others:
        return None
    zh, en = "、".join(span.zh for span in others), ", ".join(span.en for span in others)
    step.audit("panel", f"{name}在这段时间另有评审安排（{zh}），须改期或者更换", None, {"appointment": row.id})
    return Text(
        f"您在这段时间另有评审安排（{zh}），请告知办公室。",
        f"You have another appointment at that time ({en}): please tell the office.",
    )
