"""Puts the parts of due work together over a desk: for one process that does all, for a worker, and beside the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from service.casework.access.actor import SYSTEM
from service.casework.desk.calendars import refresh_calendars
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.due.run_item import run_item
from service.casework.queries.monitoring.vitals import unserved_lanes
from service.domain.running.lanes import INSIDE, LANES, MAIL
from service.domain.text import Text
from service.jobs.clock_watch import ClockWatch
from service.jobs.due_work import DueWork
from service.jobs.process_lock import owner_name
from service.jobs.scheduler import looking_again, running
from service.jobs.sweeper import Sweeper
from service.jobs.watchman import watching
from service.settings import BadSetting
from service.store.models import WorkItemRow

if TYPE_CHECKING:
    from service.jobs.worker import LaneWorker

THREADS = 2
"""How many bells the process of the pages answers at once, where it answers any."""

Run = Callable[[WorkItemRow], None]


@contextmanager
def due_work_beside(desk: Desk, lock: Path, with_work: bool | None = None) -> Iterator[Sequence[str]]:
    """Do due work beside the pages until the end of the block; yields the lanes in which this process does.

    On SQLite these are all, and ``lock`` is the file that keeps a second process away. On PostgreSQL they are those
    that have no worker when this process starts: all of them where ``with_work`` is true, none where it is false.
    """
    with ExitStack() as stack:
        if desk.store.bells is None:
            lanes: Sequence[str] = LANES
            stack.enter_context(running(sweepers(desk), desk.store, lock))
        else:
            lanes = unserved_lanes(desk, SYSTEM) if with_work is None else (LANES if with_work else ())
            if lanes:
                stack.enter_context(worker(desk, lanes, THREADS).beside())
        stack.enter_context(looking_again(lambda: refresh_calendars(desk)))
        stack.enter_context(watching(desk))
        yield lanes


def worker(desk: Desk, lanes: Sequence[str], threads: int) -> LaneWorker:
    """Return a worker for ``lanes``; raises BadSetting where the database is not PostgreSQL."""
    bells = desk.store.bells
    if bells is None:
        raise BadSetting(
            Text(
                "在 SQLite 上由 laurel serve 自己处理到期事项；laurel work 需要 PostgreSQL，请核对 LAUREL_DATABASE。",
                "On SQLite laurel serve does the due work itself; laurel work needs PostgreSQL: look at LAUREL_DATABASE.",
            )
        )
    from service.jobs.worker import LaneWorker, Ticker

    watch = _watch(desk)
    work = DueWork(desk.store, _run(desk), desk.clock.now, owner_name(), watch=watch)
    ticker = Ticker(desk.store, bells, desk.clock.now, lanes, watch, lambda: refresh_calendars(desk))
    return LaneWorker(desk.store, bells, work, ticker, lanes, threads)


def sweepers(desk: Desk) -> tuple[Sweeper, Sweeper]:
    """Return what does due work on SQLite: mail by itself, since its servers may let everybody wait."""
    run, now, owner = _run(desk), desk.clock.now, owner_name()
    return (
        Sweeper(desk.store, run, now, owner, watch=_watch(desk), lanes=INSIDE),
        Sweeper(desk.store, run, now, owner, lanes=(MAIL,)),
    )


def carry_out(desk: Desk, item: WorkItemRow) -> None:
    """Carry out a claimed work item of any kind."""
    run_item(desk, SYSTEM, item)


def _run(desk: Desk) -> Run:
    return partial(carry_out, desk)


def _watch(desk: Desk) -> ClockWatch | None:
    """Return the watch over the clock; nobody watches the one of the demonstration."""
    return ClockWatch(desk.store, desk.clock.now) if isinstance(desk.clock, SystemClock) else None
