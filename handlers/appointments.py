"""Operations on appointments: defences and site visits are booked, and looked at again when their time has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from service.sdk import Booking, Invalid, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Book:
    """Where and when; FEEL texts over the records, for example of the form that was filled in."""

    stage: str = field(metadata={"help": "阶段名"})
    room_from: str = field(default="schedule.room", metadata={"formula": True, "help": "FEEL 文本，地点"})
    starts_from: str = field(default="schedule.starts_at", metadata={"formula": True, "help": "FEEL 文本，开始时间"})
    minutes_from: str = field(default="schedule.minutes", metadata={"formula": True, "help": "FEEL 文本，时长（分钟）"})
    note_from: str = field(default="schedule.note", metadata={"formula": True, "help": "FEEL 文本，备注"})


@operation(
    "schedule.book",
    Text("安排答辩或现场评审", "Make an appointment"),
    result={"ok": "boolean", "problem": "string", "tries": "number", "ends_at": "string"},
)
def book(work: Work, parameters: Book) -> Mapping[str, Any]:
    """Make an appointment for this case; a double booking is not made, ``problem`` names the clash.

    ``tries`` counts how often the office proposed a time in this case; ``ends_at`` is when the appointment is over.
    """
    start = _parse_instant(work.evaluate(parameters.starts_from))
    minutes = int(str(work.evaluate(parameters.minutes_from) or 60))
    note = work.evaluate(parameters.note_from)
    room = str(work.evaluate(parameters.room_from) or "")
    booking = Booking(parameters.stage, room, start, start + timedelta(minutes=minutes), str(note or ""))
    problem = work.review.book(booking)
    tries = len(work.forms("schedule"))
    return {"ok": not problem, "problem": problem, "tries": tries, "ends_at": booking.ends_at.isoformat()}


@dataclass(frozen=True, slots=True)
class Made:
    """Which appointment."""

    stage: str = field(metadata={"help": "阶段名"})


@operation(
    "schedule.read",
    Text("查看安排是否已经结束", "See whether an appointment is over"),
    result={"ok": "boolean", "problem": "string", "tries": "number", "ends_at": "string", "over": "boolean"},
)
def read_appointment(work: Work, parameters: Made) -> Mapping[str, Any]:
    """Say how the appointment made last for the stage stands; ``ok`` is false where it was called off, ``problem`` says why.

    Moved meanwhile, it ends at the ``ends_at`` that is read; ``over`` once that has come.
    """
    appointment = work.review.appointment(parameters.stage)
    ok = appointment is not None and not appointment.cancelled
    problem = "" if appointment is None or ok else f"原来的安排已经取消：{appointment.note}"
    return {
        "ok": ok,
        "problem": problem,
        "tries": 0,
        "ends_at": appointment.ends_at.isoformat() if appointment is not None else "",
        "over": ok and appointment is not None and appointment.ends_at <= work.now,
    }


@dataclass(frozen=True, slots=True)
class MissedAppointment:
    """Which appointment did not take place, and why."""

    stage: str = field(metadata={"help": "阶段名"})
    reason_from: str = field(
        default="appointment_missed.reason", metadata={"formula": True, "help": "FEEL 文本，没有举行的原因"}
    )


@operation(
    "schedule.missed",
    Text("登记约定的答辩或现场评审没有举行", "Note that an appointment did not take place"),
    result={"ok": "boolean", "problem": "string", "tries": "number", "ends_at": "string"},
)
def note_missed(work: Work, parameters: MissedAppointment) -> Mapping[str, Any]:
    """Note that the appointment made last for the stage, whose time is over, did not take place, and tell its participants.

    ``ok`` is false and ``problem`` says why, so that the office is asked for another time.
    ``tries`` counts how often that was recorded by the form of the program in this case.
    """
    missed_visit = work.review.missed(parameters.stage, str(work.evaluate(parameters.reason_from) or ""))
    problem, tries = f"原定的安排没有举行：{missed_visit.note}", len(work.forms("appointment_missed"))
    return {"ok": False, "problem": problem, "tries": tries, "ends_at": missed_visit.ends_at.isoformat()}


def _parse_instant(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        raise Invalid(Text("没有填写开始时间。", "No beginning is given.")) from None
