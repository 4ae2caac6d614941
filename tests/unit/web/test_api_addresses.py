"""An address of the interface serves what the document lists at it, and no operation of another address that looks alike."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import MapAdapter

from service.web.api.blueprint import API
from service.web.api.openapi import build_openapi_document
from service.web.api.operation import ROUTES


@pytest.fixture(scope="module")
def addresses() -> MapAdapter:
    app = Flask(__name__)
    app.register_blueprint(API)
    return app.url_map.bind("localhost")


def test_each_address_serves_the_methods_that_the_document_lists_at_it(addresses: MapAdapter) -> None:
    places = {route.path: re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path) for route in ROUTES}
    for path, told in places.items():
        address = "/api/v1" + re.sub(r"<\w+:?\w*>", "x", re.sub(r"<int:\w+>", "1", path))
        listed = {method.upper() for method in build_openapi_document()["paths"][f"/api/v1{told}"]}
        assert set(addresses.allowed_methods(address)) - {"HEAD", "OPTIONS"} == listed, path
