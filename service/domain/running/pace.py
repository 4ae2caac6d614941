"""How often somebody comes: so many times a minute, by the generic cell rate algorithm (ITU-T I.371, GCRA)."""

from __future__ import annotations

import gc
import math
import sys
import threading
from collections.abc import Callable, Hashable

from service.domain.running.memory import SELDOM

MINUTE = 60.0
KEPT = 20_000
"""Names that are remembered at once; beyond, those are forgotten that have nothing to wait for, and the oldest half."""


class Pace:
    """Counts in memory how often each name comes; it waits once it came ``a_minute`` times.

    ``at_once``: how often it may come without a pause before that, if less.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float], at_once: int | None = None) -> None:
        self._each = MINUTE / a_minute if a_minute else 0.0
        self._room = self._each * (min(at_once, a_minute) if at_once else a_minute)
        self._clock = clock
        self._until: dict[Hashable, float] = {}
        self._lock = threading.Lock()

    def seconds_to_wait(self, name: Hashable) -> int:
        """Count that ``name`` came; returns 0, or after how many whole seconds it may come again (not counted then)."""
        if not self._each:
            return 0
        with self._lock:
            now = self._clock()
            until = max(now, self._until.pop(name, 0.0)) + self._each
            waits = until - now > self._room + 1e-9
            self._until[name] = until - self._each if waits else until
            if len(self._until) > KEPT:
                pending_times = {name: until for name, until in self._until.items() if until > now}
                self._until = dict(list(pending_times.items())[-KEPT // 2 :])
            return max(1, math.ceil(until - now - self._room)) if waits else 0


_TURN = 0.0005
"""Seconds after which a thread that computes lets another have its turn, a tenth of what is usual.

A request queues again after each statement: beside a season that is played, each time so long; and whoever writes keeps
the others from writing meanwhile.
"""


def set_turns() -> None:
    """Let the collector look seldom, since what a command loads stays until it ends, and threads take turns more often."""
    gc.set_threshold(*SELDOM)
    sys.setswitchinterval(_TURN)
