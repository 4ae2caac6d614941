"""An element that only got another id is taken for the same, and a move is undone until the case goes on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.amendments.move_case import apply_amendment, move_case, undo_move
from service.casework.amendments.move_plan import missing_elements, read_renames
from service.casework.due.provisional_dates import recompute_dates
from service.casework.queries.proof.book import verify_case
from service.catalog import Package
from service.domain.calendar import WorkingCalendar
from service.domain.calendar.working import CalendarYear, DayOff
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from tests.integration.law.test_amendment import NOTICE, REASON, amendment, decide, notices, plans
from tests.support.browsers import Browser
from tests.support.lakeside import DIAGRAM, KEY, Lakeside, amended_package
from tests.support.records import last_move_of

PROCESS = "lakeside_application"
SETTLE = [
    ('id="decide"', 'id="settle"'),
    ('targetRef="decide"', 'targetRef="settle"'),
    ('sourceRef="decide"', 'sourceRef="settle"'),
    ('bpmnElement="decide"', 'bpmnElement="settle"'),
    (">decide</bpmn:flowNodeRef>", ">settle</bpmn:flowNodeRef>"),
]


def renamed(name: str = "") -> Package:
    """Return the miniature in which the decision has another id (and another ``name``)."""
    words = [('name="决定是否受理"', f'name="{name}"')] if name else []
    return amended_package({DIAGRAM: [*SETTLE, *words]})


def last_move(town: Lakeside, case: int) -> int:
    with town.desk.store.read() as tx:
        row = last_move_of(tx, case)
    assert row is not None
    return row.id


def test_an_element_with_another_id_is_proposed_by_its_name_or_by_what_it_does(town: Lakeside) -> None:
    old = amended_package({})
    [one] = missing_elements(old, renamed())
    assert (one.element.id, one.proposed and one.proposed.id, one.why.zh) == ("decide", "settle", "名称相同")
    [other] = missing_elements(old, renamed("作出受理决定"))
    assert (other.proposed and other.proposed.id, other.why.zh) == ("settle", "所办的事相同")
    with pytest.raises(Invalid, match="同一种类"):
        read_renames(old, renamed(), {(PROCESS, "decide"): "posted"})


def test_a_case_that_waits_there_moves_with_its_draft_task_and_way(both: Lakeside) -> None:
    case = both.start()
    new = both.deploy(renamed())
    assert not plans(both)[case].moves
    with pytest.raises(Conflict):
        move_case(both.desk, both.admin, case, new.version, REASON)
    before = both.tasks(case)[0]
    move_case(both.desk, both.admin, case, new.version, REASON, {PROCESS: {"decide": "settle"}})
    (task,) = both.tasks(case)
    assert (task.id, task.element, task.due_at, task.created_at) == (
        before.id,
        "settle",
        before.due_at,
        before.created_at,
    )
    decide(both, case)
    assert notices(both, case) == ["2026-03-09"]
    both.advance(datetime(2026, 4, 1, tzinfo=UTC))
    assert both.case(case).outcome == "accepted"
    assert verify_case(both.desk, both.admin, case) is None


def test_a_move_is_undone_with_its_values_and_time_limits(both: Lakeside) -> None:
    case = both.start()
    before, task = both.case(case), both.tasks(case)[0]
    new = both.deploy(amendment(**{DIAGRAM: SETTLE}))
    move_case(both.desk, both.admin, case, new.version, REASON, {PROCESS: {"decide": "settle"}})
    assert both.tasks(case)[0].due_reason["last_day"] == "2026-03-23"
    undo_move(both.desk, both.admin, last_move(both, case), "通知收回")
    after, again = both.case(case), both.tasks(case)[0]
    assert (after.definition, after.parameters) == (before.definition, before.parameters)
    assert (again.element, again.due_at, again.due_reason) == (task.element, task.due_at, task.due_reason)
    with both.desk.store.read() as tx:
        assert [event.action for event in tx.history.newest(case)[:2]] == ["told", "moved_back"]
    with pytest.raises(Conflict):
        undo_move(both.desk, both.admin, 1, "再次")
    decide(both, case)
    both.advance(datetime(2026, 4, 1, tzinfo=UTC))
    assert (both.case(case).outcome, notices(both, case)) == ("accepted", ["2026-03-09"])
    assert verify_case(both.desk, both.admin, case) is None


def test_a_day_that_the_move_first_recorded_is_gone_again(town: Lakeside) -> None:
    case = town.start()
    before = town.case(case).facts
    move_case(town.desk, town.admin, case, town.deploy(amendment()).version, REASON)
    with town.desk.store.write() as tx:
        tx.cases.save(tx.cases.lock(case), facts={**before, "posted_until": "2026-03-09"})
        row = last_move_of(tx, case)
        assert row is not None
        assert (row.details["facts"], row.details["facts_new"]) == ({}, [])
    with town.desk.store._engine.begin() as connection:
        connection.execute(
            sa.text("update case_move set details = json_set(details, '$.facts_new', json('[\"posted_until\"]'))")
        )
    undo_move(town.desk, town.admin, row.id, "通知收回")
    assert town.case(case).facts == before


def test_a_case_that_went_on_is_not_brought_back(town: Lakeside) -> None:
    case = town.start()
    new = town.deploy(amendment())
    apply_amendment(town.desk, town.admin, KEY, [case], new.version, REASON)
    move = last_move(town, case)
    with pytest.raises(NotAllowed):
        undo_move(town.desk, town.office, move, "通知收回")
    with pytest.raises(Invalid):
        undo_move(town.desk, town.admin, move, " ")
    decide(town, case)
    with pytest.raises(Conflict, match="已经继续办理"):
        undo_move(town.desk, town.admin, move, "通知收回")
    assert town.case(case).definition == new.version


def test_the_page_moves_whom_is_chosen_and_takes_a_case_back(town: Lakeside, browse: Callable[..., Browser]) -> None:
    first, second, page = town.start("first"), town.start("first"), f"/law/{KEY}/running"
    old = town.case(first).definition
    new = town.deploy(amendment())
    admin = browse("admin")
    shown = admin.get(page).text
    assert (f'value="{first}"' in shown, "checked" in shown) == (True, False), "nobody is chosen beforehand"
    refused = admin.post(page, {"version": new.version, "case": first, "reason": ""}, page=page).text
    assert re.search(rf'value="{first}"[^>]* checked', refused)
    assert not re.search(rf'value="{second}"[^>]* checked', refused)
    done = admin.post(page, {"version": new.version, "case": first, "reason": REASON}, page=page).text
    assert "撤销这件的迁移" in done
    assert [town.case(case).definition for case in (first, second)] == [new.version, old]
    assert "发布的第2个版本办理" in admin.get(f"/cases/{first}").text, "the version is called by its day"
    move = last_move(town, first)
    assert admin.post(page, {"undo": move, "reason": ""}, page=page).status_code == 422
    assert admin.post(page, {"undo": move, "reason": "通知收回"}, page=page).status_code == 302
    assert town.case(first).definition == old
    assert "撤销这件的迁移" not in admin.get(page).text


# Whoever must act is told when a time limit moves, once, with both days and the reason.

CHRISTMAS = datetime(2026, 12, 25, 2, tzinfo=UTC)


HOLIDAY = DayOff(Text("元旦", "New Year"), date(2027, 1, 1), date(2027, 1, 5), "国办发明电〔2026〕9号")


def letters(town: Lakeside, case: int, name: str = "office") -> list[Any]:
    """Return what ``name`` was told of days that moved or stand still."""
    with town.desk.store.read() as tx:
        rows = tx.mail.select(case_id=case)
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
    town.complete(case, town.office, {"decision": "accept"})
    return case


def publish_2027(town: Lakeside) -> None:
    """Let the calendar of 2027 be published with a New Year's holiday until 5 January."""
    (layer,) = town.desk.calendar("cn").layers
    year = CalendarYear(2027, (HOLIDAY,))
    published = WorkingCalendar((replace(layer, years={**layer.years, 2027: year}),))
    town.desk = replace(town.desk, calendars={**town.desk.calendars, "cn": published})


def test_a_date_that_moves_and_returns_is_told_to_whoever_must_act(town: Lakeside) -> None:
    case = town.start()
    new = town.deploy(amendment())
    move_case(town.desk, town.admin, case, new.version, "县政府〔2026〕5号")
    (letter,) = letters(town, case)
    assert letter.subject == "期限变更：“决定是否受理”改为2026年3月23日"
    assert "由2026年3月16日改为2026年3月23日" in letter.text
    assert "原因：县政府〔2026〕5号。依第八条" in letter.text
    with town.desk.store.read() as tx:
        assert tx.work.find(effect_key=f"{letter.effect_key}:mail") is not None, (
            "the mail waits in the same transaction"
        )
        (move,) = tx.moves.select(case_id=case)
    undo_move(town.desk, town.admin, move.id, "通知收回")
    _, back = letters(town, case)
    assert back.subject == "期限变更：“决定是否受理”改为2026年3月16日"
    assert "原因：撤销迁移：通知收回" in back.text


def test_a_timer_that_returns_is_told_to_the_office(town: Lakeside) -> None:
    case = post_notice(town, datetime(2026, 3, 2, 2, tzinfo=UTC))
    new = town.deploy(amendment(**{NOTICE: [("posted.ends_at", "workdays(param.notice_working_days)")]}))
    move_case(town.desk, town.admin, case, new.version, REASON)
    undo_move(town.desk, town.admin, last_move(town, case), "通知收回")
    there, back = letters(town, case)
    assert "由2026年3月9日改为2026年3月12日" in there.text
    assert "由2026年3月12日改为2026年3月9日" in back.text


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
        (notice,) = tx.notices.select(case_id=case)
    assert notice.last_day == date(2027, 1, 6)
    town.advance(datetime(2027, 1, 6, 15, tzinfo=UTC))
    assert town.case(case).status != "ended"
    town.advance(datetime(2027, 1, 6, 17, tzinfo=UTC))
    assert town.case(case).status == "ended"


def test_a_notice_begins_on_the_first_day_of_the_published_year_that_is_worked(town: Lakeside) -> None:
    case = post_notice(town, datetime(2026, 12, 31, 2, tzinfo=UTC))

    def shown() -> tuple[date, date]:
        with town.desk.store.read() as tx:
            (notice,) = tx.notices.select(case_id=case)
        return notice.first_day, notice.last_day

    assert shown() == (date(2027, 1, 1), date(2027, 1, 7)), "the year is not published: an estimate"
    publish_2027(town)
    assert recompute_dates(town.desk, SYSTEM) == 1
    assert shown() == (date(2027, 1, 6), date(2027, 1, 12))
