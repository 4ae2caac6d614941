"""What was refused within a minute, counted in the memory of a process: bounded, whoever asks and however often."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from service.casework.access.actor import Actor

EVERY = 60.0
"""Seconds within which the same is entered twice at most: at once, and at their end how often it came again."""

ACTS = 20
"""Different acts of one person within them; what one tries beyond is counted together."""

VISITOR_ACTS = 3
"""Different acts of one network without a sign-in within them."""

NETWORKS = 50
"""Networks without a sign-in that are told apart within them; those beyond are counted together."""

PEOPLE = 300
"""People who are told apart within them."""

_ELSE = "*"


@dataclass(frozen=True, slots=True)
class RefusedAct:
    """What of a refusal goes into the book; ``sender`` is the number of a person, or the network of a visitor."""

    sender: int | str
    action: str
    actor: Actor
    origin: str
    code: str
    data: dict[str, Any]
    about: str = ""
    place: str | None = None

    @property
    def key(self) -> Hashable:
        """What makes it the same again."""
        return self.action, self.code, self.about, str(self.data)


@dataclass(slots=True)
class _Line:
    until: float
    last: RefusedAct
    more: int = 0


@dataclass(slots=True)
class CountedRefusals:
    """Counts of one process; several processes at one database count each for themselves, and the book adds them up."""

    clock: Callable[[], float] = time.monotonic
    _lines: dict[tuple[int | str, Hashable], _Line] = field(default_factory=dict)
    _waits: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, refused: RefusedAct) -> Sequence[tuple[RefusedAct, int]]:
        """Count a refusal; returns what is to be entered now, and how often each happened."""
        with self._lock:
            now = self.clock()
            due = self._over(now)
            key = self._place(refused)
            known = self._lines.get(key)
            if known is not None or key[1] == _ELSE or now < self._waits:
                line = known or _Line(now + EVERY, refused)
                line.last, line.more = refused, line.more + 1
                self._lines[key] = line
                return due
            self._lines[key] = _Line(now + EVERY, refused)
            return [*due, (refused, 1)]

    def over(self) -> Sequence[tuple[RefusedAct, int]]:
        """Return what was counted in minutes that are over, once."""
        if not self._lines:
            return ()
        with self._lock:
            return self._over(self.clock())

    def keep(self, told: Sequence[tuple[RefusedAct, int]]) -> None:
        """Take back what could not be entered: it is returned again when a minute is over, and nothing before."""
        with self._lock:
            self._waits = self.clock() + EVERY
            for refused, times in told:
                line = self._lines.setdefault(self._place(refused), _Line(self._waits, refused))
                line.more += times

    def _place(self, refused: RefusedAct) -> tuple[int | str, Hashable]:
        """Return where ``refused`` is counted: by itself, with all else of its sender, or with that of all other senders."""
        who, visitor = refused.sender, isinstance(refused.sender, str)
        if (who, refused.key) in self._lines:
            return who, refused.key
        acts = Counter(sender for sender, _ in self._lines)
        known = sum(isinstance(sender, str) == visitor for sender in acts)
        if who not in acts and known >= (NETWORKS if visitor else PEOPLE):
            return ("" if visitor else 0), _ELSE
        return who, refused.key if acts[who] < (VISITOR_ACTS if visitor else ACTS) else _ELSE

    def _over(self, now: float) -> list[tuple[RefusedAct, int]]:
        if now < self._waits:
            return []
        over = {key: line for key, line in self._lines.items() if line.until <= now}
        for key in over:
            del self._lines[key]
        return [(line.last, line.more) for line in over.values() if line.more]
