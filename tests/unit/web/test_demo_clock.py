"""The demonstration's clock is the same in every process that has its file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from service.casework.desk.demo_clock import DemoClock


def test_what_one_process_moves_the_others_see(tmp_path: Path) -> None:
    one, other = DemoClock(tmp_path / "clock"), DemoClock(tmp_path / "clock")
    before = other.now()
    one.move_to(before + timedelta(days=5))
    assert other.now() >= before + timedelta(days=5)
    other.move_to(before + timedelta(days=9))
    assert one.now() >= before + timedelta(days=9)
    assert DemoClock(tmp_path / "clock").now() >= before + timedelta(days=9)
