"""Answers that tests get from the interface for programs, held to its own description whatever they ask it for.

Every application that answers in a process of the tests tells of it: the first good answers of each operation must have
the shape that the OpenAPI document gives them.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from flask import Flask, Response, request, request_finished

from service.web.api.openapi import build_openapi_document
from tests.support.contract import Described

UNDER = "/api/v1/"
FIRST = 4
"""So many answers of an operation are compared in a process: what is compared costs more than the request."""
LARGEST = 300_000
"""Longer answers, in bytes, are those of many rows, whose like are compared when they are short."""

_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


class HeldAnswers:
    """The operations that answered well, and what was otherwise than described."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()
        self._faults: list[str] = []

    def listen(self) -> None:
        """Look at every answer from now on."""
        request_finished.connect(self.look)

    def faults(self) -> list[str]:
        """Return what answers were otherwise than described since this was asked last."""
        found = self._faults.copy()
        self._faults.clear()
        return found

    def look(self, _app: Flask, response: Response, **_: Any) -> None:
        """Hold an answer to the document, where it is one of the interface and a good one."""
        rule = request.url_rule
        if rule is None or not rule.rule.startswith(UNDER) or not 200 <= response.status_code < 300:
            return
        path = _PLACE.sub(r"{\1}", rule.rule)
        if request.method.lower() not in build_openapi_document()["paths"].get(path, {}):
            return
        name = f"{request.method} {path}"
        self.seen[name] += 1
        if self.seen[name] > FIRST or response.is_streamed or (response.content_length or 0) > LARGEST:
            return
        answer: Any = response
        self._faults.extend(
            f"{name}: {one}" for one in Described(build_openapi_document(), path, request.method).faults(answer)
        )


HELD = HeldAnswers()
"""What this process has seen."""
