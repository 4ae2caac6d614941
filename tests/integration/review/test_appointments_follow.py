"""Appointments follow the panel: who joins is told and sees them, who leaves is told and sees them no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.casework.queries.cases.view_case import view_case
from service.casework.queries.own_place.inbox import list_messages
from service.casework.review.appointments import book, note_missed
from service.casework.review.draw_panel import draw_panel, replace_member
from service.casework.review.drop_reviewer import drop_reviewer
from service.casework.review.keep_appointments import appointments_as_calendar, cancel_appointment, list_appointments
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.sdk.review import Booking, DrawOrder
from service.store.models import AppointmentRow
from tests.support.review import STAGE, ReviewBench

NINE = datetime(2026, 3, 10, 1, tzinfo=UTC)


def booked(bench: ReviewBench, stage: str = STAGE, nick: str = "甲", starts: datetime = NINE) -> int:
    """Let the office set a time while the panel reviews."""
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, bench.case(nick), bench.actor("office"))
        ident = book(step, Booking(stage, f"{nick}公司会议室", starts, starts + timedelta(hours=1), "带身份证"))
        save_step(step)
    return ident


def replaced(bench: ReviewBench) -> tuple[int, int, int]:
    """Let the office replace the first member; returns who left, who joined and who stays."""
    before = bench.active()
    panel, _ = bench.panel()
    replace_member(bench.desk, bench.actor("office"), bench.case(), panel.id, before[0], "因病")
    (joined,) = set(bench.active()) - set(before)
    return before[0], joined, before[1]


def told(bench: ReviewBench, person: int, subject: str) -> list[str]:
    letters, _ = list_messages(bench.desk, bench.member(person))
    return [one.text for one in letters if one.subject.startswith(subject)]


def row(bench: ReviewBench, ident: int) -> AppointmentRow:
    with bench.desk.store.read() as tx:
        return tx.appointments.get(ident)


def listed(bench: ReviewBench, person: int) -> tuple[int, bool]:
    """Return how many appointments somebody sees, and whether their calendar file has one."""
    actor = bench.member(person)
    file = appointments_as_calendar(bench.desk, actor, "example.cn")
    return len(list_appointments(bench.desk, actor)), "DTSTART:20260310T010000Z" in file


def test_who_joins_is_told_when_and_where_and_who_leaves_need_not_come(drawn: ReviewBench) -> None:
    ident = booked(drawn)
    left, joined, stays = replaced(drawn)
    assert [listed(drawn, one) for one in (left, joined, stays)] == [(0, False), (1, True), (1, True)]
    (coming,) = told(drawn, joined, "评审安排：2026年3月10日 09:00–10:00")
    assert ("地点：甲公司会议室" in coming, "带身份证" in coming) == (True, True)
    (gone,) = told(drawn, left, "不必再到场：2026年3月10日 09:00–10:00")
    assert "这项安排不再需要您到场" in gone
    assert (len(told(drawn, stays, "评审安排")), told(drawn, stays, "不必再到场")) == (1, [])
    assert sorted(row(drawn, ident).people) == sorted(drawn.active())
    in_file = appointments_as_calendar(drawn.desk, drawn.actor("office"), "example.cn", drawn.case())
    assert f"SEQUENCE:{row(drawn, ident).version}" in in_file


def test_who_is_recused_or_struck_off_leaves_it_too(here: ReviewBench) -> None:
    booked(here)
    first, second, _ = here.active()
    tie = "{kind: shareholding, text: 持有股票}"
    for one in here.active():
        said = f"declared: 'yes', interests: [{tie}]" if one == first else "declared: 'no'"
        here.play(
            f"{{as: {here.member(one).name}, case: 甲, complete: declare_interest, with: {{{said}, truthful: true}}}}"
        )
    here.play("{as: office, case: 甲, complete: decide_recusals, with: {decisions: [{recuse: 'yes', reason: 持股}]}}")
    assert (len(told(here, first, "不必再到场")), listed(here, first)) == (1, (0, False))
    drop_reviewer(here.desk, here.actor("office"), "riverton", second, "弄虚作假", "drop")
    assert (len(told(here, second, "不必再到场")), listed(here, second)) == (1, (0, False))
    assert all(len(told(here, one, "评审安排")) == 1 for one in here.active())


def test_a_panel_that_is_drawn_after_the_time_was_set_is_told_of_it(here: ReviewBench) -> None:
    ident = booked(here, "visit")
    assert (row(here, ident).people, row(here, ident).panel_id) == ([], None)
    with here.desk.store.write() as tx:
        step = open_step(here.desk, tx, here.case(), here.actor("office"))
        view = draw_panel(step, DrawOrder(stage="visit", method="random_draw", places=3), ())
        save_step(step)
    assert (sorted(row(here, ident).people), row(here, ident).panel_id) == (sorted(view.members), view.panel)
    assert all(len(told(here, one, "评审安排")) == 1 for one in view.members)


def test_an_applicant_does_not_read_who_joined_and_who_left(here: ReviewBench) -> None:
    """Evaluators are not named to applicants: a change of the panel is told to who oversees the case alone."""
    booked(here)
    left, joined, _ = replaced(here)
    names = [here.member(one).name for one in (left, joined)]

    def history(word: str) -> str:
        return "\n".join(event.text for event in view_case(here.desk, here.actor(word), here.case()).brief.events)

    assert [name in history("甲") for name in names] == [False, False]
    assert [f"参加：{names[1]}" in history("office"), f"不再参加：{names[0]}" in history("office")] == [True, True]


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
