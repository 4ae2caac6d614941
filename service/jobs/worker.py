"""A worker on PostgreSQL: Procrastinate answers the bells of its lanes, as many at once as it has threads."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime

import procrastinate
from procrastinate.worker import Worker

from service.jobs.due_work import DueWork
from service.jobs.outages import AwaySpell, ClockWatch, outage_of, quiet_procrastinate
from service.store import Store, lane_beat
from service.store.store import TASK, Bells

log = logging.getLogger(__name__)

LONGEST = 5.0
"""Seconds after which it looks for due work though nothing announced any: `SOON` of the store is as long."""

BEAT = 10.0
"""Seconds from one sign of life of the worker's lanes to the next."""

CHORES = 3600.0
"""Seconds from one clearing away of what killed workers left to the next."""

_TOGETHER = 0.03
"""Seconds in which what further commits announce is taken together with the first."""

_SLICE = 0.5
"""Seconds within which it sees that it is stopped."""

_PAUSE = 1.0
"""Seconds before it tries again after the database went away."""


class Ticker:
    """Sleeps until the next due instant, or until a commit announces work, and rings for what is due.

    Every worker has one, and any number may tick at once. Nothing that the database raises ends it: it listens anew,
    and looks for work first. ``look_again`` is called every time: it reads what another process may have changed.
    """

    def __init__(
        self,
        store: Store,
        bells: Bells,
        clock: Callable[[], datetime],
        lanes: Collection[str],
        watch: ClockWatch | None = None,
        look_again: Callable[[], None] | None = None,
        longest: float = LONGEST,
    ) -> None:
        self._store, self._bells, self._clock, self._lanes = store, bells, clock, lanes
        self._watch, self._look_again, self._longest = watch, look_again, longest
        self._stopped = threading.Event()
        self._next_beat = self._next_chores = 0.0
        self._away = AwaySpell(log, "due work waits until the database is there again")

    def run(self) -> None:
        """Tick until `stop`; that the database is away is told once, and once that it is there again."""
        while not self._stopped.is_set():
            try:
                with self._bells.listening() as wait:
                    while not self._stopped.is_set():
                        self.tick()
                        self._away.over()
                        if self._wait_for_work(wait, self._until_next_due()):
                            self._stopped.wait(_TOGETHER)
            except Exception as error:  # the database is away: all of this begins anew
                if not self._away.noted(error):
                    log.exception("due work is not looked for at present")
                self._stopped.wait(_PAUSE)

    def tick(self) -> None:
        """Ring once for what is due now, and do what is done beside it; raises what the database raises."""
        self._store.demand_presence()
        if self._watch:
            self._watch.look()
        self._bells.ring(self._clock())
        self._show_life()
        if self._look_again:
            self._look_again()

    def stop(self) -> None:
        """End `run` within a turn."""
        self._stopped.set()

    def _wait_for_work(self, wait: Callable[[float], bool], seconds: float) -> bool:
        """Wait so long, or until work is announced or this is stopped; returns whether work was announced."""
        end = time.monotonic() + seconds
        while not self._stopped.is_set() and (remaining := end - time.monotonic()) > 0:
            if wait(min(remaining, _SLICE)):
                return True
        return False

    def _until_next_due(self) -> float:
        now = self._clock()
        with self._store.read() as tx:
            due = tx.work.due_after(now)
        return self._longest if due is None else min(self._longest, (due - now).total_seconds())

    def _show_life(self) -> None:
        passed = time.monotonic()
        if passed >= self._next_beat:
            with self._store.write() as tx:
                for lane in sorted(self._lanes):
                    tx.operation.beat(lane_beat(lane), self._clock())
            self._next_beat = passed + BEAT
        if passed >= self._next_chores:
            self._bells.forget()
            self._next_chores = passed + CHORES


SECONDS = 2.0
"""So long one bell is answered before other lanes have their turn; what is left is rung for again."""

"""Seconds before the worker begins anew after the database went away."""


class LaneWorker:
    """Does the due work of ``lanes`` in ``threads`` threads, beside any number of others.

    Bells carry no meaning: all jobs are deleted, whatever became of them. A database that goes away ends
    Procrastinate's own worker, which is then begun anew; the work that was going on comes back with its lease.
    """

    def __init__(
        self, store: Store, bells: Bells, work: DueWork, ticker: Ticker, lanes: Sequence[str], threads: int
    ) -> None:
        self._store, self._bells, self._work, self._ticker = store, bells, work, ticker
        self.lanes, self._threads = lanes, threads
        self._tell: Callable[[], object] | None = None
        self._stopped = threading.Event()
        self._away = AwaySpell(log, "the worker begins anew")

    def run(self) -> None:
        """Work until `stop`."""
        ticking = threading.Thread(target=self._ticker.run, name="ticker", daemon=True)
        with self._work.at_work():
            ticking.start()
            try:
                while not self._stopped.is_set():
                    self._answer_bells()
            finally:
                self._ticker.stop()
                ticking.join(timeout=10)

    def stop(self) -> None:
        """End `run` after the items that are being done."""
        self._stopped.set()
        self._work.stopping = True
        self._ticker.stop()
        if (tell := self._tell) is not None:
            with suppress(RuntimeError):  # its loop was closed meanwhile, which is what is asked for
                tell()

    def drain(self, lane: str) -> None:
        """Do what is due in a lane for two seconds, then ring for what is left; this is what a bell asks for."""
        end = time.monotonic() + SECONDS
        did = 0
        while time.monotonic() < end and (ran := self._work.run_some(lane, self._work.clock())):
            did += ran
        if did:
            self._bells.ring(self._work.clock())

    def _answer_bells(self) -> None:
        try:
            asyncio.run(self._answering())
        except Exception as error:
            away = outage_of(error)
            if away is None:
                log.exception("the worker begins anew")
            else:
                self._away.say(away)
        if not self._stopped.is_set():
            self._stopped.wait(_PAUSE)

    @contextmanager
    def beside(self) -> Iterator[None]:
        """Work in the background until the end of the block."""
        thread = threading.Thread(target=self.run, name="worker", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self.stop()
            thread.join()

    async def _answering(self) -> None:
        quiet_procrastinate()
        connector = procrastinate.PsycopgConnector(
            conninfo=self._store.address, kwargs=self._store.line, min_size=1, max_size=self._threads + 2
        )
        app = procrastinate.App(connector=connector)
        app.task(name=TASK)(self.drain)
        stop_event, loop = asyncio.Event(), asyncio.get_running_loop()
        async with app.open_async():
            inner = Worker(
                app,
                queues=list(self.lanes),
                concurrency=self._threads,
                delete_jobs="always",
                install_signal_handlers=False,
            )
            # The first thing that `run` does: the database answers where this comes off.
            await app.job_manager.prune_stalled_workers(inner.stalled_worker_timeout)
            self._away.over()
            self._tell = lambda: loop.call_soon_threadsafe(stop_event.set)
            if not self._stopped.is_set():
                await _until_told(inner, stop_event)


async def _until_told(inner: Worker, stop_event: asyncio.Event) -> None:
    """Let ``inner`` run until ``stop_event``: it forgets what it was told before it ran, so it is told once it does."""
    running = asyncio.create_task(inner.run())  # type: ignore[no-untyped-call]
    telling = asyncio.create_task(stop_event.wait())
    await asyncio.wait((running, telling), return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    inner.stop()  # type: ignore[no-untyped-call]
    await running


def work_until_stopped(worker: LaneWorker) -> None:
    """Work until the system tells this process to end; what is being done is finished first."""
    stop_event = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop_event.set())
    with worker.beside():
        log.warning("at work in %s", ", ".join(worker.lanes))
        stop_event.wait()
