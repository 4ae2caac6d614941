from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest

from service.domain.errors import NotFound
from service.store import CaseFilter, ElementCount, NewWork, Place, Stale, Store
from service.store.rows import FormResultRow, SubscriptionRow
from tests.support import records
from tests.support.records import NOON
from tests.support.waiting import until


def test_a_case_comes_back_as_it_was_put_in(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx, facts={"员工": 120}, number="2026-1")
    with store.read() as tx:
        row = tx.cases.get(case_id)
    assert (row.facts, row.number, row.state) == ({"员工": 120}, "2026-1", b"\x00engine")
    assert (row.version, row.status, row.audit_seq, row.started_at) == (1, "running", 0, NOON)


def test_asking_for_a_case_that_is_not_there_says_so(store: Store) -> None:
    with store.read() as tx, pytest.raises(NotFound, match="找不到办件“7”"):
        tx.cases.get(7)


def test_the_second_of_two_steps_from_the_same_version_is_refused(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        before = tx.cases.get(case_id)
        tx.cases.save(before, status="suspended")
        with pytest.raises(Stale):
            tx.cases.save(before, status="ended")
        assert tx.cases.lock(case_id).status == "suspended"
        assert tx.cases.get(case_id).version == 2


def test_children_come_oldest_first_without_the_engines_state(store: Store) -> None:
    with store.write() as tx:
        parent = records.case(tx, process="round")
        children = [records.case(tx, definition="v1", parent_id=parent) for _ in range(3)]
        objection = records.case(tx, definition="v1", parent_id=parent, process="objection")
        assert [row.id for row in tx.cases.children(parent)] == [*children, objection]
        assert [(row.id, row.state) for row in tx.cases.children(parent, "objection")] == [(objection, b"")]


def test_a_tree_ends_where_cases_stand_below_each_other_in_a_ring(store: Store) -> None:
    with store.write() as tx:
        top = records.case(tx)
        below = records.case(tx, parent_id=top)
        tx.cases.save(tx.cases.get(top), parent_id=below)
    with store.read() as tx:
        assert [one.id for one in tx.cases.tree(top)] == [top, below]


def test_only_a_case_that_has_not_ended_is_found_again(store: Store) -> None:
    with store.write() as tx:
        firm = records.body(tx, "firm", "*")
        parent = records.case(tx, process="round")
        about = {"parent_id": parent, "subject_id": firm, "definition": "v1"}
        records.case(tx, **about, status="ended")
        live = records.case(tx, **about)
        found = tx.cases.find_live(parent, "application", firm)
        assert found is not None
        assert found.id == live
        assert tx.cases.find_live(None, "application", firm) is None
        top = tx.cases.find_live(None, "round", None)
        assert top is not None
        assert top.id == parent


def test_parties_are_the_bodies_bound_to_roles(store: Store) -> None:
    with store.write() as tx:
        case_id, office, firm = records.case(tx), records.body(tx, "office"), records.body(tx, "firm")
        for role, body_id in [("office", office), ("applicant", firm), ("office", office)]:
            tx.cases.bind(case_id, role, body_id)
        parties = tx.cases.parties(case_id)
        assert {role: [row.key for row in rows] for role, rows in parties.items()} == {
            "office": ["office"],
            "applicant": ["firm"],
        }
        tx.cases.unbind(case_id, "office", office)
        assert set(tx.cases.parties(case_id)) == {"applicant"}


def test_visits_keep_their_order_and_cost_one_statement(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        with store.statements() as sent:
            tx.cases.add_visits(case_id, [("Application", "Start"), ("Application", "Accept")], NOON)
        assert len(sent) == 1
        assert [row.element for row in tx.cases.visits(case_id)] == ["Start", "Accept"]


def test_subscriptions_follow_what_the_case_waits_for(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        first = _waiting(case_id, "e1", "Withdraw", "withdrawn")
        second = _waiting(case_id, "e2", "Decide", "decided", "count > 3")
        tx.cases.replace_subscriptions(case_id, [first, second], [])
        tx.cases.replace_subscriptions(case_id, [], ["e1"])
        assert tx.cases.subscriptions(case_id) == [second]


def test_the_monitor_counts_what_waits_at_each_element(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        tx.tasks.insert_many([records.task(case_id, engine_id="e1"), records.task(case_id, engine_id="e2")])
        tx.cases.replace_subscriptions(case_id, [_waiting(case_id, "e3", "Wait", "go")], [])
        place = {"process_id": "Application", "element": "Wait"}
        tx.work.enqueue_many([NewWork("timer", case_id, "t:1", place, NOON)], NOON)
        expected = [
            ElementCount("city", "Application", "Accept", tasks=2),
            ElementCount("city", "Application", "Wait", messages=1, timers=1),
        ]
        assert tx.tallies.by_element(["city"]) == expected
        assert tx.tallies.by_element(["elsewhere"]) == []


def test_cases_are_listed_newest_first_by_filter(store: Store) -> None:
    with store.write() as tx:
        firm = records.body(tx, "firm", "*")
        old = records.case(tx, number="A-1")
        mine = records.case(tx, definition="v1", title="100%乙公司")
        ended = records.case(tx, definition="v1", status="ended", process="round")
        tx.cases.bind(mine, "applicant", firm)

        def found(**chosen: object) -> list[int]:
            return [row.id for row in tx.cases.search(CaseFilter(**chosen))]  # type: ignore[arg-type]

        assert found() == found(jurisdictions=["city"]) == [ended, mine, old]
        assert found(live=True) == [mine, old]
        assert found(body_id=firm) == found(text="100%乙") == [mine]
        assert found(text="A-1") == [old]
        assert found(process="round") == [ended]
        assert [row.id for row in tx.cases.search(CaseFilter(), before=ended, limit=1)] == [mine]


def test_what_waits_since_before_that_was_noted_is_the_oldest(store: Store) -> None:
    """Places are counted over all that waits: what has no instant takes the first of them, and is not told."""
    with store.write() as tx:
        for number, at in enumerate((NOON + timedelta(days=1), None, NOON)):
            case_id = records.case(tx, definition=records.definition(tx, f"v{number}"))
            wait = replace(_waiting(case_id, f"e{number}", "Wait", "go"), created_at=at)
            tx.cases.replace_subscriptions(case_id, [wait], [])
            item = NewWork("timer", case_id, f"t:{number}", {"process_id": "Application", "element": "End"}, NOON)
            tx.work.enqueue_many([item._replace(since=at)], NOON + timedelta(days=2))
        place, counts = Place("city", "Application"), {"Wait": (0, 3), "End": (3, 0)}
        found = tx.durations.waiting_since(place, counts, lambda _count: (2, 1, 1))
        late = [NOON + timedelta(days=2), NOON + timedelta(days=1), NOON + timedelta(days=1)]
        assert found == {"Wait": [late[1], NOON, NOON], "End": late}
        assert set(tx.durations.waiting_since(place, counts, lambda _count: (0,))) == {"End"}
        assert tx.durations.waiting_since(
            Place("city", "Application", "v2"), {"Wait": (0, 1)}, lambda _count: (0,)
        ) == {"Wait": [NOON]}


def _waiting(case_id: int, engine_id: str, element: str, message: str, barrier: str | None = None) -> SubscriptionRow:
    return SubscriptionRow(
        case_id=case_id,
        engine_id=engine_id,
        process_id="Application",
        element=element,
        message=message,
        barrier=barrier,
    )


def test_a_task_comes_with_its_locked_case_and_whether_somebody_may_keep_a_draft(store: Store) -> None:
    """On PostgreSQL a draft may come until the task is done: nobody can say that there is none."""
    with store.write() as tx:
        case = records.case(tx)
        (number,) = tx.tasks.insert_many([records.task(case)])
        person = records.person(tx)
    with store.write() as tx:
        found = tx.tasks.with_locked_case(number)
        assert (found.task, found.case, found.drafted) == (
            tx.tasks.get(number),
            tx.cases.get(case),
            store.dialect == "postgresql",
        )
        tx.forms.save_draft(number, person, {"a": 1}, NOON)
        assert tx.tasks.with_locked_case(number).drafted
        with pytest.raises(NotFound, match="任务"):
            tx.tasks.with_locked_case(number + 1)


def test_a_task_comes_with_what_was_submitted_in_its_case_as_it_is_read_apart(store: Store) -> None:
    with store.write() as tx:
        case, other = records.case(tx), records.case(tx)
        number, sent_back = (tx.tasks.insert_many([records.task(case)])[0] for _ in range(2))
        assert tx.tasks.with_locked_case(number).forms == []
        for data in ({"意见": "“同意”", "n": [1, 2.5, None, True]}, {"大": 2**70}, {}):
            tx.forms.insert(FormResultRow(case_id=case, task_id=number, element="a", form="f", data=data, at=NOON))
        tx.forms.insert(FormResultRow(case_id=other, element="a", form="f", data={}, at=NOON))
        tx.forms.insert(FormResultRow(case_id=case, task_id=sent_back, element="b", form="g", data={}, at=NOON))
        tx.forms.mark_taken_back(sent_back, NOON)
        found = tx.tasks.with_locked_case(number).forms
        assert found == tx.forms.of_case(case)
        assert [row.data for row in found or ()] == [
            {"意见": "“同意”", "n": [1, 2.5, None, True]},
            {"大": 2**70},
            {},
        ]


def test_what_was_submitted_is_read_anew_where_a_case_was_changed_while_its_lock_was_waited_for(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    store = open_store(postgres_url)
    with store.write() as tx:
        case = records.case(tx)
        (number,) = tx.tasks.insert_many([records.task(case)])
    locked = threading.Event()

    def submit() -> None:
        with store.write() as tx:
            before = tx.cases.lock(case)
            tx.forms.insert(FormResultRow(case_id=case, element="a", form="f", data={}, at=NOON))
            tx.cases.save(before, status="suspended")
            locked.set()
            until(lambda: _somebody_waits(postgres_url))

    def read() -> None:
        locked.wait(120)
        with store.write() as tx:
            found = tx.tasks.with_locked_case(number)
            assert (found.case.status, found.forms) == ("suspended", None)
            assert len(tx.forms.of_case(case)) == 1

    with ThreadPoolExecutor(2) as people:
        for done in [people.submit(submit), people.submit(read)]:
            done.result(60)


def _somebody_waits(url: str) -> bool:
    """Return whether a session of the database waits for a lock."""
    with closing(psycopg.connect(url.replace("+psycopg", ""))) as looking:
        [(count,)] = looking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchall()
    return bool(count)


def test_what_was_read_with_a_case_is_handed_out_until_something_is_submitted(store: Store) -> None:
    with store.write() as tx:
        case = records.case(tx)
        row = FormResultRow(case_id=case, element="a", form="f", data={}, at=NOON)
        kept = [replace(row, id=tx.forms.insert(row))]
        tx.forms.keep_at_hand(case, kept)
        with store.statements() as seen:
            assert tx.forms.of_case(case) == tx.forms.of_case(case, "f") == kept
            assert tx.forms.of_case(case, "g") == tx.forms.of_case(case + 1) == []
        assert len(seen) == 1
        tx.forms.insert(row)
        assert len(tx.forms.of_case(case)) == 2
