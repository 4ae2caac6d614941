"""The scheduler within a process, and what it looks at again: memory, health."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from service.casework.access.actor import SYSTEM, Actor
from service.casework.audit.heads import sign_daily
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.due.daily import queue_morning_work
from service.casework.health.report import report_health
from service.casework.soundness.nightly import verify_when_due
from service.domain.running.memory import MemoryKeeper
from service.jobs.outages import AwaySpell
from service.jobs.process_lock import process_lock
from service.jobs.sweeper import TURN, Sweeper
from service.store import Store

log = logging.getLogger(__name__)


class Passing(BaseTrigger):  # type: ignore[misc]  # APScheduler bears no types
    """Falls due again so many seconds after it was due.

    It makes up for nothing: `IntervalTrigger` lists every turn that a clock set ahead left out, millions for a few months,
    before the next one begins.
    """

    def __init__(self, seconds: float) -> None:
        self.length = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return when it is due next."""
        return now if previous_fire_time is None else max(previous_fire_time, now) + self.length


class SteadyScheduler(BackgroundScheduler):  # type: ignore[misc]  # as above
    """Goes on turn by turn when the machine's clock is set back: otherwise nothing would be due until it is there again."""

    def _process_jobs(self) -> float:
        now = datetime.now(UTC)
        for job in self.get_jobs():
            if job.next_run_time - now > job.trigger.length:
                job.modify(next_run_time=now)
        wait: float | None = super()._process_jobs()
        return TURN if wait is None else min(wait, TURN)


@contextmanager
def running(sweepers: Sequence[Sweeper], store: Store, lock: Path) -> Iterator[None]:
    """Let each of ``sweepers`` sweep in the background until the end of the block, holding the lock file ``lock``.

    On SQLite, where no other process can be at work, whatever a killed process left running waits again at once.

    Raises:
        Conflict: if another process sweeps already.
    """
    with process_lock(lock):
        if store.dialect == "sqlite":
            store.reset_running()
        store.files.tidy(datetime.now(UTC))
        store.wakeup = lambda: _wake_sweepers(sweepers)
        scheduler = _build_scheduler(sweepers)
        with ExitStack() as stack:
            for sweeper in sweepers:
                stack.enter_context(sweeper.at_work())
            scheduler.start()
            try:
                yield
            finally:
                for sweeper in sweepers:
                    sweeper.stop()
                scheduler.shutdown(wait=True)


@contextmanager
def looking_again(look: Callable[[], object], seconds: float = TURN) -> Iterator[None]:
    """Call ``look`` every turn, or so many ``seconds``, until the end of the block: it reads what another process may have changed."""
    scheduler = _create_scheduler()
    spell = AwaySpell(log, "not looked again")

    def try_to_look() -> None:
        with spell.survived():
            look()

    scheduler.add_job(try_to_look, Passing(seconds), id="look-again", max_instances=1, coalesce=True)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _wake_sweepers(sweepers: Sequence[Sweeper]) -> None:
    for sweeper in sweepers:
        sweeper.wakeup.set()


def _build_scheduler(sweepers: Sequence[Sweeper]) -> BackgroundScheduler:
    scheduler = _create_scheduler()
    for number, sweeper in enumerate(sweepers):
        scheduler.add_job(
            sweeper.sweep,
            Passing(TURN),
            id=f"sweep-{number}",
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
    return scheduler


def _create_scheduler() -> BackgroundScheduler:
    # A sweep that takes longer than a turn is normal; the scheduler would warn of each turn it leaves out.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("apscheduler.scheduler").addFilter(_not_when_ending)
    return SteadyScheduler(timezone="UTC")


def _not_when_ending(record: logging.LogRecord) -> bool:
    """Leave out that a turn could not begin any more because the scheduler, or Python, was just ending."""
    error = record.exc_info[1] if record.exc_info else None
    return not (isinstance(error, RuntimeError) and str(error).startswith("cannot schedule new futures after"))


EVERY_MEMORY = 2.0
"""Seconds from one look at how much memory this process has to the next; a look takes some microseconds."""


@contextmanager
def keeping_small() -> Iterator[None]:
    """Look again and again until the end of the block; begun once all is loaded that stays."""
    with looking_again(MemoryKeeper().look, EVERY_MEMORY):
        yield


EVERY = 60.0
"""Seconds from one look to the next."""


@contextmanager
def run_minute_watch(desk: Desk) -> Iterator[None]:
    """Look every minute until the end of the block, beside due work and apart from it.

    Where the clock is played with, only for a comparison that somebody asked for.
    """
    real = isinstance(desk.clock, SystemClock)
    away = AwaySpell(log, "nobody could look whether something is wrong")
    with ExitStack() as both:
        if real:
            both.enter_context(looking_again(lambda: _look_for_outage(desk, away), EVERY))
        both.enter_context(looking_again(lambda: _verify_stored(desk, nightly=real), EVERY))
        yield


def _look_for_outage(desk: Desk, away: AwaySpell) -> None:
    try:
        with away.survived():  # who watches from outside learns of it by /readyz
            look_once(desk)
    except Exception:
        log.exception("nobody could look whether something is wrong")


def look_once(desk: Desk) -> None:
    """Do each once."""
    for act in _ACTS:
        act(desk, SYSTEM)


def _verify_stored(desk: Desk, *, nightly: bool) -> None:
    try:
        verify_when_due(desk, nightly=nightly)
    except Exception:
        log.exception("what is stored could not be compared with the log")


_ACTS: tuple[Callable[[Desk, Actor], object], ...] = (
    report_health, sign_daily, queue_morning_work,
)  # fmt: skip
