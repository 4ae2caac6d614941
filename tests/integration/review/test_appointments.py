"""Appointments: no double booking, everybody told, a calendar file that programs read."""

from datetime import UTC, datetime

import pytest

from service.casework.review.appointments import DoubleBooked
from service.casework.review.keep_appointments import booking_of, list_appointments, move_appointment
from service.domain.errors import Invalid, NotAllowed
from tests.support.review import DECLARED, STAGE, ReviewBench

SCORE = "{case: 甲, each: score, percent: 60}"
OPINION = (
    "{case: %s, each: write_opinion, with: {strengths: 优, improvements: 改, conclusion: 结, recommendation: go_on}}"
)
BOOK = "{as: office, case: %s, complete: set_time, with: {starts_at: '%s', minutes: 60, room: '一号会议室；东楼, 3层'}}"


@pytest.fixture
def booked(drawn: ReviewBench) -> ReviewBench:
    """Two applications, the first with a defence on 10 March at nine."""
    drawn.play("{as: 乙, start: application, parent: 届, name: 乙, with: {merit: 特色}}")
    for nick in "甲乙":
        drawn.play(DECLARED.replace("甲", nick), SCORE.replace("甲", nick), OPINION % nick)
    drawn.play(BOOK % ("甲", "2026-03-10T09:00+08:00"), BOOK % ("乙", "2026-03-11T09:00+08:00"))
    return drawn


def test_a_double_booking_is_refused_whatever_is_shared(booked: ReviewBench) -> None:
    office = booked.actor("office")
    first, second = list_appointments(booked.desk, office)
    clash = booking_of(STAGE, first.row.room, datetime(2026, 3, 10, 1, 30, tzinfo=UTC), 60, "")
    with pytest.raises(DoubleBooked, match="已被占用"):
        move_appointment(booked.desk, office, second.row.id, clash)
    with pytest.raises(Invalid, match="已经过去"):
        move_appointment(
            booked.desk, office, second.row.id, booking_of(STAGE, "二室", datetime(2025, 1, 1, tzinfo=UTC), 60, "")
        )
    with pytest.raises(NotAllowed):
        move_appointment(booked.desk, booked.actor("甲"), second.row.id, clash)
    free = booking_of(STAGE, first.row.room, datetime(2026, 3, 10, 2, tzinfo=UTC), 60, "带身份证")
    move_appointment(booked.desk, office, second.row.id, free)
    assert [x.row.starts_at for x in list_appointments(booked.desk, office)] == [first.row.starts_at, free.starts_at]
