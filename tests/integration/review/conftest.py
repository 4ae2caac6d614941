from collections.abc import Callable

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
def here(sqlite_url: str, open_store: Callable[[str], Store]) -> ReviewBench:
    """The same on SQLite alone."""
    return make_review(open_store(sqlite_url), *BEGIN)
