"""Lanes of due work in which nobody works."""

from __future__ import annotations

from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.domain.running.lanes import LANES
from service.store import lane_beat

SILENCE = timedelta(seconds=60)
"""A lane from which no worker gave a sign of life for so long has none."""


@guarded("vitals.read")
def unserved_lanes(desk: Desk, actor: Actor) -> tuple[str, ...]:  # noqa: ARG001  the guard reads it
    """Return the lanes from which no worker gave a sign of life lately; on SQLite the server itself works in all."""
    if desk.store.bells is None:
        return ()
    now = desk.clock.now()
    with desk.store.read() as tx:
        beats = {lane: tx.operation.last_beat(lane_beat(lane)) for lane in LANES}
    return tuple(lane for lane, at in beats.items() if at is None or now - at > SILENCE)
