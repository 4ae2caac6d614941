from __future__ import annotations

import io
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from service.casework.access import guards
from service.casework.access.actor import SYSTEM, Actor
from service.store import Busy, NewWork, Occupied, Store, Transaction
from service.store.connections.database import execute_by_driver
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


def test_a_second_unit_in_one_thread_is_refused_instead_of_waiting_for_itself(sqlite_store: Store) -> None:
    with sqlite_store.write(), pytest.raises(RuntimeError, match="already"), sqlite_store.write():
        pass
    assert count(sqlite_store) == 0


def test_a_file_that_another_process_writes_is_occupied(sqlite_store: Store) -> None:
    with sqlite_store._engine.connect() as connection:
        execute_by_driver(connection, "PRAGMA busy_timeout = 0")  # else it waits 15 seconds
    with closing(sqlite3.connect(sqlite_store._engine.url.database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Occupied), sqlite_store.write():
            pass


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


# Several units of work of one thread committed as one: each is undone alone, and the disk is waited for once.


@pytest.fixture
def shop(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = Store(sqlite_url, tmp_path / "files")
    yield opened
    opened.close()


def logins(store: Store) -> list[str]:
    with store.read() as tx:
        return [person.login for person in tx.people.everybody()]


def fail_after_wang(store: Store, called: list[str]) -> None:
    with store.write() as tx:
        records.person(tx, "wang")
        tx.after_commit(lambda: called.append("wang"))
        raise ZeroDivisionError


def fail_as_a_whole(store: Store) -> None:
    with store.together():
        with store.write() as tx:
            records.person(tx, "li")
        raise ZeroDivisionError


def test_units_of_work_are_committed_as_one(shop: Store) -> None:
    points: list[str] = []
    shop.crash_point = points.append
    with shop.together():
        for login in ("li", "wang"):
            with shop.write() as tx:
                records.person(tx, login)
        assert logins(shop) == ["li", "wang"]
    assert points.count("before-commit") == 1
    assert logins(shop) == ["li", "wang"]


def test_one_that_fails_is_undone_alone_with_what_it_would_have_called(shop: Store) -> None:
    called: list[str] = []
    with shop.together():
        with shop.write() as tx:
            records.person(tx, "li")
            tx.after_commit(lambda: called.append("li"))
        with pytest.raises(ZeroDivisionError):
            fail_after_wang(shop, called)
        assert called == []
    assert (logins(shop), called) == (["li"], ["li"])


def test_nothing_is_kept_where_the_whole_fails(shop: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_as_a_whole(shop)
    assert logins(shop) == []
    with shop.write() as tx:
        records.person(tx, "zhao")
    assert logins(shop) == ["zhao"]


# Statements handed to the driver as they were compiled before find, change and refuse what SQLAlchemy does.
