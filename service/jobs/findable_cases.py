"""Keeps cases findable by their facts, and noted the call activities they stand in, beside everything else: at the start, and again now and then.

A program of before may go on for a while beside this one; what it changes waits to be noted.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.soundness.found_by import keep_findable
from service.casework.soundness.noted_calls import note_calls
from service.jobs.away import AwaySpell

log = logging.getLogger(__name__)

_EVERY = 3600.0
_PATIENCE = 10.0
"""Seconds; so long the end waits for the transaction that is open."""


@contextmanager
def keeping_findable(desk: Desk, every: float = _EVERY) -> Iterator[None]:
    """Note what is to note at once and ``every`` so many seconds, until the end of the block."""
    end, spell = Event(), AwaySpell(log, "not noted what cases are found by")

    def keep() -> None:
        while not end.is_set():
            with spell.survived():
                keep_findable(desk, SYSTEM, end.is_set)
                note_calls(desk, SYSTEM, end.is_set)
            end.wait(every)

    thread = Thread(target=keep, name="keep-findable", daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.set()
        thread.join(_PATIENCE)
