"""Heartbeats, and holds of what a doubtful clock would let lapse."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one, values_of
from service.store.rows import ClockHoldRow, HeartbeatRow
from service.store.rows.clock import clock_hold, heartbeat

SWEEPER = "sweeper"
"""Under this name the sweeper tells that it lives."""


def lane_beat(lane: str) -> str:
    """Return the name under which the workers of a lane tell that they live."""
    return f"lane:{lane}"


_OPEN = clock_hold.c.released_at.is_(None)

HELD = sa.exists(sa.select(clock_hold.c.id).where(_OPEN))
"""Whether a hold is open, as a condition of other statements."""


class ClockRepository(Repository):
    """What the program knows of its clock."""

    def last_beat(self, name: str) -> datetime | None:
        """Return when the worker ``name`` last told that it lives."""
        row = self._first(HeartbeatRow, one(heartbeat, "name"), name=name)
        return row.at if row else None

    def beat(self, name: str, at: datetime) -> None:
        """Note that the worker ``name`` lives."""
        row = HeartbeatRow(name=name, at=at)
        noted = self._upsert(heartbeat).on_conflict_do_update(index_elements=["name"], set_={"at": at})
        self._change(noted, **values_of(row))

    def hold(self, row: ClockHoldRow) -> None:
        """Hold what would lapse, unless it is held already."""
        if self.held() is None:
            self._insert(clock_hold, row)

    def held(self) -> ClockHoldRow | None:
        """Return the hold that no person has released yet."""
        return self._first(ClockHoldRow, sa.select(clock_hold).where(_OPEN).order_by(clock_hold.c.id).limit(1))

    def release(self, hold: int, at: datetime, person: int | None, reason: str) -> bool:
        """Let time limits lapse again; returns whether the hold was still open."""
        released = sa.update(clock_hold).where(clock_hold.c.id == hold, _OPEN)
        return self._change(released.values(released_at=at, released_by=person, reason=reason)) == 1

    def get(self, hold: int) -> ClockHoldRow:
        """Return a hold, released or not; raises NotFound."""
        return self._existing(ClockHoldRow, ("系统时间的疑问", "doubt about the clock"), one(clock_hold, "id"), hold)
