"""Jobs of this process that have ended, for who waits for one of them."""

from __future__ import annotations

from threading import Condition


class _Ends:
    """How many jobs have ended so far."""

    def __init__(self) -> None:
        self.changed = Condition()
        self.count = 0


_ENDS = _Ends()


def note_end() -> None:
    """Note that a job has ended, and that its row says so."""
    with _ENDS.changed:
        _ENDS.count += 1
        _ENDS.changed.notify_all()


def ended_jobs() -> int:
    """Return how many have ended; who asks before looking at a job misses no end after that."""
    return _ENDS.count


def wait_for_end(before: int, seconds: float) -> None:
    """Return once more than ``before`` have ended, or ``seconds`` later."""
    with _ENDS.changed:
        _ENDS.changed.wait_for(lambda: _ENDS.count > before, seconds)
