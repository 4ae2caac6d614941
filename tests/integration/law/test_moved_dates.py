"""Whoever must act is told when a time limit moves, once, with both days and the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.amendments.move_case import move_case
from service.casework.cases.suspend import resume_case, suspend_case
from service.casework.due.recompute_dates import recompute_dates
from service.casework.tasks.complete import complete_task
from service.domain.calendar import WorkingCalendar
from service.domain.calendar.layers import CalendarYear, DayOff
from service.domain.text import Text
from tests.integration.law.test_amendment import NOTICE, amendment
from tests.support.lakeside import Lakeside, amended_package

CHRISTMAS = datetime(2026, 12, 25, 2, tzinfo=UTC)
HOLIDAY = DayOff(Text("元旦", "New Year"), date(2027, 1, 1), date(2027, 1, 5), "国办发明电〔2026〕9号")


def letters(town: Lakeside, case: int, name: str = "office") -> list[Any]:
    """Return what ``name`` was told of days that moved or stand still."""
    with town.desk.store.read() as tx:
        rows = tx.mail.of_case(case)
    told = [r for r in rows if r.effect_key.split(":")[2] in ("moved", "halted", "resumed")]
    return [r for r in told if r.person_id == town.people[name]]


def post_notice(town: Lakeside, at: datetime) -> int:
    """Accept an application at ``at``; returns its case, in which the timer of the notice counts working days."""
    town.deploy(amended_package({NOTICE: [("posted.ends_at", "workdays(param.notice_working_days)")]}))
    return accepted(town, at)


def accepted(town: Lakeside, at: datetime) -> int:
    """Accept an application at ``at``; returns its case, in which a notice is posted then."""
    town.clock.move_to(at)
    case = town.start()
    (task,) = town.tasks(case)
    complete_task(town.desk, town.office, task.id, task.version, {"decision": "accept"})
    return case


def publish_2027(town: Lakeside) -> None:
    """Let the calendar of 2027 be published with a New Year's holiday until 5 January."""
    (layer,) = town.desk.calendar("cn").layers
    year = CalendarYear(2027, (HOLIDAY,))
    published = WorkingCalendar((replace(layer, years={**layer.years, 2027: year}),))
    town.desk = replace(town.desk, calendars={**town.desk.calendars, "cn": published})


def test_an_amendment_that_moves_a_date_is_told_to_whoever_must_act(town: Lakeside) -> None:
    case = town.start()
    new = town.deploy(amendment())
    move_case(town.desk, town.admin, case, new.version, "县政府〔2026〕5号")
    (letter,) = letters(town, case)
    assert letter.subject == "期限变更：“决定是否受理”改为2026年3月23日"
    assert "由2026年3月16日改为2026年3月23日" in letter.text
    assert "原因：县政府〔2026〕5号。依第八条" in letter.text
    with town.desk.store.read() as tx:
        assert tx.work.by_key(f"{letter.effect_key}:mail") is not None, "the mail waits in the same transaction"


def test_a_provisional_date_of_a_task_is_settled_when_the_year_is_published(town: Lakeside) -> None:
    town.clock.move_to(CHRISTMAS)
    case = town.start()
    assert recompute_dates(town.desk, SYSTEM) == 0, "nothing is published yet"
    publish_2027(town)
    assert recompute_dates(town.desk, SYSTEM) == 1
    assert recompute_dates(town.desk, SYSTEM) == 0
    (task,) = town.tasks(case)
    assert (task.due_reason["last_day"], task.due_reason["provisional"]) == ("2027-01-13", False)
    (letter,) = letters(town, case)
    assert "由2027年1月8日改为2027年1月13日" in letter.text
    assert "工作日历已经公布" in letter.text


def test_a_timer_that_bounds_no_task_is_told_to_the_office(town: Lakeside) -> None:
    case = post_notice(town, CHRISTMAS)
    publish_2027(town)
    assert recompute_dates(town.desk, SYSTEM) == 1
    (letter,) = letters(town, case)
    assert "由2027年1月1日改为2027年1月6日" in letter.text


def test_a_timer_that_waits_for_the_end_of_a_notice_moves_with_it(town: Lakeside) -> None:
    """It reads the end that was posted (`posted.ends_at`) and counts nothing itself: the notice tells that this is an estimate."""
    case = accepted(town, CHRISTMAS)
    with town.desk.store.read() as tx:
        (waiting,) = [item for item in tx.work.of_case(case) if item.kind == "timer"]
    assert (waiting.provisional, waiting.payload["last_day"]) == (True, "2027-01-01")
    publish_2027(town)
    assert recompute_dates(town.desk, SYSTEM) == 1
    assert recompute_dates(town.desk, SYSTEM) == 0
    (letter,) = letters(town, case)
    assert "由2027年1月1日改为2027年1月6日" in letter.text
    with town.desk.store.read() as tx:
        (notice,) = tx.notices.of_case(case)
    assert notice.last_day == date(2027, 1, 6)
    town.advance(datetime(2027, 1, 6, 15, tzinfo=UTC))
    assert town.case(case).status != "ended"
    town.advance(datetime(2027, 1, 6, 17, tzinfo=UTC))
    assert town.case(case).status == "ended"


def test_a_notice_begins_on_the_first_day_of_the_published_year_that_is_worked(town: Lakeside) -> None:
    case = post_notice(town, datetime(2026, 12, 31, 2, tzinfo=UTC))

    def shown() -> tuple[date, date]:
        with town.desk.store.read() as tx:
            (notice,) = tx.notices.of_case(case)
        return notice.first_day, notice.last_day

    assert shown() == (date(2027, 1, 1), date(2027, 1, 7)), "the year is not published: an estimate"
    publish_2027(town)
    assert recompute_dates(town.desk, SYSTEM) == 1
    assert shown() == (date(2027, 1, 6), date(2027, 1, 12))


def test_a_published_year_that_changes_nothing_lets_the_timer_pass_by_itself(town: Lakeside) -> None:
    case = post_notice(town, datetime(2027, 3, 1, 2, tzinfo=UTC))
    publish_2027(town)
    assert recompute_dates(town.desk, SYSTEM) == 1
    assert letters(town, case) == []
    town.advance(datetime(2027, 3, 11, tzinfo=UTC))
    assert town.case(case).status == "ended"


def test_whoever_has_a_task_is_told_that_the_case_stands_still_and_goes_on(town: Lakeside) -> None:
    case = town.start()
    suspend_case(town.desk, town.admin, case, "等待核查结论")
    resume_case(town.desk, town.admin, case, "核查已经结束")
    halted, resumed = letters(town, case)
    assert "已暂停办理：等待核查结论" in halted.text
    assert "“决定是否受理”的期限不变，仍为2026年3月16日。" in halted.text
    assert "已恢复办理：核查已经结束" in resumed.text
    assert letters(town, case, "first") == [], "who has no task of the case is told nothing"
