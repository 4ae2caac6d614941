"""Epochs: each restore of a backup begins one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRow:
    """What began when a backup was restored; until a person releases it, nothing leaves for the outside."""

    id: col.Id = 0
    saved_at: Annotated[
        datetime, "when the backup was made: what was done between this and the beginning is not on record"
    ]
    begun_at: datetime
    cause: Annotated[col.Chars300, "what was restored, and why"]
    found: Annotated[col.Json, "numbers that skipped ahead, ballots made void, how many cases"] = field(
        default_factory=dict
    )
    released_at: Annotated[datetime | None, col.INDEXED] = None
    released_by: col.PersonId | None = None
    reason: Annotated[col.Chars300, "what was checked before it was released"] = ""


epoch = col.table_of(EpochRow, "epoch")
