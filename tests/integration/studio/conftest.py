from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from service.casework.studio.drafts.open_draft import open_draft
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.example_town import ExampleTown, make_example_town
from tests.support.lakeside import KEY, Lakeside, make_lakeside


@pytest.fixture
def town(sqlite_store: Store) -> Lakeside:
    """The miniature with people, designers among them, on SQLite."""
    return make_lakeside(sqlite_store)


@pytest.fixture
def app(town: Lakeside) -> Flask:
    """The web application over it."""
    return make_app(town)


@pytest.fixture
def browse(app: Flask, town: Lakeside) -> Callable[..., Browser]:
    """Opens a browser as one of the town's people, or as a visitor."""
    return lambda login=None: Browser(app, town, login)


@pytest.fixture
def example(sqlite_store: Store, tmp_path: Path) -> ExampleTown:
    """A draft of the example city, with what plays its scenarios."""
    return make_example_town(sqlite_store, tmp_path / "tree")


@pytest.fixture
def draft(town: Lakeside) -> int:
    """A draft of the miniature that its designer began."""
    return open_draft(town.desk, town.designer, KEY, "草稿")
