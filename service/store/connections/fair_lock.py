"""A lock that is handed over in the order of asking, one per database and process."""

from __future__ import annotations

import threading
from collections import deque

from service.store.errors import Occupied

LONGEST_WAIT = 15.0
"""Seconds that a unit of work waits for its turn, as long as SQLite lets one wait for what another process writes."""


class FairLock:
    """First come, first served: SQLite's own waiting is a lottery that can last seconds."""

    def __init__(self, longest_wait: float = LONGEST_WAIT) -> None:
        self._longest_wait = longest_wait
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    def __enter__(self) -> None:
        self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def acquire(self) -> None:
        """Wait for our turn.

        Raises:
            RuntimeError: if this thread holds the lock already, for it would wait for itself.
            Occupied: if those before do not end in time.
        """
        me = threading.get_ident()
        with self._guard:
            if self._holder == me:
                raise RuntimeError("this thread already has a unit of work open")
            if self._holder is None:
                self._holder = me
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if not turn.acquire(timeout=self._longest_wait) and self._given_up(turn):
            raise Occupied
        self._holder = me

    def _given_up(self, turn: threading.Lock) -> bool:
        """Leave the queue; returns False where the lock was handed over in the same moment."""
        with self._guard:
            if turn not in self._waiting:
                return False
            self._waiting.remove(turn)
            return True

    def release(self) -> None:
        """Hand over to the longest waiting thread."""
        with self._guard:
            if self._waiting:
                self._holder = -1
                self._waiting.popleft().release()
            else:
                self._holder = None


_locks: dict[str, FairLock] = {}
_locks_guard = threading.Lock()


def writer_lock(database: str) -> FairLock:
    """Return this process's only writer lock for ``database`` (a path)."""
    with _locks_guard:
        return _locks.setdefault(database, FairLock())
