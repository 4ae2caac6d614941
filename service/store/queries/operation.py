"""Signs of life, the hold under which no due work is begun, and the colours of checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.store.models import HealthColourRow, HeartbeatRow, HoldRow
from service.store.models.work import InstallationRow, health_colour, heartbeat, hold, installation
from service.store.queries.base import Repository, one, values_of
from service.store.restoring import finish_restore

SWEEPER = "sweeper"
"""Name of the sweeper's heartbeat."""

RESTORED, CLOCK = "restored", "clock"
"""Why an installation is on hold."""

_SAME = timedelta(minutes=5)
"""Processes that notice the same jump of the clock differ by less, in when they notice it and in how far it went."""

ON_HOLD = sa.exists(sa.select(hold.c.id))
"""Whether the installation is on hold, as a condition of other statements."""

_THE_HOLD = sa.select(hold)
_LOCKED = _THE_HOLD.with_for_update()
_COLOURS = sa.select(health_colour).order_by(health_colour.c.name)


def lane_beat(lane: str) -> str:
    """Return the name of the heartbeat of the workers of a lane."""
    return f"lane:{lane}"


class OperationRepository(Repository):
    """Whether work goes on, and whether it may."""

    def last_beat(self, name: str) -> datetime | None:
        """Return the newest sign of life of the worker ``name``."""
        row = self._first(HeartbeatRow, one(heartbeat, "name"), name=name)
        return row.at if row else None

    def beat(self, name: str, at: datetime) -> None:
        """Note that the worker ``name`` lives."""
        noted = self._upsert(heartbeat).on_conflict_do_update(index_elements=["name"], set_={"at": at})
        self._change(noted, **values_of(HeartbeatRow(name=name, at=at)))

    def hold(self) -> HoldRow | None:
        """Return the hold that the installation is on; usually None."""
        return self._first(HoldRow, _THE_HOLD)

    def hold_restored(self, now: datetime, seen: Mapping[str, Any]) -> None:
        """Put the installation on hold after a restore, whatever it was on hold for."""
        finish_restore(self._connection)
        self._put_hold(HoldRow(reason=RESTORED, since=now, seen={**seen, "jumps": []}))

    def hold_for_clock(self, expected: datetime, now: datetime) -> None:
        """Put the installation on hold because the clock says ``now``; what another process noticed already is the same."""
        self._put_hold(HoldRow(reason=CLOCK, since=now, seen={"jumps": [[expected.isoformat(), now.isoformat()]]}))

    def end_hold(self, version: int) -> bool:
        """Let due work begin again; returns whether the hold was still the one that a person saw."""
        return self._change(sa.delete(hold).where(hold.c.version == version)) == 1

    def colours(self) -> list[HealthColourRow]:
        """Return the colour of every check as it was seen last."""
        return self._all(HealthColourRow, _COLOURS)

    def lock_colours(self, names: Sequence[str], now: datetime) -> list[HealthColourRow]:
        """Return the colours of these checks, green where none was seen yet, and keep other processes from changing them."""
        for name in names:
            known = self._upsert(health_colour).on_conflict_do_nothing(index_elements=["name"])
            self._change(known, **values_of(HealthColourRow(name=name, since=now)))
        return self._all(HealthColourRow, _COLOURS.with_for_update())

    def set_colour(self, row: HealthColourRow) -> None:
        """Keep the colour of a check that has a row."""
        self._change(sa.update(health_colour).where(health_colour.c.name == row.name).values(values_of(row)))

    def _put_hold(self, row: HoldRow) -> None:
        before = self._first(HoldRow, _LOCKED)
        if before is None:  # where another process puts it at this moment, it noticed the same jump
            self._change(self._upsert(hold).on_conflict_do_nothing(index_elements=["id"]), **values_of(row))
            return
        jumps = [jump for jump in row.seen["jumps"] if not any(_is_same(jump, other) for other in before.seen["jumps"])]
        if not jumps and row.reason == CLOCK:
            return
        first = row if row.reason == RESTORED else before
        seen = {**first.seen, "jumps": [*before.seen["jumps"], *jumps]}
        after = replace(first, seen=seen, version=before.version + 1)
        self._change(sa.update(hold).values(values_of(after)))


def _is_same(jump: list[str], other: list[str]) -> bool:
    """Return whether two processes noticed the same jump."""
    (expected, now), (expected_too, now_too) = map(_instants, (jump, other))
    return abs((now - expected) - (now_too - expected_too)) <= _SAME and abs(now - now_too) <= _SAME


def _instants(jump: list[str]) -> tuple[datetime, datetime]:
    return datetime.fromisoformat(jump[0]), datetime.fromisoformat(jump[1])


class InstallationRepository(Repository):
    """The one row of the installation."""

    def kept(self) -> InstallationRow | None:
        """Return the row; None where no process settled it yet."""
        return self._first(InstallationRow, one(installation, "id"), id=1)

    def settle(self, row: InstallationRow) -> InstallationRow:
        """Keep ``row`` unless one is kept already; returns the one that holds."""
        kept = self._upsert(installation).on_conflict_do_nothing(index_elements=["id"])
        self._connection.execute(kept, {"id": 1, "files": row.files, "keys": row.keys, "made_at": row.made_at})
        found = self._first(InstallationRow, one(installation, "id"), id=1)
        assert found is not None
        return found

    def adopt(self, row: InstallationRow) -> None:
        """Let the marks of ``row`` hold from now on."""
        self._change(sa.update(installation).where(installation.c.id == 1).values(files=row.files, keys=row.keys))
