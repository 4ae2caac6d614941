"""The watch over the machine's clock: what a wrong one would let lapse waits for a person."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from service.store import SWEEPER, Store

log = logging.getLogger(__name__)

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
            self._compare()

    def _compare(self) -> None:
        now, passed = self._wall(), self._passed()
        expected, leeway = self._expect(now, passed)
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

    def _expect(self, now: datetime, passed: float) -> tuple[datetime, timedelta]:
        """Return what the clock should say, and how far ahead of that it may be."""
        if self._anchor is not None:
            return self._anchor[0] + timedelta(seconds=passed - self._anchor[1]), JUMP
        with self._store.read() as tx:
            return tx.operation.last_beat(SWEEPER) or now, ABSENCE
