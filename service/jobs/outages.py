"""What keeps due work from being done: a database that is away, a clock that jumps."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

import psycopg
from procrastinate.exceptions import ConnectorException

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import SWEEPER, Busy, ReadOnly, StorageFull, Store, Unreachable
from service.store.connections.database import reach

AWAY = (Unreachable, ReadOnly, StorageFull, Busy)
"""What the database raises that is no fault of the program: where in the program it was noticed tells nothing."""


class AwaySpell:
    """One task that goes on trying while the database is away; ``undone`` says in the log what is not done meanwhile."""

    def __init__(self, log: logging.Logger, undone: str) -> None:
        self._log, self._undone = log, undone
        self._away = ""

    def noted(self, error: Exception) -> bool:
        """Say once that the database is away; returns whether ``error`` is that, and nothing to be told besides."""
        if not isinstance(error, AWAY):
            return False
        self.say(error)
        return True

    def say(self, error: LaurelError) -> None:
        """Say what is not done, unless it was said for the same reason already."""
        if self._away != error.code:
            self._log.error("%s: %s", self._undone, error.message.zh)
        self._away = error.code

    def over(self) -> None:
        """Say once that the database answers again."""
        if self._away:
            self._log.warning("the database answers again")
        self._away = ""

    @contextmanager
    def survived(self) -> Iterator[None]:
        """Go on after the block whatever the database raised in it; what else goes wrong is raised."""
        try:
            yield
        except AWAY as error:
            self.say(error)
        else:
            self.over()


_AWAY: tuple[tuple[type[psycopg.Error], type[Unreachable | ReadOnly | StorageFull]], ...] = (
    (psycopg.errors.ReadOnlySqlTransaction, ReadOnly),
    (psycopg.errors.DiskFull, StorageFull),
    (psycopg.OperationalError, Unreachable),
)
"""What drivers raise that is no fault of the program, the first that fits, and how it is said."""


def outage_of(error: BaseException | None) -> Unreachable | ReadOnly | StorageFull | None:
    """Return how an outage of the database is said that a driver or Procrastinate raised; None for anything else."""
    broke = error.__cause__ if isinstance(error, ConnectorException) else error
    return next((describe() for kind, describe in _AWAY if isinstance(broke, kind)), None)


class OutagesLeftOut(logging.Filter):
    """Leaves out what a library logs with a trace where the database is away."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is to be written."""
        error = record.exc_info[1] if record.exc_info else None
        return outage_of(error) is None and not isinstance(error, AWAY)


_LEFT_OUT = OutagesLeftOut()


def quiet_procrastinate() -> None:
    """Let Procrastinate and its pool of connections say nothing of outages; safe to repeat."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # it warns of every try; the ticker tells it once
    for name in ("utils", "worker", "manager", "psycopg_connector"):  # filters do not hold for the loggers below theirs
        logging.getLogger(f"procrastinate.{name}").addFilter(_LEFT_OUT)


log = logging.getLogger(__name__)

_PAUSE = 1.0
"""Seconds between two tries."""


def wait_for_database(url: str, patience: float, sleep: Callable[[float], None] = time.sleep) -> Text | None:
    """Return None as soon as the server of ``url`` lets us in; says once in the log that it waits. SQLite is not waited for.

    Returns in words why it let nobody in where it did not within ``patience`` seconds (0: it is asked once).
    """
    if not url.startswith("postgresql"):
        return None
    within = f"up to {patience:.0f} seconds " if math.isfinite(patience) else ""
    end, waiting = time.monotonic() + patience, False
    while True:
        try:
            reach(url)
        except Unreachable as error:
            if not waiting and patience:
                log.warning("waiting %sfor the database: %s", within, (error.why or error.message).zh)
            waiting = True
            if time.monotonic() >= end:
                return error.why or error.message
            sleep(_PAUSE)
        else:
            if waiting:
                log.warning("the database answers")
            return None


JUMP = timedelta(minutes=5)
"""How far the clock may run ahead of the time that really passed."""

ABSENCE = timedelta(hours=48)
"""How long after the last sign of life a start waits for a person: no monotonic clock spans it."""

BEAT = timedelta(seconds=30)
"""How often a sign of life is given."""


class ClockWatch:
    """Compares the wall clock with the time that passed, and with the last sign of life when it begins.

    Where it is ahead, the installation is on hold from then on. Several threads may look at once.
    """

    def __init__(
        self, store: Store, wall: Callable[[], datetime], passed: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._wall, self._passed = store, wall, passed
        self._anchor: tuple[datetime, float] | None = None
        self._next_beat: datetime | None = None
        self._turn = Lock()

    def look(self) -> None:
        """Compare once, before due work is claimed; raises what the database raises."""
        with self._turn:
            self._compare_clocks()

    def _compare_clocks(self) -> None:
        now, passed = self._wall(), self._passed()
        expected, leeway = self._compute_expected(now, passed)
        ahead = now - expected > leeway
        if ahead or self._next_beat is None or not timedelta() < self._next_beat - now <= BEAT:
            with self._store.write() as tx:
                if ahead:
                    log.error("the clock says %s instead of %s: due work is on hold", now, expected)
                    tx.operation.hold_for_clock(expected, now)
                tx.operation.beat(SWEEPER, now)
            self._next_beat = now + BEAT
        if self._anchor is None or abs(now - expected) > JUMP:  # small steps add up until then
            self._anchor = (now, passed)

    def _compute_expected(self, now: datetime, passed: float) -> tuple[datetime, timedelta]:
        """Return what the clock should say, and how far ahead of that it may be."""
        if self._anchor is not None:
            return self._anchor[0] + timedelta(seconds=passed - self._anchor[1]), JUMP
        with self._store.read() as tx:
            return tx.operation.last_beat(SWEEPER) or now, ABSENCE
