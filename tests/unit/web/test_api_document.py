"""The OpenAPI document says of each operation what it takes, what it gives and who may call it."""

from __future__ import annotations

import re
from typing import Any

from service.casework.access.actions import Who
from service.casework.access.guards import GUARDED, GUARDS
from service.web.api import API
from service.web.api.derive import make_schema
from service.web.api.openapi import build_openapi_document
from service.web.api.operation import ROUTES, Operation

assert API  # importing it registers the routes


def described(route: Operation) -> dict[str, Any]:
    place = "/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
    found: dict[str, Any] = build_openapi_document()["paths"][place][route.method.lower()]
    return found


def test_every_route_is_described_with_what_it_takes_and_gives() -> None:
    for route in ROUTES:
        told = described(route)
        assert told["summary"]
        assert ("requestBody" in told) == (route.body is not None)
    names = [route.id for route in ROUTES]
    assert len(names) == len(set(names))


def test_who_needs_no_account_needs_no_token() -> None:
    """The document says of each operation what it really asks for."""
    for route in ROUTES:
        cookie: dict[str, list[Any]] = {"session": []} if route.method == "GET" else {"session": [], "mark": []}
        wanted: list[dict[str, list[Any]]] = [{"bearer": []}, cookie]
        assert described(route)["security"] == ([] if Who.ANYBODY in GUARDS[route.action].who else wanted), route.path


def test_the_example_of_each_body_is_read_as_one() -> None:
    for route in ROUTES:
        if route.body is not None:
            example = described(route)["requestBody"]["content"]["application/json"]["example"]
            assert make_schema(route.body).validate(example) == {}, route.call


def test_each_operation_stands_behind_the_guard_of_its_use_case() -> None:
    direct = [(route, GUARDED.get(f"{route.work.__module__}.{route.work.__qualname__}")) for route in ROUTES]
    assert [route.call for route, action in direct if action not in (None, route.action)] == []
    assert sum(action is not None for _, action in direct) > 50
