"""Workers on PostgreSQL: bells say that there is work, work items say which; whoever dies is replaced by any other."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.assemble import desk_over
from service.casework.queries.monitoring.vitals import SILENCE, unserved_lanes
from service.domain.running.lanes import LANES, MAIL, TIMERS
from service.jobs.due_work import DueWork
from service.jobs.outages import AwaySpell
from service.jobs.process_lock import owner_name
from service.jobs.put_together import due_work_beside
from service.jobs.worker import LaneWorker, Ticker
from service.store import NewWork, Store, lane_beat
from service.store.models import WorkItemRow
from service.store.store import Bells
from tests.integration.jobs.test_sweeper import present, state
from tests.support import records
from tests.support.postgres import owner_of
from tests.support.waiting import until

pytestmark = pytest.mark.postgres


@pytest.fixture
def store(postgres_url: str, open_store: Callable[[str], Store]) -> Store:
    return open_store(postgres_url)


@pytest.fixture
def ask(postgres_url: str) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    """Sends SQL of the test's own, outside of any unit of work."""
    engine = sa.create_engine(owner_of(postgres_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:

        def asked(sql: str) -> list[tuple[object, ...]]:
            found = connection.exec_driver_sql(sql)
            return [tuple(row) for row in found] if found.returns_rows else []

        yield asked
    engine.dispose()


def bells(store: Store) -> Bells:
    assert store.bells is not None
    return store.bells


@contextmanager
def working(
    store: Store,
    run: Callable[[WorkItemRow], None],
    lanes: tuple[str, ...] = LANES,
    lease: float = 60,
    threads: int = 2,
) -> Iterator[LaneWorker]:
    work = DueWork(store, run, present, owner_name(), timedelta(seconds=lease))
    worker = LaneWorker(store, bells(store), work, Ticker(store, bells(store), present, lanes), lanes, threads)
    with worker.beside():
        yield worker


def finishing(store: Store, ran: list[str]) -> Callable[[WorkItemRow], None]:
    def run(item: WorkItemRow) -> None:
        with store.write() as tx:
            tx.work.finish(item, present())
        ran.append(item.effect_key)

    return run


def put(store: Store, *keys: str, kind: str = "timer", after: float = 0, case: int | None = None) -> None:
    at = present() + timedelta(seconds=after)
    with store.write() as tx:
        tx.work.enqueue_many([NewWork(kind, case, key, {}, at) for key in keys], present())


def test_what_a_commit_leaves_is_done_by_workers_each_in_its_lanes(store: Store) -> None:
    inside: list[str] = []
    outside: list[str] = []
    with (
        working(store, finishing(store, inside), (TIMERS, "cases")),
        working(store, finishing(store, outside), (MAIL,)),
    ):
        put(store, "timer")
        put(store, "mail", kind="mail")
        until(lambda: inside and outside)
    assert (inside, outside) == (["timer"], ["mail"])
    assert (state(store, "timer"), state(store, "mail")) == ("done", "done")


def test_a_transaction_that_is_rolled_back_announces_nothing(store: Store) -> None:
    def put_and_fail() -> None:
        with store.write() as tx:
            tx.work.enqueue_many([NewWork("timer", None, "a", {}, present())], present())
            raise ZeroDivisionError

    with bells(store).listening() as wait:
        with pytest.raises(ZeroDivisionError):
            put_and_fail()
        assert not wait(0.2)
        put(store, "b")
        assert wait(60)


def test_what_is_due_later_makes_no_job_and_comes_when_it_is_due(
    store: Store, ask: Callable[[str], list[tuple[object, ...]]]
) -> None:
    ran, began = list[str](), present()
    put(store, "later", after=3600)
    put(store, "soon", after=1)
    assert bells(store).ring(began) == {}
    assert ask("select count(*) from procrastinate_jobs") == [(0,)]
    with working(store, finishing(store, ran)):
        until(lambda: ran == ["soon"])
    assert state(store, "later") == "waiting"


def test_bells_have_no_lock_and_no_time_and_do_not_pile_up(
    store: Store, ask: Callable[[str], list[tuple[object, ...]]]
) -> None:
    put(store, *(f"t{n}" for n in range(300)))
    put(store, *(f"m{n}" for n in range(9)), kind="mail")
    assert bells(store).ring(present()) == {TIMERS: 4, MAIL: 4}
    for _ in range(50):
        assert bells(store).ring(present()) == {}
    assert ask("select distinct lock, queueing_lock, scheduled_at from procrastinate_jobs") == [(None, None, None)]
    assert ask("select count(*) from procrastinate_jobs") == [(8,)]


def test_work_of_a_dead_worker_comes_back_with_its_lease_and_its_job_is_garbage(
    store: Store, ask: Callable[[str], list[tuple[object, ...]]]
) -> None:
    put(store, "left")
    assert len(store.claim_in(TIMERS, present(), "dead", lease=timedelta(seconds=0.5))) == 1
    ask("insert into procrastinate_workers (last_heartbeat) values (now() - interval '3 days')")
    ask(
        "insert into procrastinate_jobs (queue_name, task_name, status, worker_id)"
        " select 'timers', 'drain', 'doing', id from procrastinate_workers"
    )
    ask("update procrastinate_events set at = now() - interval '3 days'")
    ran: list[str] = []
    with working(store, finishing(store, ran)):
        until(lambda: ran == ["left"])
    assert ask("select count(*) from procrastinate_jobs") == [(0,)]
    assert ask("select count(*) from procrastinate_workers") == [(0,)]


def test_a_worker_goes_on_when_the_database_dropped_its_connections(
    store: Store, ask: Callable[[str], list[tuple[object, ...]]]
) -> None:
    ran: list[str] = []
    with working(store, finishing(store, ran)):
        put(store, "before")
        until(lambda: ran == ["before"])
        ask(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        )
        put(store, "after")
        until(lambda: len(ran) > 1)
    assert ran == ["before", "after"]
    assert (state(store, "before"), state(store, "after")) == ("done", "done")


def test_a_fault_that_is_not_the_networks_is_told_with_its_trace(
    store: Store, ask: Callable[[str], list[tuple[object, ...]]], caplog: pytest.LogCaptureFixture
) -> None:
    def told() -> list[logging.LogRecord]:
        return [record for record in caplog.records if record.name == "service.jobs.worker"]

    ran: list[str] = []
    ask("alter table procrastinate_workers rename to moved_away")
    with working(store, finishing(store, ran)):
        until(lambda: told())
        ask("alter table moved_away rename to procrastinate_workers")
        put(store, "after")
        until(lambda: ran == ["after"])
    assert all(record.exc_info for record in told()), [record.getMessage() for record in told()]


def test_two_workers_do_the_work_of_a_case_one_by_one_in_due_order(store: Store, postgres_url: str) -> None:
    with store.write() as tx:
        cases = [records.case(tx, title=f"{n}") for n in range(8)]
        start = present() - timedelta(hours=1)
        items = [
            NewWork("timer" if n % 2 else "message", case, f"{case}:{n:02}", {}, start + timedelta(seconds=n))
            for n in range(10)
            for case in cases
        ]
        tx.work.enqueue_many(items, present())
    lock, ran, busy = threading.Lock(), defaultdict[int, list[str]](list), set[int]()

    def run(item: WorkItemRow) -> None:
        assert item.case_id is not None
        with lock:
            assert item.case_id not in busy
            busy.add(item.case_id)
        with store.write() as tx:
            tx.cases.lock(item.case_id)
            tx.work.finish(item, present())
            with lock:
                ran[item.case_id].append(item.effect_key)
                busy.discard(item.case_id)

    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(working(store, run))
        until(lambda: sum(map(len, ran.values())) == 80)
    assert all(keys == sorted(keys) for keys in ran.values())


def test_workers_tell_in_which_lanes_they_live(store: Store) -> None:
    desk = desk_over(store, {}, {}, ballot_keys=Path("/nowhere"))
    assert unserved_lanes(desk, SYSTEM) == LANES
    with working(store, finishing(store, []), (TIMERS,)):
        until(lambda: TIMERS not in unserved_lanes(desk, SYSTEM))
    assert set(unserved_lanes(desk, SYSTEM)) == set(LANES) - {TIMERS}


def test_a_worker_that_is_told_to_stop_as_it_begins_stops(store: Store) -> None:
    work = DueWork(store, finishing(store, []), present, owner_name(), timedelta(seconds=60))
    worker = LaneWorker(store, bells(store), work, Ticker(store, bells(store), present, (TIMERS,)), (TIMERS,), 2)

    class ToldNow(AwaySpell):
        """What is said when the database answered, which is right before the bells are answered."""

        def over(self) -> None:
            super().over()
            worker.stop()

    worker._away = ToldNow(logging.getLogger(__name__), "")
    running = threading.Thread(target=worker.run, daemon=True)
    running.start()
    running.join(timeout=30)
    assert not running.is_alive()


def test_a_server_of_pages_works_in_the_lanes_that_have_no_worker_or_lose_it(store: Store, tmp_path: Path) -> None:
    desk = desk_over(store, {}, {}, ballot_keys=tmp_path / "keys")
    with store.write() as tx:
        tx.operation.beat(lane_beat(TIMERS), present() - SILENCE + timedelta(seconds=4))  # of one that was killed
    with due_work_beside(desk, tmp_path / "lock", with_work=False) as lanes:
        assert lanes == []
    with due_work_beside(desk, tmp_path / "lock") as lanes:
        assert set(lanes) == set(LANES) - {TIMERS}
        until(lambda: TIMERS in lanes and unserved_lanes(desk, SYSTEM) == ())
