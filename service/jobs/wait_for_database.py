"""Waits for a PostgreSQL that starts later than the program, as after a power failure."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable

from service.store import Unreachable
from service.store.database import reach

log = logging.getLogger(__name__)

_PAUSE = 1.0
"""Seconds between two tries."""


def wait_for_database(url: str, patience: float, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Return as soon as the server of ``url`` answers; says once in the log that it waits. SQLite is not waited for.

    Returns whether it answered within ``patience`` seconds; what else is wrong with it whoever opens it learns.
    """
    if not url.startswith("postgresql"):
        return True
    within = f"up to {patience:.0f} seconds " if math.isfinite(patience) else ""
    end, waiting = time.monotonic() + patience, False
    while True:
        try:
            reach(url)
        except Unreachable as error:
            if not waiting:
                log.warning("waiting %sfor the database: %s", within, error.message.zh)
            waiting = True
            if time.monotonic() >= end:
                return False
            sleep(_PAUSE)
        else:
            if waiting:
                log.warning("the database answers")
            return True
