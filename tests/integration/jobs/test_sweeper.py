from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.domain.errors import Conflict
from service.jobs import Sweeper, running
from service.jobs.sweeper import TURN
from service.store import NewWork, Stale, Store
from service.store.models import WorkItemRow
from tests.support.records import DAY, NOON
from tests.support.waiting import until


def present() -> datetime:
    return datetime.now(UTC)


def enqueue(store: Store, *keys: str, at: datetime = NOON, now: datetime | None = None) -> None:
    with store.write() as tx:
        tx.work.enqueue_many([NewWork("timer", None, key, {}, at) for key in keys], now or at)


def state(store: Store, key: str) -> str:
    with store.read() as tx:
        item = tx.work.find(effect_key=key)
    assert item is not None
    return item.state


@dataclass
class Worker:
    """Does what an item asks for: nothing, but finishes it; ``plan`` may raise first."""

    store: Store
    plan: Callable[[WorkItemRow], None] = lambda item: None
    ran: list[str] = field(default_factory=list)

    def __call__(self, item: WorkItemRow) -> None:
        self.ran.append(item.effect_key)
        self.plan(item)
        with self.store.write() as tx:
            tx.work.finish(item, NOON)


def test_draining_runs_everything_due_in_due_order(store: Store) -> None:
    worker = Worker(store)
    enqueue(store, "b", at=NOON)
    enqueue(store, "c", at=NOON + DAY)
    enqueue(store, "a", at=NOON - DAY)
    assert Sweeper(store, worker, lambda: NOON, "test").drain(NOON) == 2
    assert worker.ran == ["a", "b"]


def test_what_an_item_causes_is_done_in_the_same_drain(store: Store) -> None:
    worker = Worker(store, lambda item: enqueue(store, "next") if item.effect_key == "first" else None)
    enqueue(store, "first")
    assert Sweeper(store, worker, lambda: NOON, "test").drain(NOON) == 2
    assert worker.ran == ["first", "next"]


def test_an_item_that_fails_does_not_hold_up_the_others(store: Store) -> None:
    def boom(item: WorkItemRow) -> None:
        if item.effect_key == "bad":
            raise ZeroDivisionError("boom")

    sweeper = Sweeper(store, Worker(store, boom), lambda: NOON, "test")
    enqueue(store, "bad", "good")
    sweeper.drain(NOON)
    assert (state(store, "bad"), state(store, "good")) == ("waiting", "done")
    with store.read() as tx:
        failed = tx.work.find(effect_key="bad")
    assert failed is not None
    assert "ZeroDivisionError: boom" in (failed.last_error or "")


def test_a_lost_race_is_tried_again_at_once(store: Store) -> None:
    tries: list[int] = []

    def lose_twice(item: WorkItemRow) -> None:
        tries.append(item.attempts)
        if len(tries) < 3:
            raise Stale

    enqueue(store, "a")
    assert Sweeper(store, Worker(store, lose_twice), lambda: NOON, "test").drain(NOON) == 3
    assert (tries, state(store, "a")) == ([1, 2, 3], "done")


def test_a_commit_that_leaves_due_work_is_answered_within_a_turn(store: Store, tmp_path: Path) -> None:
    """By the commit: this sweeper's turns never end by themselves."""
    worker = Worker(store)
    sweeper, turns, woken = Sweeper(store, worker, present, "test"), list[float](), list[bool]()
    wait = sweeper.wakeup.wait

    def listen(seconds: float) -> bool:
        turns.append(seconds)
        woken.append(wait())
        return woken[-1]

    sweeper.wakeup.wait = listen  # type: ignore[method-assign, assignment]
    with running([sweeper], store, tmp_path / "lock"):
        until(lambda: turns, what="the sweeper rests")
        assert (worker.ran, woken, 0 < turns[0] <= TURN) == ([], [], True)
        enqueue(store, "now", at=present())
        until(lambda: state(store, "now") == "done", what="the commit is answered")
    assert (worker.ran, woken[0]) == (["now"], True)


def test_only_one_process_sweeps_a_sqlite_database(sqlite_store: Store, tmp_path: Path) -> None:
    first, second = (Sweeper(sqlite_store, Worker(sqlite_store), present, name) for name in ("first", "second"))
    with (
        running([first], sqlite_store, tmp_path / "lock"),
        pytest.raises(Conflict),
        running([second], sqlite_store, tmp_path / "lock"),
    ):
        pass


def test_what_a_killed_process_left_running_is_done_after_the_restart(sqlite_store: Store, tmp_path: Path) -> None:
    enqueue(sqlite_store, "a")
    assert sqlite_store.claim(present(), "killed") is not None
    worker = Worker(sqlite_store)
    with running([Sweeper(sqlite_store, worker, present, "test")], sqlite_store, tmp_path / "lock"):
        until(lambda: worker.ran == ["a"])


def test_a_database_that_goes_away_does_not_end_the_sweeper(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: object) -> None:
        raise ConnectionError("away")

    worker = Worker(sqlite_store)
    sweeper = Sweeper(sqlite_store, worker, present, "test")
    enqueue(sqlite_store, "a")
    sqlite_store.crash_point = away
    sweeper.sweep()
    sqlite_store.crash_point = lambda name: None
    assert (worker.ran, state(sqlite_store, "a")) == ([], "waiting")
    assert "ConnectionError" in caplog.text, "it is told in the log"
    until(lambda: state(sqlite_store, "a") == "done", rest=lambda _: sweeper.sweep())


def test_an_item_that_always_loses_waits_instead_of_spinning(store: Store) -> None:
    def lose(item: WorkItemRow) -> None:
        raise Stale

    enqueue(store, "a")
    assert Sweeper(store, Worker(store, lose), lambda: NOON, "test").drain(NOON) == 4
    assert state(store, "a") == "waiting"


@pytest.mark.postgres
def test_a_task_for_one_process_is_left_to_the_first(postgres_url: str, open_store: Callable[[str], Store]) -> None:
    here, there = open_store(postgres_url), open_store(postgres_url)
    with here.alone_at("dates") as first, there.alone_at("dates") as second, there.alone_at("other") as other:
        assert (first, second, other) == (True, False, True)
    with there.alone_at("dates") as first:
        assert first
