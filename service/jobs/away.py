"""What is said of a database that is away: one line when it begins, and one when it is over."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from service.domain.errors import LaurelError
from service.store import Busy, ReadOnly, StorageFull, Unreachable

AWAY = (Unreachable, ReadOnly, StorageFull, Busy)
"""What the database raises that is no fault of the program: where in the program it was noticed tells nothing."""


class AwaySpell:
    """One task that goes on trying while the database is away; ``undone`` says in the log what is not done meanwhile."""

    def __init__(self, log: logging.Logger, undone: str) -> None:
        self._log, self._undone = log, undone
        self._away = ""

    def noted(self, error: Exception) -> bool:
        """Say once that the database is away; returns whether ``error`` is that, and nothing to be told besides."""
        if not isinstance(error, AWAY):
            return False
        self.say(error)
        return True

    def say(self, error: LaurelError) -> None:
        """Say what is not done, unless it was said for the same reason already."""
        if self._away != error.code:
            self._log.error("%s: %s", self._undone, error.message.zh)
        self._away = error.code

    def over(self) -> None:
        """Say once that the database answers again."""
        if self._away:
            self._log.warning("the database answers again")
        self._away = ""

    @contextmanager
    def survived(self) -> Iterator[None]:
        """Go on after the block whatever the database raised in it; what else goes wrong is raised."""
        try:
            yield
        except AWAY as error:
            self.say(error)
        else:
            self.over()
