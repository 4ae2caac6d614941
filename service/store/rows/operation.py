"""What keeps an installation going: signs of life, the hold under which no due work is begun, colours of checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatRow:
    """When a worker of this installation last gave a sign of life."""

    name: Annotated[col.Chars40, col.PRIMARY]
    at: datetime


heartbeat = col.table_of(HeartbeatRow, "heartbeat")


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRow:
    """The installation is on hold: one row, which goes when a person resumes it."""

    id: Annotated[int, col.PRIMARY] = 1
    reason: Annotated[col.Chars12, "restored, clock"]
    since: datetime
    seen: Annotated[col.Json, "restored: saved_at, cause, numbers, ballots, cases; jumps: pairs of expected and found"]
    version: Annotated[int, "grows with what is seen besides: a person resumes what they were shown"] = 1


hold = col.table_of(HoldRow, "hold")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthColourRow:
    """The colour of a check when it was last looked at, and the one that the administrators were told."""

    name: Annotated[col.Chars40, col.PRIMARY]
    colour: Annotated[int, "0 green, 1 yellow, 2 red"] = 0
    told: Annotated[int, "as colour"] = 0
    since: Annotated[datetime, "since when it has this colour"]
    telling_until: Annotated[datetime | None, "a process sends a message, or waits before it tries again"] = None


health_colour = col.table_of(HealthColourRow, "health_colour")
