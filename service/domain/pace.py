"""How often somebody comes: so many times a minute, by the generic cell rate algorithm (ITU-T I.371, GCRA)."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Hashable

MINUTE = 60.0
KEPT = 20_000
"""Names that are remembered at once; beyond, those that came longest ago are forgotten."""


class Pace:
    """Counts in the memory of one process; a name waits once it came ``a_minute`` times within a minute.

    ``at_once``: how often it may come without a pause before that, if less.
    """

    def __init__(self, a_minute: int, clock: Callable[[], float], at_once: int | None = None) -> None:
        self._each = MINUTE / a_minute if a_minute else 0.0
        self._room = self._each * (min(at_once, a_minute) if at_once else a_minute)
        self._clock = clock
        self._full: dict[Hashable, float] = {}
        self._lock = threading.Lock()

    def seconds_to_wait(self, name: Hashable) -> int:
        """Count that ``name`` came; returns 0, or after how many whole seconds it may come again (not counted then)."""
        if not self._each:
            return 0
        now = self._clock()
        with self._lock:
            until = max(now, self._full.get(name, now)) + self._each
            if until - now > self._room + 1e-9:
                return max(1, math.ceil(until - now - self._room))
            self._full.pop(name, None)
            self._full[name] = until
            if len(self._full) > KEPT:
                self._forget(now)
            return 0

    def _forget(self, now: float) -> None:
        """Forget who has nothing to wait for, and the oldest half where all have."""
        left = {name: until for name, until in self._full.items() if until > now}
        self._full = dict(list(left.items())[-KEPT // 2 :])
