"""What integration tests share: the small award on SQLite with its people, and browsers that sign in there."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.demonstration import demonstration
from tests.support.desks import Bench, make_bench


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    """The small award on an empty store, on SQLite."""
    return make_bench(sqlite_store)


@pytest.fixture
def app(bench: Bench) -> Flask:
    """The web application over it."""
    return make_app(bench)


@pytest.fixture
def browse(app: Flask, bench: Bench) -> Callable[..., Browser]:
    """Opens a browser as one of the bench's people, or as a visitor."""
    return lambda login=None: Browser(app, bench, login)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demonstration, for all tests of a file."""
    app = demonstration(tmp_path_factory.mktemp("demonstration"))
    yield app
    app.extensions["laurel.desk"].store.close()
