"""Time limits that fall due: thousands at once, and one while nothing else happens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.due.run_item import run_item
from service.domain.running.lanes import TIMERS
from service.jobs.scheduler import running
from service.jobs.sweeper import Sweeper
from tests.bench.databases import postgresql
from tests.bench.measures import Measure
from tests.bench.serving import PYTHON, work_beside
from tests.bench.toy import Toy, toy_in

TIMERS_DUE = 10_000
SECONDS = 60
"""Where the machine is slow, what was done in this time is counted."""


def on_sqlite(folder: Path) -> list[Measure]:
    """Return how many time limits a second run out, and how late one does, where the server does the due work."""
    for name in ("many", "one"):
        (folder / name).mkdir()
    return [_many(toy_in(folder / "many"), "SQLite", 200), _late(folder / "one", "", "SQLite")]


def on_postgresql(folder: Path) -> list[Measure]:
    """Return the same where a worker does it."""
    for name in ("many", "one"):
        (folder / name).mkdir()
    with postgresql() as database:
        return [
            _many(toy_in(folder / "many", database()), "PostgreSQL", 120),
            _late(folder / "one", database(), "PostgreSQL, a worker"),
        ]


def _many(toy: Toy, name: str, least: float) -> Measure:
    cases = toy.start("timer", TIMERS_DUE)
    toy.clock.move_to(toy.clock.now() + timedelta(hours=2))
    sweeper = Sweeper(toy.desk.store, lambda item: run_item(toy.desk, SYSTEM, item), toy.clock.now, "bench")
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS and (ran := sweeper._work.run_some(TIMERS, toy.clock.now())):
        done += ran
    rate = done / (time.perf_counter() - began)
    with toy.desk.store.read() as tx:
        ended = sum(tx.cases.get(case).status == "ended" for case in cases)
    toy.desk.store.close()
    if ended != done:
        raise RuntimeError(f"{done} time limits ran out and {ended} cases went on")
    return Measure(
        f"time limits a second, of {TIMERS_DUE} due at once ({name})", rate, None, None, least, "per s", True
    )


def _late(folder: Path, url: str, name: str) -> Measure:
    """Let a few time limits of three seconds run out while nothing else happens."""
    toy, late = toy_in(folder, url, clock=SystemClock()), []
    desk = toy.desk
    with _worker(folder, url) if url else _embedded(desk, folder):
        for _ in range(4):
            [case] = toy.start("soon", 1)
            late.append(_lateness(desk, case))
    desk.store.close()
    return Measure(f"a time limit's lateness, nothing else due ({name})", median(late), max(late), None, 1.0, unit="s")


def _lateness(desk: Desk, case: int) -> float:
    """Wait until the time limit of a case has run out; return how many seconds late that was."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        time.sleep(0.5)
        with desk.store.read() as tx:
            done = tx.work.of_case(case, ("done",))
        if done and done[0].done_at is not None:
            return (done[0].done_at - done[0].due_at).total_seconds()
    raise RuntimeError("a time limit of three seconds did not run out within fifteen")


@contextmanager
def _embedded(desk: Desk, folder: Path) -> Iterator[None]:
    sweeper = Sweeper(desk.store, lambda item: run_item(desk, SYSTEM, item), desk.clock.now, "bench")
    with running([sweeper], desk.store, folder / "sweeper.lock"):
        yield


@contextmanager
def _worker(folder: Path, url: str) -> Iterator[None]:
    settings = {"LAUREL_DEMO": "0", "LAUREL_DATA": str(folder), "LAUREL_DATABASE": url}
    with work_beside([PYTHON, "-m", "service.app", "work", "--queues", "timers,cases"], settings, folder / "work.log"):
        yield
