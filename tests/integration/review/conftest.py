import pytest

import handlers
from service.store import Store
from tests.support.review import BEGIN, ReviewBench, make_review

handlers.load()


@pytest.fixture
def drawn(store: Store) -> ReviewBench:
    """An application whose panel of three was drawn from five; once on SQLite and once on PostgreSQL."""
    return make_review(store, *BEGIN)


@pytest.fixture
def here(sqlite_store: Store) -> ReviewBench:
    """The same on SQLite alone."""
    return make_review(sqlite_store, *BEGIN)
