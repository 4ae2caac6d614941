"""The watchman: looks every minute whether something is wrong, lets people know, and says how far the records have come.

That is anchored every hour, and noted beside the keys every minute; once a day he asks for all of it to be compared.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.health.alarms import sound_alarms
from service.casework.soundness.anchors import set_anchor
from service.casework.soundness.daily import ask_verification
from service.casework.soundness.newest import note_newest
from service.jobs.away import AwaySpell
from service.jobs.scheduler import looking_again

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds from one look to the next."""


@contextmanager
def watching(desk: Desk) -> Iterator[None]:
    """Look every minute until the end of the block, beside due work and apart from it; not where the clock is played with."""
    real = isinstance(desk.clock, SystemClock)
    away = AwaySpell(log, "nobody could look whether something is wrong")
    with looking_again(lambda: _look(desk, away), EVERY) if real else nullcontext():
        yield


def _look(desk: Desk, away: AwaySpell) -> None:
    try:
        with away.survived():  # who watches from outside learns of it by /readyz
            sound_alarms(desk, SYSTEM)
            set_anchor(desk, SYSTEM)
            note_newest(desk, SYSTEM)
            ask_verification(desk, SYSTEM)
    except Exception:
        log.exception("nobody could look whether something is wrong")
