from pathlib import Path

import pytest

from service.casework.simulate.stage.stage import PlayState
from service.store import Store
from tests.support.exampleton import season


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> PlayState:
    """A season whose notice of winners is running, once on SQLite and once on PostgreSQL."""
    return season(store, tmp_path / "root")


@pytest.fixture
def quick(sqlite_store: Store, tmp_path: Path) -> PlayState:
    """The same on SQLite only."""
    return season(sqlite_store, tmp_path / "root")
