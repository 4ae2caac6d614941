"""The sweeper: does the due work of its lanes one item after the other, in due order."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from service.domain.running.lanes import LANES
from service.domain.running.log_lines import without_words
from service.jobs.due_work import DueWork, log_failure
from service.jobs.outages import AwaySpell, ClockWatch
from service.store import LEASE, Store
from service.store.models import WorkItemRow

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
        self.wakeup = threading.Event()
        self._away = AwaySpell(log, "due work is not done at present")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Prolong the leases of long work until the end of the block."""
        with self._work.at_work():
            yield

    def sweep(self) -> None:
        """Take one turn: run what is due, then whatever falls due or is announced until the next turn is near."""
        end = time.monotonic() + _LISTEN
        while not self._work.stopping and time.monotonic() < end:
            self.wakeup.clear()
            self._run_due()
            self.wakeup.wait(max(0.0, min(end - time.monotonic(), self._until_next_due())))

    def drain(self, now: datetime) -> int:
        """Run everything due at ``now`` until nothing is; returns how many items were run.

        For simulations and the demonstration clock: ``run_item`` must see the same ``now``.
        """
        count = 0
        while ran := sum(self._work.run_some(lane, now) for lane in self._lanes):
            count += ran
        return count

    def stop(self) -> None:
        """End the current turn after the item that is running."""
        self._work.stopping = True
        self.wakeup.set()

    def _run_due(self) -> None:
        try:
            while sum(self._work.run_some(lane, self._clock()) for lane in self._lanes):
                continue
            self._away.over()
        except Exception as error:  # mostly the database that is away: the next turn tries again
            self._log_error(error)

    def _until_next_due(self) -> float:
        """Return the seconds until something falls due, a turn at most."""
        now = self._clock()
        try:
            with self._store.read() as tx:
                due = tx.work.due_after(now)
        except Exception as error:  # as above
            self._log_error(error)
            return TURN
        return TURN if due is None else (due - now).total_seconds()

    def _log_error(self, error: Exception) -> None:
        if not self._away.noted(error):
            log_failure(without_words(error))
