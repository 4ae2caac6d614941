"""The watch over the machine's clock: what a wrong one would let lapse waits for a person."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from service.store import SWEEPER, Store, Transaction
from service.store.rows import ClockHoldRow

log = logging.getLogger(__name__)

JUMP = timedelta(minutes=5)
"""How far the clock may leave the time that really passed."""

ABSENCE = timedelta(hours=48)
"""How long nobody may have swept before a start waits for a person."""

OUTAGE = timedelta(minutes=30)
"""How long nobody may have swept while a time limit ran out: those concerned could not act in its last minutes."""

BEAT = timedelta(seconds=30)
"""How often the heartbeat is written."""


class ClockWatch:
    """Compares the wall clock with the time that passed, and with the last heartbeat when it begins.

    Where nobody ever swept, it begins with the newest entry on record instead, of whatever case or restore.

    A clock that jumped, drifted or ran backwards, or a sweeper that was away too long opens a hold in the database;
    while it is open no process claims timers and reminders (see ``service.store.repositories.work.claims``).
    Several threads may look at once.
    """

    def __init__(
        self, store: Store, wall: Callable[[], datetime], passed: Callable[[], float] = time.monotonic
    ) -> None:
        self._store, self._wall, self._passed = store, wall, passed
        self._anchor: tuple[datetime, float] | None = None
        self._next_beat: datetime | None = None
        self._turn = Lock()

    def look(self) -> None:
        """Compare once, before due work is claimed; raises what the database raises.

        The clock is compared with what it said at the beginning, or when it was last in doubt: small steps add up.
        """
        with self._turn:
            self._compare()

    def _compare(self) -> None:
        now, passed = self._wall(), self._passed()
        doubt = self._since_last_sweep(now) if self._anchor is None else self._since(self._anchor, now, passed)
        if doubt is not None:
            log.error("the clock is in doubt (%s): %s instead of %s", doubt.kind, doubt.found_at, doubt.expected_at)
        if doubt is not None or self._next_beat is None or now >= self._next_beat:
            with self._store.write() as tx:
                if doubt is not None:
                    tx.clock.hold(doubt)
                tx.clock.beat(SWEEPER, now)
            self._next_beat = now + BEAT
        if doubt is not None or self._anchor is None:
            self._anchor = (now, passed)

    def _since_last_sweep(self, now: datetime) -> ClockHoldRow | None:
        with self._store.read() as tx:
            last = tx.clock.last_beat(SWEEPER)
            lapsed = last is not None and now - last > OUTAGE and tx.work.timer_fell_due(last, now)
            noted = _newest_record(tx) if last is None else None
        if last is None:
            return None if noted is None or abs(now - noted) <= ABSENCE else _doubt(noted, now, "absence")
        if now < last - JUMP:
            return _doubt(last, now, "absence")
        return _doubt(last, now, "absence") if lapsed or now - last > ABSENCE else None

    @staticmethod
    def _since(anchor: tuple[datetime, float], now: datetime, passed: float) -> ClockHoldRow | None:
        expected = anchor[0] + timedelta(seconds=passed - anchor[1])
        if abs(now - expected) <= JUMP:
            return None
        return _doubt(expected, now, "jump")


def _newest_record(tx: Transaction) -> datetime | None:
    """Return the newest instant of a history or of a restore that began; None where nothing is on record."""
    found = [tx.history.newest_at(), *(row.begun_at for row in tx.epochs.every())]
    return max((at for at in found if at is not None), default=None)


def _doubt(expected: datetime, now: datetime, ahead: str) -> ClockHoldRow:
    """Return the doubt that it is ``now``; ``ahead`` is its kind where that is later than ``expected``."""
    return ClockHoldRow(kind=ahead if now > expected else "backwards", expected_at=expected, found_at=now)
