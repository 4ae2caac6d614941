"""Lanes: what waits for a mail server holds up nothing, a case's work is done in turn, long work keeps its claim."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.casework.desk.channels import WITHIN
from service.casework.desk.clock import VirtualClock
from service.casework.due import run_item as dispatch
from service.casework.due.rare_work import RARE
from service.domain.running.lanes import INSIDE, MAIL, TIMERS, lane_of
from service.domain.wording.work_words import WORK_NAMES
from service.jobs import Sweeper, running
from service.jobs.due_work import LeaseKeeper
from service.jobs.process_lock import owner_name
from service.store import NewWork, Store
from service.store.models import WorkItemRow
from tests.integration.jobs.test_sweeper import Worker, present, state
from tests.support import records
from tests.support.records import DAY, NOON
from tests.support.waiting import ended, until

SECOND = timedelta(seconds=1)


def put(store: Store, *items: tuple[str, str, int | None, timedelta]) -> None:
    """Put work of (kind, key, case, how long after noon it is due)."""
    with store.write() as tx:
        tx.work.enqueue_many([NewWork(kind, case, key, {}, NOON + after) for kind, key, case, after in items], NOON)


def a_case(store: Store, title: str) -> int:
    with store.write() as tx:
        return records.case(tx, title=title)


def keys(items: list[WorkItemRow]) -> list[str]:
    return [item.effect_key for item in items]


def test_every_kind_of_work_has_a_lane_and_only_channels_have_that_of_mail() -> None:
    kinds = {*dispatch._KINDS, *RARE}
    assert {kind for kind in kinds if lane_of(kind) == MAIL} == set()
    assert kinds - set(WORK_NAMES) == set(), "each is called by a name of its own where it did not go well"
    assert {lane_of(channel.name) for channel in WITHIN} == {MAIL}


def test_a_batch_takes_of_each_case_what_is_due_first(store: Store) -> None:
    one, two = a_case(store, "甲"), a_case(store, "乙")
    put(
        store, ("timer", "one-2", one, 2 * SECOND), ("timer", "two-1", two, SECOND), ("timer", "one-1", one, 0 * SECOND)
    )
    now = NOON + DAY
    first = store.claim_in(TIMERS, now, "me", 20)
    assert keys(first) == ["one-1", "two-1"]
    assert store.claim_in(TIMERS, now, "other", 20) == []
    with store.write() as tx:
        tx.work.finish(first[0], now)
    assert keys(store.claim_in(TIMERS, now, "other", 20)) == ["one-2"]


def test_a_case_that_a_timer_moves_waits_with_its_messages(store: Store) -> None:
    one = a_case(store, "甲")
    put(store, ("timer", "timer", one, 0 * SECOND), ("message", "message", one, SECOND), ("mail", "mail", one, SECOND))
    now = NOON + DAY
    [timer] = store.claim_in(TIMERS, now, "me", 20)
    assert store.claim_in("cases", now, "me", 20) == []
    assert keys(store.claim_in(MAIL, now, "me")) == ["mail"]
    with store.write() as tx:
        tx.work.finish(timer, now)
    assert keys(store.claim_in("cases", now, "me", 20)) == ["message"]


def test_an_item_that_kills_its_process_costs_the_others_of_a_batch_one_attempt(store: Store) -> None:
    put(store, ("timer", "poison", None, 0 * SECOND), *(("timer", f"good-{n}", None, SECOND) for n in range(3)))
    now = NOON + DAY
    done: dict[str, int] = {}
    for _ in range(12):
        items = store.claim_in(TIMERS, now, "killed", 20)
        now += timedelta(minutes=2)
        if "poison" in keys(items):
            continue  # here the process dies, with all that it holds
        with store.write() as tx:
            for item in items:
                tx.work.finish(item, now)
                done[item.effect_key] = item.attempts
    assert done == {"good-0": 2, "good-1": 2, "good-2": 2}
    with store.read() as tx:
        assert [incident.kind for incident in tx.incidents.list_open()] == ["work_item_dead"]


def test_an_item_that_was_not_begun_keeps_its_attempts(store: Store) -> None:
    put(store, ("timer", "a", None, 0 * SECOND), ("timer", "b", None, SECOND))
    ran: list[str] = []

    def stop_after_first(item: WorkItemRow) -> None:
        ran.append(item.effect_key)
        sweeper.stop()
        with store.write() as tx:
            tx.work.finish(item, NOON)

    sweeper = Sweeper(store, stop_after_first, lambda: NOON + DAY, "test")
    sweeper.drain(NOON + DAY)
    assert ran == ["a"]
    with store.read() as tx:
        left = tx.work.find(effect_key="b")
    assert left is not None
    assert (left.state, left.attempts) == ("waiting", 0)


def test_the_lease_of_long_work_is_prolonged(store: Store) -> None:
    put(store, ("mail", "slow", None, 0 * SECOND))
    now = [NOON]
    [item] = store.claim_in(MAIL, NOON, "me", lease=SECOND)
    keeper = LeaseKeeper(store, lambda: now[0], SECOND)
    keeper.hold([item])
    for _ in range(90):
        now[0] += SECOND
        keeper.renew()
        assert store.claim_in(MAIL, now[0], "other", lease=SECOND) == []
    keeper.let_go(item)
    now[0] += 2 * SECOND
    keeper.renew()
    assert keys(store.claim_in(MAIL, now[0], "other", lease=SECOND)) == ["slow"]


@pytest.mark.postgres
def test_a_mail_that_takes_longer_than_the_lease_is_sent_once_by_two_processes(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    sent: list[str] = []
    clock = VirtualClock(present())
    stores = [open_store(postgres_url), open_store(postgres_url)]

    def lease_end(store: Store) -> datetime:
        with store.read() as tx:
            item = tx.work.find(effect_key="slow")
        assert item is not None
        assert item.lease_until is not None
        return item.lease_until

    def slow(store: Store) -> Callable[[WorkItemRow], None]:
        def send(item: WorkItemRow) -> None:
            sent.append(item.owner or "")
            for _ in range(3):  # longer than a lease, however slow the machine is
                clock.move_to(clock.now() + 1.5 * SECOND)
                until(lambda: lease_end(store) >= clock.now() + 2 * SECOND, what="the lease is prolonged")
            with store.write() as tx:
                tx.work.finish(item, present())

        return send

    sweepers = [Sweeper(one, slow(one), clock.now, owner_name(), 2 * SECOND, lanes=(MAIL,)) for one in stores]
    put(stores[0], ("mail", "slow", None, 0 * SECOND))
    threads = [threading.Thread(target=_sweep, args=(one, stores[0])) for one in sweepers]
    for thread in threads:
        thread.start()
    ended(*threads)
    assert len(sent) == 1
    assert state(stores[0], "slow") == "done"


def _sweep(sweeper: Sweeper, store: Store) -> None:
    with sweeper.at_work():
        until(lambda: state(store, "slow") == "done", rest=lambda _: sweeper.sweep(), what="the slow letter is sent")


def test_no_two_processes_have_one_name() -> None:
    assert owner_name() != owner_name()
    assert len(owner_name()) <= 80


def test_a_server_that_lets_mail_wait_holds_up_no_timer(sqlite_store: Store, tmp_path: Path) -> None:
    answered = threading.Event()
    inside = Worker(sqlite_store)
    outside = Worker(sqlite_store, lambda item: answered.wait(150) and None)
    parts = [
        Sweeper(sqlite_store, inside, present, "test", lanes=INSIDE),
        Sweeper(sqlite_store, outside, present, "test", lanes=(MAIL,)),
    ]
    with running(parts, sqlite_store, tmp_path / "lock"):
        with sqlite_store.write() as tx:
            tx.work.enqueue_many([NewWork("mail", None, "hangs", {}, present())], present())
        until(lambda: outside.ran == ["hangs"])
        with sqlite_store.write() as tx:
            tx.work.enqueue_many([NewWork("timer", None, "timer", {}, present())], present())
        until(lambda: inside.ran == ["timer"])
        assert not answered.is_set()
        answered.set()


def test_the_sweeper_waits_for_what_falls_due_next(sqlite_store: Store) -> None:
    came: list[float] = []
    soon = present() + timedelta(seconds=0.4)

    def note(item: WorkItemRow) -> None:
        came.append((present() - soon).total_seconds())

    with sqlite_store.write() as tx:
        tx.work.enqueue_many([NewWork("timer", None, "soon", {}, soon)], present())
    sweeper = Sweeper(sqlite_store, Worker(sqlite_store, note), present, "test")
    waits: list[float] = []
    listen = sweeper.wakeup.wait
    sweeper.wakeup.wait = lambda seconds: waits.append(seconds) or listen(seconds)  # type: ignore[method-assign]
    until(lambda: came, rest=lambda _: sweeper.sweep(), what="the timer is fired")
    assert len(came) == 1
    assert came[0] >= 0
    assert all(first <= 0.4 for first in waits[:1]), "where the machine stood still it is due at once"
    assert max(waits, default=0) <= 2
