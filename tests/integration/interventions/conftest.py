from collections.abc import Callable

import pytest
from flask import Flask

from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench


@pytest.fixture
def both(store: Store) -> Bench:
    """The small award on an empty store, once on SQLite and once on PostgreSQL."""
    return make_bench(store)


@pytest.fixture
def bench(sqlite_url: str, open_store: Callable[[str], Store]) -> Bench:
    """The same on SQLite alone."""
    return make_bench(open_store(sqlite_url))


@pytest.fixture
def app(bench: Bench) -> Flask:
    """The web application over it."""
    return make_app(bench)


@pytest.fixture
def browse(app: Flask, bench: Bench) -> Callable[..., Browser]:
    """Opens a browser as one of the bench's people, or as a visitor."""
    return lambda login=None: Browser(app, bench, login)
