"""What the program knows of its clock: when it was last at work, and what is held because of a doubtful one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatRow:
    """When a worker of this installation last told that it lives."""

    name: Annotated[col.Chars40, col.PRIMARY]
    at: datetime


heartbeat = col.table_of(HeartbeatRow, "heartbeat")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockHoldRow:
    """A doubt about the clock: until a person confirms it, no time limit lapses by itself."""

    id: col.Id = 0
    kind: Annotated[col.Chars12, "jump, absence, backwards"]
    expected_at: Annotated[datetime, "what the clock should have said, or the last heartbeat"]
    found_at: Annotated[datetime, "what it said"]
    released_at: Annotated[datetime | None, col.INDEXED] = None
    released_by: col.PersonId | None = None
    reason: Annotated[col.Chars300, "why it was confirmed"] = ""


clock_hold = col.table_of(
    ClockHoldRow,
    "clock_hold",
)
