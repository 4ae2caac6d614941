"""The sweeper: claims due work items and runs them one after the other, in due order."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from service.jobs.clock_watch import ClockWatch
from service.jobs.health import SweepHealth
from service.jobs.wakeup import EventWakeup
from service.store import LEASE, Stale, Store
from service.store.rows import WorkItemRow

log = logging.getLogger(__name__)

TURN = 2.0
"""Seconds from one sweep to the next when nothing wakes it."""

_LISTEN = TURN * 0.95
_RACES = 3
"""Lost races after which an item waits like a failed one, so that two losers cannot chase each other for ever."""


class Sweeper:
    """Claims what is due and hands it to ``run_item``, which does the work and finishes it in its own unit of work.

    ``owner`` names this process in claims, which last for ``lease``; ``watch`` looks at the clock before each turn.
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
    ) -> None:
        self._store, self._run_item, self._clock, self._owner, self._lease = store, run_item, clock, owner, lease
        self._watch = watch
        self.wakeup = EventWakeup()
        self._last_sweep: datetime | None = None
        self._done = self._failed = 0
        self._last_error = ""
        self._stopping = False

    def sweep(self) -> None:
        """Take one turn: run what is due, then whatever wake-ups announce until the next turn is near."""
        end = time.monotonic() + _LISTEN
        while not self._stopping:
            self.wakeup.forget()
            self._run_due()
            if not self.wakeup.listen(max(0.0, end - time.monotonic())):
                return

    def drain(self, now: datetime) -> int:
        """Run everything due at ``now`` until nothing is; returns how many items were run.

        For simulations and the demonstration clock: ``run_item`` must see the same ``now``.
        """
        count = 0
        while self._run_next(now):
            count += 1
        self._last_sweep = now
        return count

    def stop(self) -> None:
        """End the current turn after the item that is running."""
        self._stopping = True
        self.wakeup.wake()

    def health(self) -> SweepHealth:
        """Return when the last sweep was, what is overdue, and what went wrong."""
        now = self._clock()
        with self._store.read() as tx:
            oldest = tx.work.oldest_due(now)
        return SweepHealth(now, self._last_sweep, oldest, self._done, self._failed, self._last_error)

    def _run_due(self) -> None:
        try:
            if self._watch:
                self._watch.look()
            while not self._stopping and self._run_next(self._clock()):
                continue
            self._last_sweep = self._clock()
        except Exception:  # the database is away: health() tells, the next turn tries again
            self._note(traceback.format_exc())

    def _run_next(self, now: datetime) -> bool:
        item = self._store.claim(now, self._owner, self._lease)
        if item is None:
            return False
        try:
            self._run_item(item)
            self._store.crash_point("item-done")
            self._done += 1
        except Stale:
            self._lost_race(item, now)
        except Exception:
            self._fail(item, traceback.format_exc(), now)
        return True

    def _lost_race(self, item: WorkItemRow, now: datetime) -> None:
        """After a write conflict try again at once. If the item was called off, this does nothing."""
        if item.attempts > _RACES:
            self._fail(item, "the case was changed by others during every attempt", now)
            return
        with self._store.write() as tx:
            tx.work.give_back(item)

    def _fail(self, item: WorkItemRow, error: str, now: datetime) -> None:
        self._note(f"{item.kind} {item.effect_key}: {error}")
        self._store.crash_point("item-failed")
        with self._store.write() as tx:
            tx.work.fail(item, error, now)

    def _note(self, error: str) -> None:
        self._failed += 1
        self._last_error = error
        log.error("due work failed: %s", error)
