from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from service.domain.errors import NotFound
from service.store import Ordered, Stale, Store, TaskFilter, TaskSeat, Transaction
from tests.support import records
from tests.support.records import NOON

OFFICE = TaskSeat("city", "office", None)


def ids(tx: Transaction, chosen: TaskFilter, after: tuple[datetime, int] | None = None, limit: int = 50) -> list[int]:
    return [row.id for row in tx.tasks.list_page(chosen, after, limit)]


def test_a_task_changed_by_somebody_else_is_not_overwritten(store: Store) -> None:
    with store.write() as tx:
        [task_id] = tx.tasks.insert_many([records.task(records.case(tx))])
        tx.tasks.step(task_id, 1, title="新")
        with pytest.raises(Stale):
            tx.tasks.step(task_id, 1, title="旧")
        assert tx.tasks.lock(task_id).title == "新"
        with pytest.raises(NotFound):
            tx.tasks.get(task_id + 1)


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
        assert tx.tasks.counts(TaskFilter([OFFICE], round_id=top)).visible == 4
        both = [TaskFilter([OFFICE], round_id=top), TaskFilter([OFFICE], round_id=other)]
        assert tx.tasks.count_each(both) == (4, 1)
        facets = tx.tasks.facets(TaskFilter([OFFICE]), [NOON] * 4)
        assert {(one.round_id, one.round_title, one.sort, one.tasks) for one in facets} == {
            (top, "第一届", "round", 4),
            (other, "甲公司申报", "application", 1),
        }
