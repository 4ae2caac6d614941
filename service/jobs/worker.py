"""A worker on PostgreSQL: Procrastinate answers the bells of its lanes, as many at once as it has threads."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import procrastinate
from procrastinate.worker import Worker

from service.jobs.away import AwaySpell
from service.jobs.due_work import DueWork
from service.jobs.outages import outage_of, quiet_procrastinate
from service.jobs.ticker import Ticker
from service.store import Store
from service.store.bells import TASK, Bells

log = logging.getLogger(__name__)

SECONDS = 2.0
"""So long one bell is answered before other lanes have their turn; what is left is rung for again."""

_PAUSE = 1.0
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
        told, loop = asyncio.Event(), asyncio.get_running_loop()
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
            self._tell = lambda: loop.call_soon_threadsafe(told.set)
            if not self._stopped.is_set():
                await _until_told(inner, told)


async def _until_told(inner: Worker, told: asyncio.Event) -> None:
    """Let ``inner`` run until ``told``: it forgets what it was told before it ran, so it is told once it does."""
    running = asyncio.create_task(inner.run())  # type: ignore[no-untyped-call]
    telling = asyncio.create_task(told.wait())
    await asyncio.wait((running, telling), return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    inner.stop()  # type: ignore[no-untyped-call]
    await running


def work_until_told(worker: LaneWorker) -> None:
    """Work until the system tells this process to end; what is being done is finished first."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    with worker.beside():
        log.warning("at work in %s", ", ".join(worker.lanes))
        told.wait()
