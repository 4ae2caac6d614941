"""Clocks: the machine's, or a virtual one that a simulation moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Protocol

from service.domain.errors import Invalid
from service.domain.text import Text


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


START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""When the fictional season begins: Monday 2 March 2026, 9:00 in China."""


class DemoClock:
    """A clock that runs at the machine's pace from an instant people choose; ``path`` remembers it over a restart.

    Every process that has the same ``path`` has the same time: what one of them writes there the others see.
    """

    def __init__(self, path: Path, start: datetime = START) -> None:
        self._path, self._lock = path, Lock()
        self._seen = self._read_write_time()
        self._ahead = self._read_offset(start)

    @property
    def moved(self) -> bool:
        """Whether the clock was ever moved: the season's preparation ends with that."""
        return self._path.is_file()

    @property
    def ahead(self) -> timedelta:
        """How far it is before the machine's clock, less than nothing where it is behind."""
        return self.now() - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the instant of the demonstration, in UTC."""
        written = self._read_write_time()
        if written != self._seen:
            self._seen, self._ahead = written, max(self._ahead, self._read_offset(START))
        return datetime.now(UTC) + self._ahead

    def move_to(self, instant: datetime) -> None:
        """Go forward to ``instant``; an earlier one than the present is ignored."""
        with self._lock:
            ahead = instant.astimezone(UTC) - datetime.now(UTC)
            if ahead <= self._ahead:
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_name(f".{self._path.name}.new")
            new.write_text(str(ahead.total_seconds()), encoding="ascii")
            new.replace(self._path)
            self._ahead = ahead

    def _read_write_time(self) -> int:
        """Return when the file was last written; 0 where there is none."""
        try:
            return self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def _read_offset(self, start: datetime) -> timedelta:
        if not self._path.is_file():
            return start - datetime.now(UTC)
        try:
            return timedelta(seconds=float(self._path.read_text(encoding="ascii")))
        except (ValueError, OverflowError) as error:
            raise Invalid(
                Text(
                    f"演示时钟的文件“{self._path}”已损坏。请运行 make demo-reset 重新准备演示。",
                    f"The file of the demonstration's clock, “{self._path}”, is damaged: run make demo-reset.",
                )
            ) from error
