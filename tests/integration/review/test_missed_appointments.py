"""A defence or a visit that did not take place: the applicant and who reviews now are told, also after it was called off."""

from __future__ import annotations

from service.casework.queries.own_place.inbox import list_messages
from service.casework.review.appointments import note_missed
from service.casework.review.keep_appointments import cancel_appointment
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.store.models import AppointmentRow
from tests.integration.review.test_appointments_follow import booked, replaced, told
from tests.support.review import STAGE, ReviewBench

NOT_HELD = "原定的评审没有举行：2026年3月10日 09:00–10:00"
OVER = "{until: 2026-03-10 10:00}"


def missed(bench: ReviewBench) -> AppointmentRow:
    """Let the office record that nothing took place."""
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, bench.case(), bench.actor("office"))
        row = note_missed(step, STAGE, "会场停电")
        save_step(step)
    return row


def test_who_replaced_a_member_is_told_and_who_left_is_not(here: ReviewBench) -> None:
    booked(here)
    here.play(OVER)
    left, joined, stays = replaced(here)
    missed(here)
    assert [len(told(here, one, NOT_HELD)) for one in (left, joined, stays)] == [0, 1, 1]
    letters, _ = list_messages(here.desk, here.actor("甲"))
    (letter,) = [one.text for one in letters if one.subject.startswith(NOT_HELD)]
    assert "会场停电" in letter


def test_one_that_was_called_off_meanwhile_is_noted_too(here: ReviewBench) -> None:
    """While a case is suspended its appointment may be called off, though the time is over: that stopped the case for good."""
    ident = booked(here)
    here.play(OVER, "{as: administrator, case: 甲, suspend: 会场停电}")
    cancel_appointment(here.desk, here.actor("office"), ident, "会场停电")
    here.play("{as: administrator, case: 甲, resume: 另定时间}")
    row = missed(here)
    assert (row.id, row.state, row.note) == (ident, "cancelled", "会场停电")
