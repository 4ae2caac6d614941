"""The embedded scheduler of the sweeper; it stores nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler

from service.domain.errors import Conflict
from service.domain.text import Text
from service.jobs.process_lock import process_lock
from service.jobs.sweeper import TURN, Sweeper
from service.store import Store


@contextmanager
def running(sweeper: Sweeper, store: Store, lock: Path, look_again: Callable[[], None] | None = None) -> Iterator[None]:
    """Sweep in the background until the end of the block, holding the lock file ``lock``.

    ``look_again`` is called every turn: it reads what another process may have changed.
    On SQLite, where no other process can be at work, whatever a killed process left running waits again at once;
    on PostgreSQL its lease must run out first.

    Raises:
        Conflict: if another process sweeps already.
    """
    with process_lock(lock), store.alone_at_work() as alone:
        if not alone:
            raise Conflict(
                Text(
                    "另一个进程正在处理这个数据库的到期事项（可能用的是另一个数据目录）。请先停止它，再启动本进程。",
                    "Another process already does the due work of this database, perhaps with another data folder."
                    " Stop it, then start again.",
                )
            )
        if store.dialect == "sqlite":
            store.reset_running()
        store.files.tidy(datetime.now(UTC))
        store.wakeup = sweeper.wakeup.wake
        scheduler = _scheduler(sweeper)
        if look_again is not None:
            scheduler.add_job(look_again, "interval", seconds=TURN, id="look-again", max_instances=1, coalesce=True)
        scheduler.start()
        try:
            yield
        finally:
            sweeper.stop()
            scheduler.shutdown(wait=True)


def _scheduler(sweeper: Sweeper) -> BackgroundScheduler:
    # A sweep that takes longer than a turn is normal; the scheduler would warn of each turn it leaves out.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        sweeper.sweep,
        "interval",
        seconds=TURN,
        id="sweep",
        max_instances=1,
        coalesce=True,
        misfire_grace_time=None,
        next_run_time=datetime.now(UTC),
    )
    return scheduler
