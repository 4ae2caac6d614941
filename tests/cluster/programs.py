"""People of the town who act through the interface for programs, and send again what got no answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from types import ModuleType
from typing import Any

from service.domain.errors import Conflict
from service.domain.text import Text
from service.store.rows import TaskRow
from tests.chaos.town import PACKAGE

AWAY = (502, 503, 504)
"""Answers of nginx, or of a server whose database is away: the request may be sent again."""

PATIENCE = 60.0


@dataclass
class Answered:
    """What the product said that it did: cases begun, tasks completed, cases withdrawn from."""

    cases: set[int] = field(default_factory=set)
    tasks: set[int] = field(default_factory=set)
    withdrawn: set[int] = field(default_factory=set)
    repeated: int = 0
    refused: int = 0


class Programs:
    """Acts through nginx by the generated client; each request bears a key, with which it is sent again unchanged.

    What was answered is kept in ``answered``: none of it may be lost.
    """

    def __init__(self, client: ModuleType, address: str, tokens: Mapping[str, str]) -> None:
        self._refused = client.Refused
        self._programs = {name: client.Laurel(address, token, 30) for name, token in tokens.items()}
        self.answered = Answered()

    def start(self, who: str, process: str, parent: int | None) -> None:
        """Begin a case."""
        begin = self._programs[who].begin_case
        told = self._sent(
            lambda key: begin(package=PACKAGE, process=process, parent_id=parent, values={"ready": True}, key=key)
        )
        self.answered.cases.add(told["case_id"])

    def complete(self, who: str, task: TaskRow, form: Mapping[str, Any]) -> None:
        """Submit a task."""
        complete = self._programs[who].complete
        self._sent(lambda key: complete(task.id, version=task.version, values=form, key=key))
        self.answered.tasks.add(task.id)

    def withdraw(self, who: str, case_id: int, form: Mapping[str, Any]) -> None:
        """Withdraw an application."""
        act = self._programs[who].do_action
        self._sent(lambda key: act(case_id, "withdraw", values=form, key=key))
        self.answered.withdrawn.add(case_id)

    def _sent(self, send: Callable[[str], Any]) -> Any:
        """Send until there is an answer; raises Conflict for a refusal: somebody was quicker, or it was cut off halfway."""
        key, end = uuid.uuid4().hex, time.monotonic() + PATIENCE
        while True:
            try:
                return send(key)
            except self._refused as refusal:
                if refusal.status not in AWAY:
                    self.answered.refused += 1
                    if refusal.status >= 500:
                        raise
                    raise Conflict(Text(refusal.zh, refusal.en)) from refusal
                self._rest(end)
            except (OSError, HTTPException):
                self._rest(end)

    def _rest(self, end: float) -> None:
        assert time.monotonic() < end, "no answer"
        self.answered.repeated += 1
        time.sleep(0.1)
