"""Looks after what others left, beside everything else: at the start, and again now and then."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.soundness.found_by import drop_unused_values
from service.jobs.away import AwaySpell

log = logging.getLogger(__name__)

_EVERY = 3600.0
_PATIENCE = 10.0
"""Seconds; so long the end waits for the transaction that is open."""


@contextmanager
def keeping_findable(desk: Desk, every: float = _EVERY) -> Iterator[None]:
    """Look after it at once and ``every`` so many seconds, until the end of the block."""
    end, spell = Event(), AwaySpell(log, "what others left was not looked after")

    def keep() -> None:
        while not end.is_set():
            with spell.survived():
                drop_unused_values(desk, SYSTEM, end.is_set)
            end.wait(every)

    thread = Thread(target=keep, name="keep-findable", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(_PATIENCE)
