"""Whether an installation serves: what a supervisor and a monitor from outside ask every few seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.clock import SystemClock
from service.casework.desk.desk import Desk
from service.casework.health.checks import Colour, has_room
from service.store import SWEEPER

STILL = timedelta(minutes=2)
"""Due work that waits longer where nobody is at work, or a sweeper of whom nothing was seen for longer, does not go on."""

_BESIDE = ("backups", "anchors")
"""Volumes without which everybody can still work."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How much work is due, whether it is done, whether the installation is on hold, which volumes are ``full``, which checks were ``red``."""

    due: int
    stands_still: bool
    on_hold: bool
    full: tuple[str, ...]
    red: tuple[str, ...]


@guarded("vitals.read")
def read_readiness(desk: Desk, actor: Actor) -> Readiness:  # noqa: ARG001  the guard reads it
    """Return whether what people submit can be kept and due work goes on; writes nothing and waits for no lock."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        due, late = tx.work.due_count(now), tx.work.stands_still(now - STILL, now)
        beat, on_hold = tx.operation.last_beat(SWEEPER), tx.operation.hold() is not None
        red = tuple(row.name for row in tx.operation.colours() if row.colour == Colour.RED)
    silent = isinstance(desk.clock, SystemClock) and beat is not None and now - beat > STILL
    full = tuple(v.name for v in desk.premises.volumes if v.name not in _BESIDE and not has_room(v))
    return Readiness(due, silent or (late and not on_hold), on_hold, full, red)
