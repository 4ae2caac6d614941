"""An element that only got another id is taken for the same, and a move is undone until the case goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from service.casework.amendments.apply import apply_amendment
from service.casework.amendments.move_case import move_case
from service.casework.amendments.renames import missing_elements, read_renames
from service.casework.amendments.undo_move import undo_move
from service.casework.queries.proof.verify_audit import verify_case
from service.catalog import Package
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import Store
from tests.integration.law.test_amendment import NOTICE, REASON, amendment, decide, notices, plans
from tests.support.lakeside import DIAGRAM, KEY, Lakeside, amended_package, make_lakeside

PROCESS = "lakeside_application"
SETTLE = [
    ('id="decide"', 'id="settle"'),
    ('targetRef="decide"', 'targetRef="settle"'),
    ('sourceRef="decide"', 'sourceRef="settle"'),
    ('bpmnElement="decide"', 'bpmnElement="settle"'),
    (">decide</bpmn:flowNodeRef>", ">settle</bpmn:flowNodeRef>"),
]
COUNTING = {NOTICE: [("posted.ends_at", "workdays(param.notice_working_days)")]}


@pytest.fixture
def both(store: Store) -> Lakeside:
    """The miniature with people, once on each database."""
    return make_lakeside(store)


def renamed(name: str = "") -> Package:
    """Return the miniature in which the decision has another id (and another ``name``)."""
    words = [('name="决定是否受理"', f'name="{name}"')] if name else []
    return amended_package({DIAGRAM: [*SETTLE, *words]})


def last_move(town: Lakeside, case: int) -> int:
    with town.desk.store.read() as tx:
        row = tx.moves.last_of_case(case)
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
        assert tx.history.of_case(case)[0].action == "moved_back"
    with pytest.raises(Conflict):
        undo_move(both.desk, both.admin, 1, "再次")
    decide(both, case)
    both.advance(datetime(2026, 4, 1, tzinfo=UTC))
    assert (both.case(case).outcome, notices(both, case)) == ("accepted", ["2026-03-09"])
    assert verify_case(both.desk, both.admin, case) is None


def test_a_running_timer_comes_back_to_its_day(both: Lakeside) -> None:
    both.deploy(amended_package(COUNTING))
    case = both.start()
    decide(both, case)
    new = both.deploy(amendment(**COUNTING))
    move_case(both.desk, both.admin, case, new.version, REASON)
    undo_move(both.desk, both.admin, last_move(both, case), "通知收回")
    both.advance(datetime(2026, 3, 9, 15, tzinfo=UTC))
    assert both.case(case).status == "running"
    both.advance(datetime(2026, 3, 9, 17, tzinfo=UTC))
    assert both.case(case).status == "ended"


def test_a_day_that_the_move_first_recorded_is_gone_again(town: Lakeside) -> None:
    case = town.start()
    before = town.case(case).facts
    move_case(town.desk, town.admin, case, town.deploy(amendment()).version, REASON)
    with town.desk.store.write() as tx:
        tx.cases.save(tx.cases.lock(case), facts={**before, "posted_until": "2026-03-09"})
        row = tx.moves.last_of_case(case)
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
