"""A unit of work that lost a race against another is done again from its beginning."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from io import IOBase
from typing import TypeVar

from service.store import Stale

R = TypeVar("R")

_PAUSES = (0.01, 0.05)
"""Seconds between tries of a unit of work that lost a race."""


def after_lost_races(work: Callable[[], R], arguments: Sequence[object]) -> R:
    """Run a unit of work, again from the beginning after a write conflict or a deadlock; the last try may fail.

    What is no mere conflict (a task that is done by now) raises its own error on the next try. A file among what was
    ``arguments`` is read again from where it stood; with one that can be read only once there is one try.
    """
    files = [argument for argument in arguments if isinstance(argument, IOBase)]
    if not all(file.seekable() for file in files):
        return work()
    places = [(file, file.tell()) for file in files]
    for pause in _PAUSES:
        try:
            return work()
        except Stale:
            for file, place in places:
                file.seek(place)
            time.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311  jitter, so that two losers do not meet again
    return work()
