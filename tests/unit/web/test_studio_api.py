"""Every act of the studio is a use case and a call of the interface for programs."""

from __future__ import annotations

import re

from service.web.api.openapi import document
from service.web.api.operation import ROUTES


def test_every_route_is_described_with_what_it_takes_and_gives() -> None:
    paths = document()["paths"]
    for route in ROUTES:
        place = "/api/v1" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
        told = paths[place][route.method.lower()]
        assert told["summary"]
        assert ("requestBody" in told) == (route.body is not None)
