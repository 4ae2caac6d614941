"""What pages do, programs do: every guarded use case is behind a route of the interface, or stands here with a reason."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from service.casework.access.actions import Who
from service.casework.access.guards import GUARDS
from service.web.api.client import client_source
from service.web.api.openapi import document
from service.web.api.operation import ROUTES


def test_who_needs_no_account_needs_no_token() -> None:
    """The document says of each operation what it really asks for."""
    paths = document()["paths"]
    for route in ROUTES:
        told = paths["/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)][route.method.lower()]
        cookie: dict[str, list[Any]] = {"session": []} if route.method == "GET" else {"session": [], "mark": []}
        wanted: list[dict[str, list[Any]]] = [{"bearer": []}, cookie]
        assert told["security"] == ([] if Who.ANYBODY in GUARDS[route.action].who else wanted), route.path
    names = [route.id for route in ROUTES]
    assert len(names) == len(set(names))


def test_no_operation_takes_the_place_of_what_the_client_does_itself() -> None:
    """A method of the generated client that is written twice is the later one: reading lists to their end would go."""
    written = re.findall(r"^    def (\w+)\(", client_source().partition("class Laurel")[2], re.MULTILINE)
    assert sorted(name for name, times in Counter(written).items() if times > 1) == []
