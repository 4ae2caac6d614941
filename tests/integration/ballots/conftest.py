from pathlib import Path

import pytest

from service.store import Store
from tests.support.ballots import Hall, make_hall


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, once on SQLite and once on PostgreSQL."""
    return make_hall(store, tmp_path / "keys")
