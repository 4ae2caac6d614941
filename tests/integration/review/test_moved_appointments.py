"""What waits for a defence to be over reads its end anew when it is moved, and asks for another time when it is called off."""

from datetime import UTC, datetime
from functools import cache

import pytest

from service.casework.queries.tasks.view_task import view_task
from service.casework.review.keep_appointments import (
    booking_of,
    cancel_appointment,
    list_appointments,
    move_appointment,
)
from service.casework.simulate.stage.stage import open_stage
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.closure import collect_award_files
from service.catalog.tree import read_tree
from service.domain.errors import Invalid
from service.sdk import operations
from service.store import Store
from tests.support.review import BEGIN, DATA, DECLARED, STAGE, ReviewBench, season
from tests.support.tree import project_tree

DIAGRAM = "processes/riverton/prize/application.bpmn"
FACTS = """<spiffworkflow:serviceTaskOperator id="case.set">
          <spiffworkflow:parameters>
            <spiffworkflow:parameter id="facts" type="context" value="{reviewed: true}" />"""
AFTERWARDS = """<spiffworkflow:serviceTaskOperator id="values.take" resultVariable="review">
          <spiffworkflow:parameters>
            <spiffworkflow:parameter id="values" type="context"
              value='{stage: "\\"material_review\\"", after_appointment: "true"}' />"""
OPINION = (
    "{case: 甲, each: write_opinion, with: {strengths: 优, improvements: 改, conclusion: 结, recommendation: go_on}}"
)
BOOK = "{at: 2026-03-09 09:00, as: office, case: 甲, complete: set_time, with: {starts_at: '2026-03-10T09:00+08:00', minutes: 60, room: 一室}}"


@cache
def waiting_package() -> Package:
    """Return the small award, whose office holds the defence once the time set for it is over."""
    tree = {**project_tree(), **read_tree(DATA)}
    drawn = tree[DIAGRAM].decode()
    assert FACTS in drawn
    tree[DIAGRAM] = drawn.replace(FACTS, AFTERWARDS).encode()
    return Package.from_files(collect_award_files(tree, "riverton", "prize"), operations())


@pytest.fixture
def booked(sqlite_store: Store) -> ReviewBench:
    """An application whose defence is set for 10 March, nine to ten."""
    calendars = load_calendars(bundled_calendars())
    bench = ReviewBench(open_stage(sqlite_store, waiting_package(), season(), calendars, operations()))
    bench.play(*BEGIN, DECLARED, "{case: 甲, each: score, percent: 60}", OPINION, BOOK)
    return bench


def moved_to(bench: ReviewBench, hour: int) -> None:
    office = bench.actor("office")
    (line,) = list_appointments(bench.desk, office)
    later = booking_of(STAGE, "二室", datetime(2026, 3, 10, hour - 8, tzinfo=UTC), 60, "")
    move_appointment(bench.desk, office, line.row.id, later)


def test_it_waits_for_the_end_it_was_moved_to(booked: ReviewBench) -> None:
    booked.play("{until: 2026-03-10 08:00}")
    moved_to(booked, 15)
    booked.play("{until: 2026-03-10 15:59}", "{expect: {case: 甲, waiting: hold_defence, no: true}}")
    booked.play("{until: 2026-03-10 16:00}", "{expect: {case: 甲, waiting: hold_defence}}")


def test_it_goes_on_earlier_when_it_was_moved_forward(booked: ReviewBench) -> None:
    office = booked.actor("office")
    (line,) = list_appointments(booked.desk, office)
    move_appointment(
        booked.desk, office, line.row.id, booking_of(STAGE, "一室", datetime(2026, 3, 9, 2, tzinfo=UTC), 60, "")
    )
    booked.play("{until: 2026-03-09 10:59}", "{expect: {case: 甲, waiting: hold_defence, no: true}}")
    booked.play("{until: 2026-03-09 11:00}", "{expect: {case: 甲, waiting: hold_defence}}")


def test_called_off_it_asks_for_another_time_and_says_why(booked: ReviewBench) -> None:
    office = booked.actor("office")
    (line,) = list_appointments(booked.desk, office)
    cancel_appointment(booked.desk, office, line.row.id, "道路中断")
    booked.play("{until: 2026-03-11 09:00}", "{expect: {case: 甲, waiting: hold_defence, no: true}}")
    (task,) = booked.tasks("set_time")
    assert "道路中断" in str(view_task(booked.desk, booked.actor("office"), task.id).values["problem"])
    again = BOOK.replace("03-09", "03-11").replace("03-10T09", "03-12T14")
    booked.play(again, "{until: 2026-03-12 14:59}", "{expect: {case: 甲, waiting: hold_defence, no: true}}")
    booked.play("{until: 2026-03-12 15:00}", "{expect: {case: 甲, waiting: hold_defence}}")


def test_once_its_time_is_over_it_is_neither_moved_nor_cancelled(booked: ReviewBench) -> None:
    office = booked.actor("office")
    booked.play("{until: 2026-03-10 10:00}")
    (line,) = list_appointments(booked.desk, office)
    assert line.over
    later = booking_of(STAGE, "二室", datetime(2026, 3, 11, 1, tzinfo=UTC), 60, "")
    with pytest.raises(Invalid, match="已经过去，办件已往下办理"):
        move_appointment(booked.desk, office, line.row.id, later)
    with pytest.raises(Invalid, match="不能再改期或取消"):
        cancel_appointment(booked.desk, office, line.row.id, "道路中断")
    booked.play("{expect: {case: 甲, waiting: hold_defence}}")
