import pytest

from service.store import Store
from tests.support.desks import Bench, make_bench


@pytest.fixture
def both(store: Store) -> Bench:
    """The small award on an empty store, once on SQLite and once on PostgreSQL."""
    return make_bench(store)
