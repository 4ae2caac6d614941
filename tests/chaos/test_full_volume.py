"""A volume that fills while a season runs: whoever writes is told, nothing is half done, and with space all goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from service.store import StorageFull, Store
from tests.chaos.invariants import proven
from tests.support.half_seasons import season_until

pytestmark = pytest.mark.chaos

SIZE = 64 * 2**20
SEASON = ("urumqi/quality_award", "correction_succeeds")
ROOM = 24 * 1024
"""Bytes that are left in a full volume: too few for a step, so that some writes begin and then find no room."""


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """A small volume of its own; only root may mount one."""
    folder = tmp_path / "volume"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("mounting a volume of its own takes root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def full(volume: Path, room: int) -> Iterator[None]:
    """Leave ``room`` bytes of the volume."""
    filler = volume / "filler"
    left = os.statvfs(volume)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, left.f_bavail * left.f_frsize - room))
    try:
        yield
    finally:
        filler.unlink()


@pytest.mark.parametrize("filled", ["database", "files"])
def test_a_season_on_a_volume_that_fills_again_and_again_comes_to_its_end(
    filled: str, volume: Path, tmp_path: Path
) -> None:
    on = {name: volume if name == filled else tmp_path for name in ("database", "files")}
    store = Store(f"sqlite:///{on['database']}/laurel.db", on["files"] / "files")
    store.migrate()
    refused = []

    def attempt(act: Callable[[], object]) -> None:
        for room in (0, ROOM):
            with full(volume, room), suppress(StorageFull):
                act()
                return
            refused.append(room)
        act()

    stage = season_until(*SEASON, store, "submit_correction", "甲", attempt)
    assert refused, "the volume was full when it mattered"
    with store.read() as tx:
        assert [task.element for task in tx.tasks.open_of_case(stage.case("甲"))] == ["submit_correction"]
    assert proven(store) == []
    store.close()
