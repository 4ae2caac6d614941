"""Heartbeats, and holds of what a doubtful clock would let lapse."""

from __future__ import annotations

from datetime import datetime, timedelta

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

_ALIKE = timedelta(minutes=5)
"""Processes that notice the same jump differ by less, in when they notice it and in how far it went."""

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
        """Hold what would lapse; what another process noticed already is not noted again."""
        newest = self.held()
        if newest is None or not _same(newest, row):
            self._insert(clock_hold, row)

    def held(self) -> ClockHoldRow | None:
        """Return the newest hold that no person has released yet."""
        newest = sa.select(clock_hold).where(_OPEN).order_by(clock_hold.c.id.desc()).limit(1)
        return self._first(ClockHoldRow, newest)

    def holds(self) -> list[ClockHoldRow]:
        """Return every hold that no person has released yet, in the order in which they came."""
        return self._all(ClockHoldRow, sa.select(clock_hold).where(_OPEN).order_by(clock_hold.c.id))

    def release(self, hold: int, at: datetime, person: int | None, reason: str) -> bool:
        """Release a hold and those before it: time limits lapse again unless a newer one is open; returns whether any was."""
        waiting = sa.update(clock_hold).where(clock_hold.c.id <= hold, _OPEN)
        return self._change(waiting.values(released_at=at, released_by=person, reason=reason)) > 0

    def get(self, hold: int) -> ClockHoldRow:
        """Return a hold, released or not; raises NotFound."""
        return self._existing(ClockHoldRow, ("系统时间的疑问", "doubt about the clock"), one(clock_hold, "id"), hold)


def _same(one: ClockHoldRow, other: ClockHoldRow) -> bool:
    """Return whether two processes noticed the same."""
    further = (one.found_at - one.expected_at) - (other.found_at - other.expected_at)
    return one.kind == other.kind and abs(further) <= _ALIKE and abs(one.found_at - other.found_at) <= _ALIKE
