"""Clocks: the machine's, or a virtual one that a simulation moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the present instant, in UTC."""

    def now(self) -> datetime:
        """Return the present instant, aware and in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's instant."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved, never backwards."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Stand at ``instant``; an earlier one than the present is ignored."""
        self._now = max(self._now, instant.astimezone(UTC))

    def put_back(self, instant: datetime) -> None:
        """Stand at an earlier ``instant`` again: only where everything else is put back to it too."""
        self._now = instant.astimezone(UTC)
