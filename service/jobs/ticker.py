"""The ticker of a worker: rings the bells of the lanes when something falls due."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import datetime

from service.jobs.away import AwaySpell
from service.jobs.clock_watch import ClockWatch
from service.store import Store, lane_beat
from service.store.bells import Bells

log = logging.getLogger(__name__)

LONGEST = 5.0
"""Seconds after which it looks for due work though nothing announced any: `SOON` of the store is as long."""

BEAT = 10.0
"""Seconds from one sign of life of the worker's lanes to the next."""

CHORES = 3600.0
"""Seconds from one clearing away of what killed workers left to the next."""

_TOGETHER = 0.03
"""Seconds in which what further commits announce is taken together with the first."""

_SLICE = 0.5
"""Seconds within which it sees that it is stopped."""

_PAUSE = 1.0
"""Seconds before it tries again after the database went away."""


class Ticker:
    """Sleeps until the next due instant, or until a commit announces work, and rings for what is due.

    Every worker has one, and any number may tick at once. Nothing that the database raises ends it: it listens anew,
    and looks for work first. ``look_again`` is called every time: it reads what another process may have changed.
    """

    def __init__(
        self,
        store: Store,
        bells: Bells,
        clock: Callable[[], datetime],
        lanes: Collection[str],
        watch: ClockWatch | None = None,
        look_again: Callable[[], None] | None = None,
        longest: float = LONGEST,
    ) -> None:
        self._store, self._bells, self._clock, self._lanes = store, bells, clock, lanes
        self._watch, self._look_again, self._longest = watch, look_again, longest
        self._stopped = threading.Event()
        self._next_beat = self._next_chores = 0.0
        self._away = AwaySpell(log, "due work waits until the database is there again")

    def run(self) -> None:
        """Tick until `stop`; that the database is away is told once, and once that it is there again."""
        while not self._stopped.is_set():
            try:
                with self._bells.listening() as wait:
                    while not self._stopped.is_set():
                        self.tick()
                        self._away.over()
                        if self._announced(wait, self._until_next_due()):
                            self._stopped.wait(_TOGETHER)
            except Exception as error:  # the database is away: all of this begins anew
                if not self._away.noted(error):
                    log.exception("due work is not looked for at present")
                self._stopped.wait(_PAUSE)

    def tick(self) -> None:
        """Ring once for what is due now, and do what is done beside it; raises what the database raises."""
        self._store.demand_presence()
        if self._watch:
            self._watch.look()
        self._bells.ring(self._clock())
        self._show_life()
        if self._look_again:
            self._look_again()

    def stop(self) -> None:
        """End `run` within a turn."""
        self._stopped.set()

    def _announced(self, wait: Callable[[float], bool], seconds: float) -> bool:
        """Wait so long, or until work is announced or this is stopped; returns whether work was announced."""
        end = time.monotonic() + seconds
        while not self._stopped.is_set() and (left := end - time.monotonic()) > 0:
            if wait(min(left, _SLICE)):
                return True
        return False

    def _until_next_due(self) -> float:
        now = self._clock()
        with self._store.read() as tx:
            due = tx.work.due_after(now)
        return self._longest if due is None else min(self._longest, (due - now).total_seconds())

    def _show_life(self) -> None:
        passed = time.monotonic()
        if passed >= self._next_beat:
            with self._store.write() as tx:
                for lane in sorted(self._lanes):
                    tx.operation.beat(lane_beat(lane), self._clock())
            self._next_beat = passed + BEAT
        if passed >= self._next_chores:
            self._bells.forget()
            self._next_chores = passed + CHORES
