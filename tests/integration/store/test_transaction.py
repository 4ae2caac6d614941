from __future__ import annotations

import io
import os
import socket
import threading
from collections.abc import Callable

import psycopg
import pytest

from service.casework.access import guards
from service.casework.access.actor import SYSTEM, Actor
from service.store import NEVER, Busy, NewWork, Store, Transaction
from service.store.errors import Unreachable
from tests.support import records
from tests.support.records import NOON
from tests.support.waiting import ended


class Interrupted(Exception):
    """What a test throws in the middle."""


def count(store: Store) -> int:
    with store.write() as tx:
        return tx.counters.next("cases") - 1


def test_nothing_of_a_unit_that_raises_is_kept(store: Store) -> None:
    called: list[str] = []

    def fail() -> None:
        with store.write() as tx:
            tx.counters.next("cases")
            tx.after_commit(lambda: called.append("hook"))
            raise Interrupted

    with pytest.raises(Interrupted):
        fail()
    assert (count(store), called) == (0, [])


def test_hooks_run_after_the_commit_and_in_order(store: Store) -> None:
    seen: list[int] = []
    with store.write() as tx:
        tx.counters.next("cases")
        tx.after_commit(lambda: seen.append(count(store)))
        tx.after_commit(lambda: seen.append(99))
        assert seen == []
    assert seen == [1, 99]


def test_a_savepoint_undoes_only_what_is_inside(store: Store) -> None:
    called: list[str] = []

    def fail_inside(tx: Transaction) -> None:
        with tx.savepoint():
            tx.counters.next("cases")
            tx.after_commit(lambda: called.append("inside"))
            records.case(tx, definition="no such version")

    with store.write() as tx:
        tx.counters.next("cases")
        tx.after_commit(lambda: called.append("outside"))
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            fail_inside(tx)
        with tx.savepoint():
            tx.counters.next("cases")
    assert (count(store), called) == (2, ["outside"])


def test_numbers_are_never_given_twice_nor_left_out(store: Store) -> None:
    given: list[int] = []

    def take() -> None:
        for _ in range(10):
            with store.write() as tx:
                given.append(tx.counters.next("受"))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    ended(*threads)
    assert sorted(given) == list(range(1, 41))


def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    with store.write() as tx:
        tx.counters.next("cases")
        with store.read() as other:
            assert other.people.everybody() == []


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(Exception, match="只读"), store.read() as tx:
        tx.counters.next("cases")


def test_a_second_unit_in_one_thread_is_refused_instead_of_waiting_for_itself(sqlite_store: Store) -> None:
    with sqlite_store.write(), pytest.raises(RuntimeError, match="already"), sqlite_store.write():
        pass
    assert count(sqlite_store) == 0


def test_two_steps_of_one_case_follow_each_other(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx, facts={"n": 0})

    def step() -> None:
        for _ in range(10):
            with store.write() as tx:
                row = tx.cases.lock(case_id)
                tx.cases.save(row, facts={"n": row.facts["n"] + 1})

    threads = [threading.Thread(target=step) for _ in range(4)]
    for thread in threads:
        thread.start()
    ended(*threads)
    with store.read() as tx:
        assert tx.cases.get(case_id).facts == {"n": 40}


def test_a_unit_names_the_points_where_it_could_be_killed(store: Store) -> None:
    points: list[str] = []
    store.crash_point = points.append
    with store.write() as tx:
        tx.crash("in the middle")
        tx.after_commit(lambda: points.append("hook"))
    assert points == ["begun", "in the middle", "before-commit", "after-commit", "hook", "hooks-run"]


def test_instants_come_back_in_utc_and_never_without_a_zone(store: Store) -> None:
    with store.write() as tx:
        person_id = records.person(tx)
        assert tx.people.person(person_id).created_at == NOON
        assert NEVER.tzinfo is not None
        with pytest.raises(Exception, match="time zone"):
            records.person(tx, "wang", created_at=NOON.replace(tzinfo=None))


@pytest.mark.postgres
def test_parent_and_child_step_at_once_and_write_to_each_other(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    store = open_store(postgres_url)
    with store.write() as tx:
        parent = records.case(tx, process="round")
        child = records.case(tx, definition="v1", parent_id=parent)
    both_locked = threading.Barrier(2, timeout=60)

    def step(own: int, other: int) -> None:
        with store.write() as tx:
            tx.cases.lock(own)
            both_locked.wait()
            tx.work.enqueue_many([NewWork("message", other, f"message:{own}", {}, NOON)], NOON)

    threads = [threading.Thread(target=step, args=pair) for pair in ((parent, child), (child, parent))]
    for thread in threads:
        thread.start()
    ended(*threads)
    with store.read() as tx:
        assert tx.work.due_count(NOON) == 2


@pytest.mark.postgres
def test_a_silent_network_is_noticed_within_seconds(postgres_url: str, open_store: Callable[[str], Store]) -> None:
    with open_store(postgres_url).read() as tx:
        driver = tx._connection.connection.driver_connection
        assert driver is not None
        line = socket.socket(fileno=os.dup(driver.fileno()))
        with line:
            assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 4000
            kept = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)
            assert [line.getsockopt(socket.IPPROTO_TCP, option) for option in kept] == [2, 1, 2]


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_told_as_unreachable(open_store: Callable[[str], Store]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        store = open_store(f"postgresql+psycopg://postgres@127.0.0.1:{silent.getsockname()[1]}/x")
        with pytest.raises(Unreachable), store.read() as tx:
            tx.work.next_due()


@pytest.mark.postgres
def test_a_deadlock_is_reported_as_busy_and_undone(postgres_url: str, open_store: Callable[[str], Store]) -> None:
    store = open_store(postgres_url)
    with store.write() as tx:
        first, second = records.case(tx), records.case(tx, definition="v1")
    both_locked = threading.Barrier(2, timeout=60)
    errors: list[Exception] = []

    def step(own: int, other: int) -> None:
        try:
            with store.write() as tx:
                tx.cases.lock(own)
                both_locked.wait()
                tx.cases.lock(other)
        except Busy as error:
            errors.append(error)

    threads = [threading.Thread(target=step, args=pair) for pair in ((first, second), (second, first))]
    for thread in threads:
        thread.start()
    ended(*threads)
    assert len(errors) == 1


@pytest.mark.postgres
def test_a_use_case_that_loses_to_a_deadlock_is_repeated_with_the_file_it_was_given(
    postgres_url: str, open_store: Callable[[str], Store], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guards, "GUARDED", {})
    store = open_store(postgres_url)
    with store.write() as tx:
        first, second = records.case(tx), records.case(tx, definition="v1")
    both_locked = threading.Barrier(2, timeout=60)
    begun: list[int] = []
    read: list[bytes] = []

    @guards.guarded("work.run")
    def step(actor: Actor, own: int, other: int, file: io.BytesIO) -> None:
        content = file.read()
        with store.write() as tx:
            tx.cases.lock(own)
            begun.append(own)
            if begun.count(own) == 1:
                both_locked.wait()
            tx.cases.lock(other)
        read.append(content)

    files = [io.BytesIO(b"evidence") for _ in range(2)]
    arguments = ((SYSTEM, first, second, files[0]), (SYSTEM, second, first, files[1]))
    threads = [threading.Thread(target=step, args=each) for each in arguments]
    for thread in threads:
        thread.start()
    ended(*threads)
    assert (len(begun), read) == (3, [b"evidence"] * 2)


@pytest.mark.postgres
def test_a_connection_that_the_server_ended_a_moment_ago_is_replaced(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    """One used within the last second is asked nothing, so that its goodbye must be heard."""
    store = open_store(postgres_url)
    assert [count(store), count(store)] == [0, 1]
    with psycopg.connect(store.address, autocommit=True) as other:
        other.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert count(store) == 2


def test_nobody_listens_to_what_is_sent(store: Store) -> None:
    """SQLAlchemy looks for listeners around every statement of an engine that has any."""
    assert not any(engine._has_events or engine.dialect._has_events for engine in (store._engine, store._reader))


def test_nobody_listens_once_statements_were_counted(store: Store) -> None:
    with store.statements() as seen:
        count(store)
    assert seen
    test_nobody_listens_to_what_is_sent(store)
