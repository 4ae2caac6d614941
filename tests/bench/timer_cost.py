"""Time limits that fall due: thousands at once, and one while nothing else happens."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import SystemClock
from service.casework.due.run_item import run_item
from service.domain.lanes import TIMERS
from service.jobs.scheduler import running
from service.jobs.sweeper import Sweeper
from tests.bench.measures import Measure
from tests.bench.toy import Toy, toy_in

TIMERS_DUE = 1_000
SECONDS = 30
"""Where the machine is slow, what was done in this time is counted."""


def measure(folder: Path) -> list[Measure]:
    """Return how many time limits a second run out, and how late one does."""
    (folder / "many").mkdir()
    (folder / "one").mkdir()
    return [_many(toy_in(folder / "many")), _late(folder / "one")]


def _many(toy: Toy) -> Measure:
    toy.start("timer", TIMERS_DUE)
    toy.clock.move_to(toy.clock.now() + timedelta(hours=2))
    sweeper = Sweeper(toy.desk.store, lambda item: run_item(toy.desk, SYSTEM, item), toy.clock.now, "bench")
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS and (ran := sweeper._work.run_some(TIMERS, toy.clock.now())):
        done += ran
    rate = done / (time.perf_counter() - began)
    toy.desk.store.close()
    return Measure(f"time limits a second, of {TIMERS_DUE} due at once (SQLite)", rate, None, None, 200, "per s", True)


def _late(folder: Path) -> Measure:
    """Let a few time limits of three seconds run out while nothing else happens."""
    toy = toy_in(folder, clock=SystemClock())
    desk, late = toy.desk, []
    sweeper = Sweeper(desk.store, lambda item: run_item(desk, SYSTEM, item), desk.clock.now, "bench")
    with running([sweeper], desk.store, folder / "sweeper.lock"):
        for _ in range(4):
            [case] = toy.start("soon", 1)
            time.sleep(5)
            with desk.store.read() as tx:
                [item] = tx.work.of_case(case, ("done",))
            late.append((item.done_at - item.due_at).total_seconds() if item.done_at else 5.0)
    desk.store.close()
    return Measure("a time limit's lateness while nothing else happens", median(late), max(late), None, 1.0, unit="s")
