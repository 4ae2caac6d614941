"""The sweeper: does the due work of its lanes one item after the other, in due order."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.running.lanes import LANES
from service.domain.running.log_lines import without_words
from service.jobs.due_work import DueWork
from service.jobs.outages import AwaySpell, ClockWatch
from service.store import LEASE, Store
from service.store.models import WorkItemRow

LATE = timedelta(minutes=2)
"""A sweep or a due item older than this means that no sweeper runs."""


@dataclass(frozen=True, slots=True)
class SweepHealth:
    """What a sweeper can say of itself: ages tell of its death, which it cannot report."""

    now: datetime
    last_sweep: datetime | None
    oldest_due: datetime | None
    done: int
    failed: int
    last_error: str

    @property
    def well(self) -> bool:
        """Whether the last sweep and the oldest due item are younger than two minutes."""
        swept = self.last_sweep is not None and self.now - self.last_sweep < LATE
        return swept and (self.oldest_due is None or self.now - self.oldest_due < LATE)


class EventWakeup:
    """Wakes a sweeper in the same process within milliseconds."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def wake(self) -> None:
        """Let `listen` return."""
        self._event.set()

    def forget(self) -> None:
        """Forget wake-ups so far; call before looking for work, never after."""
        self._event.clear()

    def listen(self, seconds: float) -> bool:
        """Wait for a wake-up; returns whether one came."""
        return self._event.wait(seconds)


log = logging.getLogger(__name__)

TURN = 2.0
"""Seconds from one sweep to the next when nothing wakes it."""

_LISTEN = TURN * 0.95


class Sweeper:
    """Does due work (see `DueWork`) in turns of two seconds; ``watch`` looks at the clock before each look for work.

    Of several ``lanes`` each has its turn, so that much work in one does not hold up the others.
    Nothing raised by an item or by the database ends the sweeper.
    """

    def __init__(
        self,
        store: Store,
        run_item: Callable[[WorkItemRow], None],
        clock: Callable[[], datetime],
        owner: str,
        lease: timedelta = LEASE,
        watch: ClockWatch | None = None,
        lanes: Sequence[str] = LANES,
    ) -> None:
        self._store, self._clock, self._lanes = store, clock, lanes
        self._work = DueWork(store, run_item, clock, owner, lease, watch)
        self.wakeup = EventWakeup()
        self._away = AwaySpell(log, "due work is not done at present")
        self._last_sweep: datetime | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Prolong the leases of long work until the end of the block."""
        with self._work.at_work():
            yield

    def sweep(self) -> None:
        """Take one turn: run what is due, then whatever falls due or is announced until the next turn is near."""
        end = time.monotonic() + _LISTEN
        while not self._work.stopping and time.monotonic() < end:
            self.wakeup.forget()
            self._run_due()
            self.wakeup.listen(max(0.0, min(end - time.monotonic(), self._until_next_due())))

    def drain(self, now: datetime) -> int:
        """Run everything due at ``now`` until nothing is; returns how many items were run.

        For simulations and the demonstration clock: ``run_item`` must see the same ``now``.
        """
        count = 0
        while ran := sum(self._work.run_some(lane, now) for lane in self._lanes):
            count += ran
        self._last_sweep = now
        return count

    def stop(self) -> None:
        """End the current turn after the item that is running."""
        self._work.stopping = True
        self.wakeup.wake()

    def health(self) -> SweepHealth:
        """Return when the last sweep was, what is overdue, and what went wrong."""
        now = self._clock()
        with self._store.read() as tx:
            oldest = tx.work.oldest_due(now)
        work = self._work
        return SweepHealth(now, self._last_sweep, oldest, work.done, work.failed, work.last_error)

    def _run_due(self) -> None:
        try:
            while sum(self._work.run_some(lane, self._clock()) for lane in self._lanes):
                continue
            self._last_sweep = self._clock()
            self._away.over()
        except Exception as error:  # mostly the database that is away: health() tells, the next turn tries again
            self._note(error)

    def _until_next_due(self) -> float:
        """Return the seconds until something falls due, a turn at most."""
        now = self._clock()
        try:
            with self._store.read() as tx:
                due = tx.work.due_after(now)
        except Exception as error:  # as above
            self._note(error)
            return TURN
        return TURN if due is None else (due - now).total_seconds()

    def _note(self, error: Exception) -> None:
        if self._away.noted(error):
            self._work.failed += 1
            self._work.last_error = str(error)
        else:
            self._work.note(traceback.format_exc(), without_words(error))
