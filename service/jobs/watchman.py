"""The watchman: looks every minute whether something is wrong, lets people know, and says how far the records have come.

That is anchored every hour, and noted beside the keys every minute; once a day he asks for all of it to be compared, and for
claims of who left to be given back.
A timestamp authority is asked, and anchors are mailed, beside him, so that he waits for no answer from outside.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.due.free_claims import ask_free_claims
from service.casework.health.alarms import sound_alarms
from service.casework.health.program_files import enter_foreign_program
from service.casework.health.secret_ages import note_secrets
from service.casework.soundness.anchors import set_anchor
from service.casework.soundness.daily import ask_verification
from service.casework.soundness.mailed import NotMailed, mail_anchors, mail_of
from service.casework.soundness.newest import note_newest
from service.casework.soundness.stamps import NotStamped, stamp_anchors
from service.jobs.away import AwaySpell
from service.jobs.scheduler import looking_again
from service.store import MISREAD

log = logging.getLogger(__name__)

EVERY = 60.0
"""Seconds from one look to the next."""

REST = 300.0
"""Seconds for which a service that was away is not asked again."""


@contextmanager
def watching(desk: Desk) -> Iterator[None]:
    """Look every minute until the end of the block, beside due work and apart from it; not where the clock is played with."""
    real = isinstance(desk.clock, SystemClock)
    away = AwaySpell(log, "nobody could look whether something is wrong")
    with ExitStack() as both:
        if real:
            both.enter_context(looking_again(lambda: _look(desk, away), EVERY))
        for one in shown_outside(desk) if real else ():
            both.enter_context(looking_again(one.look, EVERY))
        yield


class ShownOutside:
    """Shows anchors to a service outside; of one that is away the log says so once, and it is asked less often."""

    def __init__(self, desk: Desk, show: Callable[[Desk, Actor], object]) -> None:
        self._desk, self._show, self._rests_until, self._trouble = desk, show, 0.0, ""

    def look(self) -> None:
        """Ask unless the service was away a moment ago."""
        if time.monotonic() < self._rests_until:
            return
        try:
            self._show(self._desk, SYSTEM)
        except (NotStamped, NotMailed) as trouble:
            self._rests_until = time.monotonic() + REST
            if trouble.message.en != self._trouble:
                log.warning("%s", trouble.message.zh)
            self._trouble = trouble.message.en
        else:
            self._trouble = ""


def shown_outside(desk: Desk) -> list[ShownOutside]:
    """Return what shows anchors to the services outside that are set."""
    shown = [ShownOutside(desk, stamp_anchors)] if desk.premises.timestamps is not None else []
    mailed = desk.premises.anchors_mail is not None and mail_of(desk)
    return [*shown, ShownOutside(desk, mail_anchors)] if mailed else shown


def _look(desk: Desk, away: AwaySpell) -> None:
    try:
        with away.survived():  # who watches from outside learns of it by /readyz
            look_once(desk)
    except Exception:
        log.exception("nobody could look whether something is wrong")


def look_once(desk: Desk) -> None:
    """Do each once; what cannot be read, which somebody wrote beside the program, keeps from one alone."""
    for act in _ACTS:
        try:
            act(desk, SYSTEM)
        except MISREAD:
            log.exception("%s could not be done", act.__name__)


_ACTS: tuple[Callable[[Desk, Actor], object], ...] = (
    note_secrets, enter_foreign_program, sound_alarms, set_anchor, note_newest, ask_verification,
    ask_free_claims,
)  # fmt: skip
