"""What runs turn by turn in the background goes on when the machine's clock is set, far ahead or back."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from threading import Semaphore
from typing import Self

import pytest

from service.domain.errors import Conflict
from service.jobs import process_lock
from service.jobs.scheduler import looking_again

PATIENCE = 30.0
"""Seconds in which a turn surely begins."""


class SetClock(datetime):
    """The machine's clock, set by `shift`."""

    shift = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return super().now(tz) + cls.shift


@pytest.mark.parametrize("shift", [timedelta(days=3650), -timedelta(days=1)], ids=["ten years ahead", "a day back"])
def test_a_clock_that_is_set_stops_no_turn(monkeypatch: pytest.MonkeyPatch, shift: timedelta) -> None:
    for reader in ("apscheduler.schedulers.base", "apscheduler.executors.base", "service.jobs.scheduler"):
        monkeypatch.setattr(f"{reader}.datetime", SetClock)
    turns = Semaphore(0)
    with looking_again(turns.release, 0.05):
        assert turns.acquire(timeout=PATIENCE)
        monkeypatch.setattr(SetClock, "shift", shift)
        for _ in range(10):
            assert turns.acquire(timeout=PATIENCE), "it stands still"


def test_the_second_sweeper_is_told_that_there_is_one(tmp_path: Path) -> None:
    lock = tmp_path / "sweeper.lock"
    with process_lock(lock), pytest.raises(Conflict, match="另一个进程"), process_lock(lock):
        pass
    with process_lock(lock):
        pass
