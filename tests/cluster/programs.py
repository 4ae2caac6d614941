"""People of the town who act through the interface for programs, and send again what got no answer."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from service.domain.errors import Conflict
from service.domain.text import Text
from service.store.models import TaskRow
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
    """Acts through nginx; each request bears a key, with which it is sent again unchanged.

    What was answered is kept in ``answered``: none of it may be lost.
    """

    def __init__(self, address: str, tokens: Mapping[str, str]) -> None:
        self._programs = {
            name: httpx.Client(
                base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
            )
            for name, token in tokens.items()
        }
        self.answered = Answered()

    def start(self, who: str, process: str, parent: int | None) -> None:
        """Begin a case."""
        begun = {"package": PACKAGE, "process": process, "parent_id": parent, "values": {"ready": True}}
        self.answered.cases.add(self._send(who, "/cases", begun).json()["case_id"])

    def complete(self, who: str, task: TaskRow, form: Mapping[str, Any]) -> None:
        """Submit a task."""
        self._send(who, f"/tasks/{task.id}/complete", {"version": task.version, "values": form})
        self.answered.tasks.add(task.id)

    def withdraw(self, who: str, case_id: int, form: Mapping[str, Any]) -> None:
        """Withdraw an application."""
        self._send(who, f"/cases/{case_id}/actions/withdraw", {"values": form})
        self.answered.withdrawn.add(case_id)

    def _send(self, who: str, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Send until there is an answer; raises Conflict for a refusal: somebody was quicker, or it was cut off halfway."""
        key, end = uuid.uuid4().hex, time.monotonic() + PATIENCE
        while True:
            try:
                answer = self._programs[who].post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError:
                self._rest(end)
                continue
            if answer.is_success:
                return answer
            if answer.status_code in AWAY:
                self._rest(end)
                continue
            self.answered.refused += 1
            if answer.status_code >= 500:
                answer.raise_for_status()
            raise Conflict(Text(answer.json()["detail_zh"], answer.json()["detail_en"]))

    def _rest(self, end: float) -> None:
        assert time.monotonic() < end, "no answer"
        self.answered.repeated += 1
        time.sleep(0.1)
