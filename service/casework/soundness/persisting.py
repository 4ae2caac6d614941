"""A unit of work beside everything else is tried again where the database broke a deadlock."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from service.store import Busy

_TRIES = 5


def persisting(unit: Callable[[], int]) -> int:
    """Return what a unit of work returns; raises Busy if the database was busy again and again."""
    for _ in range(_TRIES - 1):
        with suppress(Busy):
            return unit()
    return unit()
