from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from service.casework.access.actor import SYSTEM
from service.casework.definitions.deploy import deploy_package
from service.catalog import Package
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import PARAMETERS, Lakeside, amended_package, make_lakeside


@pytest.fixture
def town(sqlite_store: Store) -> Lakeside:
    """The miniature with people, on SQLite."""
    return make_lakeside(sqlite_store)


@pytest.fixture
def both(store: Store) -> Lakeside:
    """The miniature with people, once on each database."""
    return make_lakeside(store)


@pytest.fixture
def amended(town: Lakeside) -> Callable[..., Package]:
    """Publishes the miniature with another length of the notice."""

    def publish(notice: int) -> Package:
        old = "    minimum: 5\n    values:\n      - {from: 2026-01-01, value: 5}"
        new = f"    minimum: {notice}\n    values:\n      - {{from: 2026-01-01, value: {notice}}}"
        rest = ("value: 7}", f"value: {notice + 2}}}")
        package = amended_package({PARAMETERS: [(old, new), rest]})
        deploy_package(town.desk, SYSTEM, package, end_settings=True)
        return package

    return publish


@pytest.fixture
def app(town: Lakeside) -> Flask:
    """The web application over it."""
    return make_app(town)


@pytest.fixture
def browse(app: Flask, town: Lakeside) -> Callable[..., Browser]:
    """Opens a browser as one of the town's people, or as a visitor."""
    return lambda login=None: Browser(app, town, login)
