"""What fails around the workers: the database killed or frozen, a worker that stands still beyond its lease."""

from __future__ import annotations

import itertools
import multiprocessing as mp
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.domain.running.lanes import LANES, TIMERS
from service.jobs.due_work import DueWork
from service.jobs.process_lock import owner_name
from service.jobs.worker import LaneWorker, Ticker
from service.store import NewWork, Stale, Store
from service.store.connections import postgresql as silent_server
from service.store.models import WorkItemRow
from tests.chaos.invariants import proven
from tests.support import postgres as pg
from tests.support.browsers import Browser, make_app
from tests.support.desks import make_bench
from tests.support.waiting import PATIENCE, happened, until

pytestmark = [pytest.mark.chaos, pytest.mark.postgres]

ITEMS = 60
SOON = 60.0
"""Seconds: a page waits for one or two connections, a busy machine adds to that."""
EFFECTS = "effects"


def present() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[pg.Cluster]:
    """A server of its own, which may be killed."""
    if pg.binaries() is None:
        pytest.fail(pg.ABSENT) if os.geteuid() == 0 else pytest.skip(pg.ABSENT)
    with pg.data_folder() as folder, pg.cluster(folder) as cluster:
        yield cluster


@pytest.fixture
def store(server: pg.Cluster, open_store: Callable[[str], Store]) -> Store:
    made = open_store(server.create(server.fresh_name()))
    made.migrate()
    return made


def put(store: Store, count: int) -> None:
    with store.write() as tx:
        tx.work.enqueue_many([NewWork("timer", None, f"t{n}", {}, present()) for n in range(count)], present())


def do(store: Store, gate: threading.Event | None = None) -> Callable[[WorkItemRow], None]:
    """Count one effect in the commit that finishes the item; all but the first ten stand at ``gate`` until it opens."""
    begun = itertools.count()

    def run(item: WorkItemRow) -> None:
        if gate is not None and next(begun) >= 10:
            happened(gate, "the fault is there")
        with store.write() as tx:
            tx.counters.next(EFFECTS)
            tx.counters.next(f"{EFFECTS}:{item.effect_key}")
            tx.work.finish(item, present())

    return run


@contextmanager
def workers(store: Store, count: int, lease: float) -> Iterator[threading.Event]:
    """Yields the gate at which work is under way until the fault is there."""
    gate = threading.Event()
    with ExitStack() as stack:
        stack.callback(gate.set)
        for _ in range(count):
            assert store.bells is not None
            work = DueWork(store, do(store, gate), present, owner_name(), timedelta(seconds=lease))
            ticker = Ticker(store, store.bells, present, LANES, longest=0.5)
            stack.enter_context(LaneWorker(store, store.bells, work, ticker, LANES, threads=2).beside())
        yield gate


def states(store: Store) -> Counter[str]:
    with store.read() as tx:
        items = [tx.work.find(effect_key=f"t{n}") for n in range(ITEMS)]
    return Counter(item.state for item in items if item is not None)


def everything_is_done_once(store: Store) -> bool:
    """Wait for the end, then count the effects."""
    until(lambda: states(store) == {"done": ITEMS}, what="all items are done")
    with store.write() as tx:
        total = tx.counters.next(EFFECTS) - 1
        each = {tx.counters.next(f"{EFFECTS}:t{n}") - 1 for n in range(ITEMS)}
    return (total, each, proven(store)) == (ITEMS, {1}, [])


def test_a_database_that_is_killed_loses_and_doubles_nothing(
    server: pg.Cluster, store: Store, caplog: pytest.LogCaptureFixture
) -> None:

    def told() -> Counter[str]:
        said = [record for record in caplog.records if record.name == "service.jobs.worker"]
        return Counter(record.getMessage().partition(":")[0] for record in said)

    put(store, ITEMS)
    with workers(store, 2, lease=2) as gate:
        until(lambda: states(store)["done"], what="some items are done")
        server.kill()
        gate.set()
        until(lambda: told()["due work waits until the database is there again"] == 2, what="both are told of it")
        server.start()
        assert everything_is_done_once(store)
    telling = ("service.jobs.worker", "procrastinate")
    assert not [r.getMessage() for r in caplog.records if r.exc_info and r.name.startswith(telling)], (
        "told with a trace"
    )
    assert "Traceback" not in "".join(record.getMessage() for record in caplog.records)
    assert told()["due work waits until the database is there again"] == 2, told()


def test_a_database_that_stands_still_loses_and_doubles_nothing(server: pg.Cluster, store: Store) -> None:
    put(store, ITEMS)
    with workers(store, 2, lease=1) as gate:
        until(lambda: states(store)["done"], what="some items are done")
        with server.frozen():
            gate.set()
            time.sleep(2)  # longer than a lease
        assert everything_is_done_once(store)


def test_a_slow_statement_is_waited_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(silent_server, "QUIET", 0.1)
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("select 1 from pg_sleep(0.5)").scalar() == 1


def test_a_worker_that_stands_still_beyond_its_lease_cannot_finish(store: Store, tmp_path: Path) -> None:
    put(store, ITEMS)
    paused = mp.get_context("forkserver").Process(target=claim_and_stand_still, args=(store.address, tmp_path))
    paused.start()
    until(lambda: states(store)["running"], what="the other process has claimed work")
    with workers(store, 2, lease=2) as gate:
        gate.set()
        assert everything_is_done_once(store)
        assert paused.pid is not None
        os.kill(paused.pid, signal.SIGCONT)
        paused.join(PATIENCE)
    assert paused.exitcode == 0
    assert (tmp_path / "refused").read_text() == "20"


def claim_and_stand_still(address: str, folder: Path) -> None:
    """Claim a batch, stand still as a frozen machine does, then try to finish it."""
    store = Store(address.replace("postgresql:", "postgresql+psycopg:", 1), folder)
    items = store.claim_in(TIMERS, present(), "paused", 20, timedelta(seconds=1))
    os.kill(os.getpid(), signal.SIGSTOP)
    refused = 0
    for item in items:
        try:
            do(store)(item)
        except Stale:
            refused += 1
    (folder / "refused").write_text(str(refused))


def test_a_page_is_answered_by_503_soon_after_the_server_fell_silent(server: pg.Cluster, store: Store) -> None:
    bench = make_bench(store)
    office, took = Browser(make_app(bench), bench, "office"), []
    assert office.get("/tasks").status_code == 200  # a connection waits in the pool from now on
    with server.frozen():
        for path in ("/tasks", "/api/v1/tasks"):
            began = time.monotonic()
            answer = office.get(path)
            took.append(time.monotonic() - began)
            assert answer.status_code == 503
            assert "连接不上数据库" in answer.text
    assert max(took) < SOON, took
    until(lambda: office.get("/tasks").status_code == 200, what="the page is there again")
