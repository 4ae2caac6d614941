"""Service of operations: messages to people, in their inbox at once, by mail after the commit."""

from __future__ import annotations

from service.casework.step.post import queue_letter
from service.casework.step.step import Step
from service.sdk import Letter


class MailPort:
    """Messages about the case of a step."""

    def __init__(self, step: Step, cause: str) -> None:
        self._step, self._cause, self._count = step, cause, 0

    def send(self, letter: Letter) -> None:
        """Queue ``letter`` for everybody it is addressed to, once per person."""
        self._count += 1
        queue_letter(self._step, letter, letter.key or f"{self._cause}:{self._count}")
