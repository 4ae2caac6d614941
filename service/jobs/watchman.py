"""The watchman: looks every minute whether something is wrong, lets people know, and signs how far the records have come.

Beside him, so that he waits for it at no time, everything is compared with the log every night and when asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from service.casework.access.actor import SYSTEM, Actor
from service.casework.audit.heads import sign_daily
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.due.daily import ask_free_claims
from service.casework.health.report import report_health
from service.casework.soundness.nightly import verify_when_due
from service.jobs.outages import AwaySpell
from service.jobs.scheduler import looking_again

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds from one look to the next."""


@contextmanager
def watching(desk: Desk) -> Iterator[None]:
    """Look every minute until the end of the block, beside due work and apart from it; not where the clock is played with."""
    real = isinstance(desk.clock, SystemClock)
    away = AwaySpell(log, "nobody could look whether something is wrong")
    with ExitStack() as both:
        if real:
            both.enter_context(looking_again(lambda: _look(desk, away), EVERY))
            both.enter_context(looking_again(lambda: _verify(desk), EVERY))
        yield


def _look(desk: Desk, away: AwaySpell) -> None:
    try:
        with away.survived():  # who watches from outside learns of it by /readyz
            look_once(desk)
    except Exception:
        log.exception("nobody could look whether something is wrong")


def look_once(desk: Desk) -> None:
    """Do each once."""
    for act in _ACTS:
        act(desk, SYSTEM)


def _verify(desk: Desk) -> None:
    try:
        verify_when_due(desk)
    except Exception:
        log.exception("what is stored could not be compared with the log")


_ACTS: tuple[Callable[[Desk, Actor], object], ...] = (
    report_health, sign_daily, ask_free_claims,
)  # fmt: skip
