"""Waits for a PostgreSQL that starts later than the program, as after a power failure."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread

from service.domain.text import Text
from service.store import Unreachable
from service.store.connections.database import reach
from service.store.connections.postgresql import SILENT

log = logging.getLogger(__name__)

_PAUSE = 1.0
"""Seconds between two tries."""

_LONGEST = 6.0
"""Seconds for one try: a server that stands still is given three at each address that its name stands for."""


def wait_for_database(
    url: str, patience: float, sleep: Callable[[float], None] = time.sleep, longest: float = _LONGEST
) -> Text | None:
    """Return None as soon as the server of ``url`` answers; says once in the log that it waits. SQLite is not waited for.

    With a ``patience`` of 0 it is asked once, for ``longest`` seconds.

    Returns in words why it let nobody in where it did not within ``patience`` seconds; what else is wrong with it whoever
    opens it learns.
    """
    if not url.startswith("postgresql"):
        return None
    within = f"up to {patience:.0f} seconds " if math.isfinite(patience) else ""
    end, waiting = time.monotonic() + patience, False
    while True:
        try:
            _reach(url, longest)
        except Unreachable as error:
            if not waiting and patience:
                log.warning("waiting %sfor the database: %s", within, (error.why or error.message).zh)
            waiting = True
            if time.monotonic() >= end:
                return error.why or error.message
            sleep(_PAUSE)
        else:
            if waiting:
                log.warning("the database answers")
            return None


def _reach(url: str, longest: float) -> None:
    """Do as `reach` in a thread that is left to itself after ``longest`` seconds; raises Unreachable then, too."""
    answer = Future[None]()

    def ask() -> None:
        try:
            reach(url)
        except BaseException as error:
            answer.set_exception(error)
        else:
            answer.set_result(None)

    Thread(target=ask, name="reach-database", daemon=True).start()
    try:
        answer.result(longest)
    except TimeoutError:
        raise Unreachable(SILENT) from None
