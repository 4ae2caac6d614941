"""How an installation is: what a monitoring system asks every minute."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import calendars_in_use
from service.domain.running.lanes import LANES
from service.store import SWEEPER, CaseFilter, lane_beat


@dataclass(frozen=True, slots=True)
class Vitals:
    """Counts and ages of one moment, in pieces and seconds; None where there is nothing to measure."""

    cases_running: int
    incidents_open: int
    work_due: int
    oldest_due_seconds: float
    heartbeat_age_seconds: float | None
    on_hold: bool
    calendar_until_year: int
    disk_free_bytes: int | None


@guarded("vitals.read")
def read_vitals(desk: Desk, actor: Actor) -> Vitals:  # noqa: ARG001  the guard reads it
    """Return how the installation is now; counts alone, of all jurisdictions together."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        oldest, beat = tx.work.oldest_due(now), tx.operation.last_beat(SWEEPER)
        return Vitals(
            cases_running=tx.cases.count(CaseFilter(live=True)),
            incidents_open=tx.incidents.count_rows(resolved_at=None),
            work_due=tx.work.due_count(now),
            oldest_due_seconds=(now - oldest).total_seconds() if oldest else 0.0,
            heartbeat_age_seconds=(now - beat).total_seconds() if beat else None,
            on_hold=tx.operation.hold() is not None,
            calendar_until_year=min((c.last_published_year() or 0 for c in calendars_in_use(desk, tx)), default=0),
            disk_free_bytes=desk.store.files.free(),
        )


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
