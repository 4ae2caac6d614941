"""Rows of what cities chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.store.rows.json import Json


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A value that a city set: ``value`` is ``{"value": …}``; ``hash`` chains to ``previous``."""

    id: int
    package: str
    seq: int
    parameter: str
    since: date
    value: Json
    reason: str
    at: datetime
    actor: str
    person_id: int | None
    previous: str
    hash: str
