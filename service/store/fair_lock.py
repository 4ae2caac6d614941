"""A lock that is handed over in the order of asking, one per database and process."""

from __future__ import annotations

import threading
from collections import deque


class FairLock:
    """First come, first served: SQLite's own waiting is a lottery that can last seconds."""

    def __init__(self) -> None:
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
        turn.acquire()
        self._holder = me

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
