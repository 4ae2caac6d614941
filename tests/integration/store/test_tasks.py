from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from service.domain.errors import NotFound
from service.store import NEVER, Ordered, Stale, Store, TaskFilter, TaskSeat, Transaction
from service.store.rows.cases import case
from tests.support import records
from tests.support.records import DAY, NOON

OFFICE = TaskSeat("city", "office", None)


def ids(tx: Transaction, chosen: TaskFilter, after: tuple[datetime, int] | None = None, limit: int = 50) -> list[int]:
    return [row.id for row in tx.tasks.list(chosen, after, limit)]


def test_tasks_are_added_in_one_statement_and_come_back_in_order(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        with store.statements() as sent:
            added = tx.tasks.insert_many([records.task(case_id, title=f"任务{n}") for n in range(5)])
        assert len(sent) == 1
        assert [tx.tasks.get(one).title for one in added] == [f"任务{n}" for n in range(5)]
        assert [row.id for row in tx.tasks.open_of_case(case_id)] == added
        assert tx.tasks.get(added[0]).due_at == NEVER


def test_a_task_changed_by_somebody_else_is_not_overwritten(store: Store) -> None:
    with store.write() as tx:
        [task_id] = tx.tasks.insert_many([records.task(records.case(tx))])
        tx.tasks.update(task_id, 1, title="新")
        with pytest.raises(Stale):
            tx.tasks.update(task_id, 1, title="旧")
        assert tx.tasks.lock(task_id).title == "新"
        with pytest.raises(NotFound):
            tx.tasks.get(task_id + 1)


def test_cancelling_touches_only_open_tasks(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        first, second = tx.tasks.insert_many([records.task(case_id), records.task(case_id)])
        tx.tasks.update(first, 1, state="done", done_at=NOON)
        assert tx.tasks.cancel([first, second], NOON) == 1
        assert [row.state for row in tx.tasks.of_case(case_id)] == ["done", "cancelled"]


def test_the_list_is_by_due_date_and_pages_without_gaps(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        due = [NOON + DAY * n for n in (3, 1, 2, 1, 0)] + [NEVER]
        added = tx.tasks.insert_many([records.task(case_id, due_at=at) for at in due])
        expected = [added[n] for n in (4, 1, 3, 2, 0, 5)]
        chosen = TaskFilter([OFFICE])
        assert ids(tx, chosen) == expected
        seen: list[int] = []
        after: tuple[datetime, int] | None = None
        while page := tx.tasks.list(chosen, after, 2):
            seen += [row.id for row in page]
            after = (page[-1].due_at, page[-1].id)
        assert seen == expected


def test_each_scope_shows_what_it_promises(store: Store) -> None:
    with store.write() as tx:
        case_id, me = records.case(tx), records.person(tx)
        ours, theirs = records.body(tx, "ours"), records.body(tx, "theirs")
        for_ours, for_all, for_theirs, assigned, other_role, elsewhere = tx.tasks.insert_many(
            [
                records.task(case_id, body_id=ours),
                records.task(case_id),
                records.task(case_id, body_id=theirs),
                records.task(case_id, body_id=ours, assignee_id=me),
                records.task(case_id, role="decider"),
                records.task(case_id, jurisdiction="county", body_id=ours),
            ]
        )

        def shown(scope: str, *seats: TaskSeat) -> list[int]:
            return sorted(ids(tx, TaskFilter(seats, me, scope)))

        seat = TaskSeat("city", "office", ours)
        assert shown("mine", seat) == [assigned]
        assert shown("body", seat) == shown("visible", seat) == [for_ours, for_all, assigned]
        assert shown("body", TaskSeat("*", "office", ours)) == [for_ours, assigned, elsewhere]
        assert shown("visible", OFFICE) == [for_ours, for_all, for_theirs, assigned]
        assert shown("body", OFFICE) == []
        assert shown("visible", TaskSeat("city", "*")) == [for_ours, for_all, for_theirs, assigned, other_role]
        assert tx.tasks.counts(TaskFilter([seat, OFFICE], me)) == (1, 3, 4, 2)
        assert shown("unclaimed", seat, OFFICE) == [for_ours, for_all]
        assert shown("to_do", seat, OFFICE) == [for_ours, for_all, assigned]
        assert tx.tasks.counts(TaskFilter([seat, OFFICE], me)).to_do == 3
        assert ids(tx, TaskFilter()) == []


def test_who_stands_in_sees_what_the_lender_has_claimed_by_that_seat_alone(store: Store) -> None:
    with store.write() as tx:
        case_id, me = records.case(tx), records.person(tx)
        lender = records.person(tx, login="lender")
        ours, theirs = records.body(tx, "ours"), records.body(tx, "theirs")
        held, to_role, *others = tx.tasks.insert_many(
            [
                records.task(case_id, body_id=ours, assignee_id=lender),
                records.task(case_id, assignee_id=lender),
                records.task(case_id, body_id=ours, assignee_id=lender, kind="ballot"),
                records.task(case_id, body_id=ours, assignee_id=lender, personal=True),
                records.task(case_id, body_id=theirs, assignee_id=lender),
                records.task(case_id, role="decider", assignee_id=lender),
                records.task(case_id, jurisdiction="county", body_id=ours, assignee_id=lender),
            ]
        )
        lent = TaskSeat("city", "office", ours, lender)
        for scope in ("mine", "to_do"):
            assert sorted(ids(tx, TaskFilter([lent], me, scope))) == [held, to_role]
        assert ids(tx, TaskFilter([lent], me, "unclaimed")) == []
        assert tx.tasks.counts(TaskFilter([lent], me)).mine == 2
        assert tx.tasks.new_since(TaskFilter([lent], me, "mine"), 0) == 2
        assert set(ids(tx, TaskFilter([lent], me, "mine"))).isdisjoint(others)


def test_filters_narrow_the_list(store: Store) -> None:
    with store.write() as tx:
        case_id, other = records.case(tx), records.case(tx, definition="v1")
        late, soon, named = tx.tasks.insert_many(
            [
                records.task(case_id, due_at=NOON - DAY),
                records.task(case_id, due_at=NOON + DAY, element="Review"),
                records.task(other, due_at=NOON + DAY * 9, subject="丙_集团", process_id="Objection"),
            ]
        )

        def found(**chosen: object) -> list[int]:
            return ids(tx, TaskFilter([OFFICE], **chosen))  # type: ignore[arg-type]

        assert found(overdue=NOON) == [late]
        assert found(due_before=NOON + DAY * 2) == [late, soon]
        assert found(element="Review") == [soon]
        assert found(process="Objection") == found(text="丙_") == found(case_id=other) == [named]
        assert found(text="甲_") == []


def test_a_round_holds_what_stands_below_it_however_deep(store: Store) -> None:
    with store.write() as tx:
        v = records.definition(tx)
        top, other = records.case(tx, definition=v, title="第一届", process="round"), records.case(tx, definition=v)
        applied = records.case(tx, definition=v, parent_id=top)
        objected = records.case(tx, definition=v, parent_id=applied, process="objection")
        asked_again = records.case(tx, definition=v, parent_id=objected)
        at = tx.tasks.insert_many([records.task(c) for c in (top, applied, objected, asked_again, other)])
        for scope in ("visible", "overseen"):
            chosen = TaskFilter([OFFICE], scope=scope, round_id=top)
            assert ids(tx, chosen) == at[:4]
            assert tx.tasks.count(chosen) == tx.tasks.count_each([chosen, TaskFilter([OFFICE])])[0] == 4
            assert tx.tasks.new_since(chosen, 0) == 4
            assert ids(tx, replace(chosen, text="受理")) == at[:4]
            assert ids(tx, replace(chosen, recused=[99])) == at[:4]
            assert [row.id for row in tx.tasks.ordered(chosen, Ordered("came"), 9)] == at[:4]
        assert ids(tx, TaskFilter([OFFICE], round_id=objected)) == at[2:4]
        assert tx.tasks.counts(TaskFilter([OFFICE], round_id=top)).visible == 4
        both = [TaskFilter([OFFICE], round_id=top), TaskFilter([OFFICE], round_id=other)]
        assert tx.tasks.count_each(both) == (4, 1)
        facets = tx.tasks.facets(TaskFilter([OFFICE]), [NOON])
        assert {(one.round_id, one.round_title, one.sort, one.tasks) for one in facets} == {
            (top, "第一届", "round", 4),
            (other, "甲公司申报", "application", 1),
        }


def test_a_task_of_cases_below_each_other_in_a_ring_stops_nobody(store: Store) -> None:
    with store.write() as tx:
        first = records.case(tx)
        second = records.case(tx, definition="v1", parent_id=first)
        tx._connection.execute(sa.update(case).where(case.c.id == first).values(parent_id=second))
        at = tx.tasks.insert_many([records.task(first), records.task(second)])
        assert ids(tx, TaskFilter([OFFICE], round_id=first)) == at


def test_finished_tasks_are_listed_for_who_did_them(store: Store) -> None:
    with store.write() as tx:
        me = records.person(tx)
        done, _ = tx.tasks.insert_many([records.task(records.case(tx)) for _ in range(1)] * 2)
        tx.tasks.update(done, 1, state="done", done_at=NOON, done_by=me)
        assert ids(tx, TaskFilter(person_id=me, state="done")) == [done]


def test_new_tasks_are_counted_since_the_last_one_seen(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        tx.tasks.insert_many([records.task(case_id)])
        seen = tx.tasks.newest()
        tx.tasks.insert_many([records.task(case_id), records.task(case_id, role="decider")])
        assert tx.tasks.new_since(TaskFilter([OFFICE]), seen) == 1
        assert tx.tasks.new_since(TaskFilter([OFFICE], text="无"), seen) == 0
        assert tx.tasks.new_since(TaskFilter(), seen) == 0


def test_badges_stop_counting_at_a_thousand(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        tx.tasks.insert_many([records.task(case_id, engine_id=str(n)) for n in range(1010)])
        assert tx.tasks.counts(TaskFilter([OFFICE])).visible == 1000


def test_what_the_counts_of_a_list_have_in_common_is_asked_once(sqlite_store: Store) -> None:
    with sqlite_store.statements() as sent, sqlite_store.read() as tx:
        tx.tasks.counts(TaskFilter([TaskSeat("city", "office", 3)], 5))
    [(statement, _)] = sent
    assert statement.count("FROM task") == 5, (
        "mine; addressed to the body and to every body; the same that nobody holds"
    )
