"""How long data are kept, and what was erased when that time was over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRuleRow:
    """A rule of a city in force from a day on; the newest of a name that has begun counts, then the default."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    name: Annotated[col.Chars40, "kind of case and class of data, such as winner.personal"]
    years: Annotated[int | None, "after the round ended; empty: kept for good"] = None
    from_day: date
    reason: col.Chars300
    person_id: col.PersonId | None = None
    at: datetime


retention_rule = col.table_of(
    RetentionRuleRow, "retention_rule", sa.Index("ix_retention_rule_place", "jurisdiction", "name", "id")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureRow:
    """What was to be erased of a case, and what came of it."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId, col.INDEXED]
    jurisdiction: col.Chars60
    parts: Annotated[col.Json, "classes of data: personal, secret, internal, sheets, mails"]
    reason: col.Chars300
    person_id: col.PersonId | None = None
    asked_at: datetime
    state: Annotated[col.Chars12, "waiting, erased, done, refused"] = "waiting"
    found: Annotated[col.Json, "rows by table, events, files; of a refusal zh and en"] = field(default_factory=dict)
    files: Annotated[col.Json, "SHA-256 of files that are still to be dropped"] = field(default_factory=list)
    ended_at: datetime | None = None


erasure = col.table_of(
    ErasureRow,
    "erasure",
    sa.Index("ix_erasure_place", "jurisdiction", "id"),
    comment="one row per case and confirmation; nothing of what was erased stands here",
)
