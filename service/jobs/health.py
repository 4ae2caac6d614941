"""Health of the sweeper: ages of the last sweep and of the oldest due item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LATE = timedelta(minutes=2)
"""A sweep or a due item older than this means that no sweeper runs."""


@dataclass(frozen=True, slots=True)
class SweepHealth:
    """What a sweeper can say of itself: ages tell of its death, which it cannot report."""

    now: datetime
    last_sweep: datetime | None
    oldest_due: datetime | None
    done: int
    failed: int
    last_error: str

    @property
    def well(self) -> bool:
        """Whether the last sweep and the oldest due item are younger than two minutes."""
        swept = self.last_sweep is not None and self.now - self.last_sweep < LATE
        return swept and (self.oldest_due is None or self.now - self.oldest_due < LATE)
