from __future__ import annotations

from pathlib import Path

import pytest

from service.domain.errors import Conflict
from service.jobs import process_lock


def test_the_second_sweeper_is_told_that_there_is_one(tmp_path: Path) -> None:
    lock = tmp_path / "sweeper.lock"
    with process_lock(lock), pytest.raises(Conflict, match="另一个进程"), process_lock(lock):
        pass
    with process_lock(lock):
        pass
