"""Whose act a line of the history is, and how the end of a period is said."""

from __future__ import annotations

from datetime import UTC, datetime

from service.casework.queries.cases.start_options import view_start
from service.casework.queries.public.portal import view_portal
from service.casework.review.appointments import when
from service.casework.simulate.stage.verbs import DOERS
from service.domain.text import Text
from service.store import Store
from service.web.presentation import format_period_end
from tests.support.half_seasons import season


def test_a_receipt_is_issued_by_the_program_and_not_by_the_applicant(sqlite_store: Store) -> None:
    stage = season("urumqi/quality_award", "clean", sqlite_store, 2)
    begun = False
    for move in stage.scenario.moves:
        begun = begun or move.value == "fill_application"
        if not begun or move.verb not in DOERS or "refused" in move.keys:
            continue
        stage.pass_time(move)
        DOERS[move.verb](stage, move, stage.cast.actor(move.who or "office"))
        stage.drain()
        if move.value == "submit_application":
            break
    with stage.desk.store.read() as tx:
        rows = tx.history.newest(stage.case("甲"), 1000)
    issued = [r for r in rows if "收件回执" in r.text and r.action == "document"]
    sent = [r for r in rows if r.action == "completed"]
    assert [(r.actor, r.person_id) for r in issued] == [("系统", None)]
    assert {r.actor for r in sent} == {"甲"}


def test_a_closed_window_says_so(sqlite_store: Store) -> None:
    stage = season("urumqi/quality_award", "late", sqlite_store, 3)
    stage.advance(datetime(2026, 4, 1, 2, tzinfo=UTC))
    applicant = stage.cast.actor("丁")
    (line,) = view_portal(stage.desk, applicant, None).rounds
    assert (line.open, line.over) == (False, True)
    refusal = view_start(stage.desk, applicant, stage.package.key, "application", stage.case("届")).refusal
    assert refusal is None or refusal.zh.startswith("申报已截止（2026年3月31日）。")


def test_the_end_of_a_day_is_said_as_24_00() -> None:
    assert format_period_end(datetime(2026, 6, 23, 16, tzinfo=UTC)) == "2026年6月23日（周二）24时"
    assert format_period_end(datetime(2026, 6, 23, 10, tzinfo=UTC)) == "2026年6月23日（周二） 18:00"
    assert format_period_end(datetime(2026, 6, 23, 16, tzinfo=UTC), "en").endswith("24:00")


def test_an_appointment_is_said_as_dates_are_said_in_either_language() -> None:
    start = datetime(2026, 1, 20, 1, tzinfo=UTC)
    same_day = when(start, datetime(2026, 1, 20, 3, tzinfo=UTC))
    assert same_day == Text("2026年1月20日 09:00–11:00", "2026-01-20 09:00–11:00")
    next_day = when(start, datetime(2026, 1, 21, 3, tzinfo=UTC))
    assert next_day == Text("2026年1月20日 09:00–2026年1月21日 11:00", "2026-01-20 09:00 – 2026-01-21 11:00")
