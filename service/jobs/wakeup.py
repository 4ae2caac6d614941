"""Wake-up of the sweeper after a commit that queued due work."""

from __future__ import annotations

import threading


class EventWakeup:
    """Wakes a sweeper in the same process within milliseconds."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def wake(self) -> None:
        """Let `listen` return."""
        self._event.set()

    def forget(self) -> None:
        """Forget wake-ups so far; call before looking for work, never after."""
        self._event.clear()

    def listen(self, seconds: float) -> bool:
        """Wait for a wake-up; returns whether one came."""
        return self._event.wait(seconds)
