"""A corrected calendar moves running tasks, timers and notices together, when an administrator says so; what would lapse is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.batches import run_chunk
from service.casework.due.correct_days import CaseMoves, begin_correction, correct_days, view_calendar_moves
from service.casework.due.provisional_dates import recompute_dates
from service.casework.due.run_item import run_item
from service.casework.interventions.batch import view_batch
from service.casework.queries.proof.book import verify_case
from service.casework.studio.parameters.calendar_years import TypedNotice, decide_year, propose_year, withdraw_year
from service.domain.errors import Invalid, NotAllowed
from service.store import Store
from tests.integration.law.test_undone_moves import letters
from tests.support.at_once import both_at_once
from tests.support.browsers import Browser
from tests.support.lakeside import Lakeside, make_lakeside

FAIR = "元旦 2026-01-01\n县庆 2026-03-05 2026-03-06\n上班 2026-03-14"
NOTICE = TypedNotice(FAIR, "cn", 2026, "关于放假的通知", "国办发〔2025〕9号", "2025-11-01")
REASON = "国办发〔2025〕9号"


def take_in(town: Lakeside, text: str = FAIR) -> int:
    year = propose_year(town.desk, town.designer, replace(NOTICE, text=text))
    decide_year(town.desk, town.checker, year, True)
    return year


def posted(town: Lakeside) -> int:
    """Accept an application, so that its notice runs until 9 March."""
    case = town.start("posted")
    town.complete(case, town.office, {"decision": "accept"})
    return case


def moves(town: Lakeside) -> dict[int, CaseMoves]:
    return {one.case.id: one for one in view_calendar_moves(town.desk, town.admin).cases}


def days(one: CaseMoves) -> list[tuple[str, date, date, bool]]:
    return [(m.key.partition(":")[0], m.change.old, m.change.new, m.held) for m in one.moves]


def notice_of(town: Lakeside, case: int) -> Any:
    with town.desk.store.read() as tx:
        return tx.notices.select(case_id=case)[0]


def test_tasks_and_notices_with_their_timers_move_together(both: Lakeside) -> None:
    waiting, running = both.start("waiting"), posted(both)
    assert moves(both) == {}, "nothing was ever taken in"
    take_in(both)
    found = moves(both)
    assert days(found[waiting]) == [("task", date(2026, 3, 16), date(2026, 3, 17), False)]
    assert days(found[running]) == [("notice", date(2026, 3, 9), date(2026, 3, 11), False)]
    assert found[waiting].moves[0].articles
    done = correct_days(both.desk, both.admin, [waiting, running], REASON)
    assert [(one.moved, one.refusal) for one in done] == [(1, None), (1, None)]
    (task,) = both.tasks(waiting)
    assert task.due_reason["last_day"] == "2026-03-17"
    assert notice_of(both, running).last_day == date(2026, 3, 11)
    (letter,) = letters(both, waiting)
    assert "由2026年3月16日改为2026年3月17日" in letter.text
    assert letter.text.endswith(f"\n/cases/{waiting}")
    assert moves(both) == {}
    assert [one.moved for one in correct_days(both.desk, both.admin, [waiting], REASON)] == [0], "again does nothing"
    both.advance(datetime(2026, 3, 11, 15, tzinfo=UTC))
    assert both.case(running).status == "running", "the timer waits for the new end"
    both.advance(datetime(2026, 3, 11, 17, tzinfo=UTC))
    assert both.case(running).status == "ended"
    assert [verify_case(both.desk, both.admin, case) for case in (waiting, running)] == [None, None]


def test_a_second_correction_counts_on_from_the_first(both: Lakeside) -> None:
    waiting = both.start("waiting")
    take_in(both)
    correct_days(both.desk, both.admin, [waiting], REASON)
    take_in(both, FAIR.replace("2026-03-05 2026-03-06", "2026-03-05 2026-03-09"))
    assert days(moves(both)[waiting]) == [("task", date(2026, 3, 17), date(2026, 3, 18), False)]
    assert [one.moved for one in correct_days(both.desk, both.admin, [waiting], REASON)] == [1]
    assert [task.due_reason["last_day"] for task in both.tasks(waiting)] == ["2026-03-18"]
    assert "由2026年3月17日改为2026年3月18日" in letters(both, waiting)[-1].text


def test_a_first_day_that_moves_while_the_last_stays_is_listed_and_moved(both: Lakeside) -> None:
    running = posted(both)
    take_in(both, "元旦 2026-01-01\n县庆 2026-03-03\n上班 2026-03-07")
    [move] = moves(both)[running].moves
    assert (move.change.old, move.change.new, move.held) == (date(2026, 3, 3), date(2026, 3, 4), False)
    assert move.change.name.endswith("（首日）")
    assert move.articles
    assert [one.moved for one in correct_days(both.desk, both.admin, [running], REASON)] == [1]
    moved = notice_of(both, running)
    assert (moved.first_day, moved.last_day) == (date(2026, 3, 4), date(2026, 3, 9))
    assert moves(both) == {}
    assert not [one.text for one in letters(both, running) if "改为" in one.text], "no limit ends on another day"
    both.advance(datetime(2026, 3, 9, 17, tzinfo=UTC))
    assert both.case(running).status == "ended", "the end is as it was"
    assert verify_case(both.desk, both.admin, running) is None


def test_a_right_that_would_lapse_at_once_waits_for_a_decision(both: Lakeside) -> None:
    year = take_in(both)
    running = posted(both)
    assert notice_of(both, running).last_day == date(2026, 3, 11)
    both.advance(datetime(2026, 3, 10, 2, tzinfo=UTC))
    withdraw_year(both.desk, both.admin, year, "读错了原件")
    (move,) = moves(both)[running].moves
    assert (move.held, move.change.new) == (True, date(2026, 3, 9))
    (left,) = correct_days(both.desk, both.admin, [running], REASON)
    assert (left.moved, left.waiting) == (0, 1)
    assert notice_of(both, running).last_day == date(2026, 3, 11)
    (kept,) = correct_days(both.desk, both.admin, [running], "公示已按11日公布，不缩短", keep=[move.key])
    assert (kept.kept, kept.waiting) == (1, 0)
    assert moves(both) == {}, "the decision stands"
    with both.desk.store.write() as tx:  # what somebody does who has the database alone
        forget = "update audit set action = 'x' where action = 'calendar_kept'"
        assert tx._connection.execute(sa.text(forget)).rowcount == 1
    assert verify_case(both.desk, both.admin, running) is not None, "the history is seen to be changed"
    (again,) = moves(both)[running].moves
    assert again.held, "nothing lapses: it waits for a decision once more"
    (left,) = correct_days(both.desk, both.admin, [running], REASON)
    assert (left.moved, left.waiting) == (0, 1)
    assert both.case(running).status == "running"


def test_a_timer_that_comes_back_to_its_first_day_still_runs(both: Lakeside) -> None:
    running = posted(both)
    year = take_in(both)
    correct_days(both.desk, both.admin, [running], REASON)
    withdraw_year(both.desk, both.admin, year, "通知撤销")
    (back,) = correct_days(both.desk, both.admin, [running], "通知撤销")
    assert (back.moved, notice_of(both, running).last_day) == (1, date(2026, 3, 9))
    both.advance(datetime(2026, 3, 9, 15, tzinfo=UTC))
    assert both.case(running).status == "running"
    both.advance(datetime(2026, 3, 9, 17, tzinfo=UTC))
    assert both.case(running).status == "ended"


def test_a_right_lapses_only_where_somebody_decides_so(town: Lakeside) -> None:
    year = take_in(town)
    running = posted(town)
    town.advance(datetime(2026, 3, 10, 2, tzinfo=UTC))
    withdraw_year(town.desk, town.admin, year, "读错了原件")
    (move,) = moves(town)[running].moves
    correct_days(town.desk, town.admin, [running], "原通知无效", lapse=[move.key])
    town.drain()
    assert town.case(running).status == "ended"


def test_a_provisional_day_is_settled_as_soon_as_its_year_is_taken_in(town: Lakeside) -> None:
    town.clock.move_to(datetime(2026, 12, 25, 2, tzinfo=UTC))
    case = town.start()
    assert town.tasks(case)[0].due_reason["provisional"]
    year = propose_year(town.desk, town.designer, replace(NOTICE, text="元旦 2027-01-01 2027-01-05", year=2027))
    decide_year(town.desk, town.checker, year, True)
    (task,) = town.tasks(case)
    assert (task.due_reason["provisional"], task.due_reason["last_day"]) == (False, "2027-01-13")
    assert recompute_dates(town.desk, SYSTEM) == 0


def test_it_takes_an_administrator_and_a_reason(town: Lakeside) -> None:
    case = town.start()
    take_in(town)
    with pytest.raises(NotAllowed):
        correct_days(town.desk, town.office, [case], REASON)
    with pytest.raises(NotAllowed):
        view_calendar_moves(town.desk, town.designer)
    with pytest.raises(Invalid, match="理由"):
        correct_days(town.desk, town.admin, [case], " ")


def test_two_clicks_at_once_begin_one_correction(postgres_url: str, open_store: Callable[[str], Store]) -> None:
    town = make_lakeside(open_store(postgres_url))
    town.start("waiting")
    take_in(town)
    first, second = both_at_once(town.desk.store, lambda: begin_correction(town.desk, town.admin, REASON))
    assert first == second


def test_all_cases_move_in_the_background_each_with_its_result(
    town: Lakeside, browse: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begun by the page; what is stopped in between goes on with the next chunk, and twice is once."""
    monkeypatch.setattr(run_chunk, "CHUNK", 1)
    waiting, running = town.start("waiting"), posted(town)
    take_in(town)
    admin = browse("admin")
    begun = admin.post("/monitor/calendar", {"act": "all", "reason": REASON})
    assert begun.location.startswith("/monitor/interventions/")
    again = admin.post("/monitor/calendar", {"act": "all", "reason": REASON})
    assert again.location == begun.location, "the second of two clicks"
    assert town.tasks(waiting)[0].due_reason["last_day"] == "2026-03-16", "not in the request itself"
    batch = int(begun.location.rpartition("/")[2])
    first = town.desk.store.claim(town.clock.now(), "first")
    assert first is not None
    run_item(town.desk, SYSTEM, first)
    assert dict(view_batch(town.desk, town.admin, batch).counts) == {"done": 1, "waiting": 1}
    town.advance(town.clock.now())
    view = view_batch(town.desk, town.admin, batch)
    assert dict(view.counts) == {"done": 2}
    assert any("3月16日 → 2026年3月17日" in line.zh for result in view.results for line in result.changes)
    assert (town.tasks(waiting)[0].due_reason["last_day"], notice_of(town, running).last_day.isoformat()) == (
        "2026-03-17", "2026-03-11",
    )  # fmt: skip
    assert "按更正的日历改动期限" in admin.get("/monitor/batches").text
    assert moves(town) == {}
    idle = admin.post("/monitor/calendar", {"act": "all", "reason": "再核对一次"})
    town.advance(town.clock.now())
    assert ("没有改动" in (page := admin.get(idle.location).text), "项变化" in page) == (True, False)
    assert browse("office").post("/monitor/calendar", {"act": "all", "reason": REASON}).status_code == 403
