"""What an installation is watched for: the limits that an administrator chose, and alarms that were raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLimitsRow:
    """One row: the limits in force, who chose them and when."""

    id: Annotated[int, col.PRIMARY] = 1
    values: Annotated[col.Json, "limits by name, and who is told"]
    changed_at: datetime
    changed_by: col.PersonId | None = None


health_limits = col.table_of(HealthLimitsRow, "health_limits")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRow:
    """What a check found last time, and how much of it people were told."""

    name: Annotated[col.Chars60, col.PRIMARY, "the check"]
    level: Annotated[int, "0 fine, 1 warning, 2 fault"]
    told: Annotated[int, "the level that people were told, 0 once they were told that it is over"] = 0
    what: Annotated[col.Json, "zh, en: what is checked"] = field(default_factory=dict)
    found: Annotated[col.Json, "zh, en: what was found when the level changed"] = field(default_factory=dict)
    since: Annotated[datetime, "since when the level is this"]
    telling_until: Annotated[datetime | None, "a process is telling people, or waits before it tries again"] = None
    trouble: Annotated[str, "why people could not be told"] = ""


alarm = col.table_of(AlarmRow, "alarm")
