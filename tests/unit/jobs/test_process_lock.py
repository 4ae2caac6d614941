from __future__ import annotations

from pathlib import Path

import pytest

from service.domain.errors import Conflict
from service.jobs import process_lock
from service.settings import BadSetting


def test_the_second_sweeper_is_told_that_there_is_one(tmp_path: Path) -> None:
    lock = tmp_path / "sweeper.lock"
    with process_lock(lock), pytest.raises(Conflict, match="另一个进程"), process_lock(lock):
        pass
    with process_lock(lock):
        pass


def test_a_lock_that_cannot_be_made_is_told_with_its_folder(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("no folder")
    with pytest.raises(BadSetting, match="不能写入数据目录"), process_lock(tmp_path / "var" / "sweeper.lock"):
        pass
