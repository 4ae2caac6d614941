"""Archives of finished rounds, how long data are kept, and what was erased when that time was over."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRow:
    """An archive of a round; sealed once every case is gathered, and never changed after."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId, col.INDEXED, "the round"]
    jurisdiction: col.Chars60
    title: col.Chars300
    full: Annotated[bool, "with personal data, uploaded files included"]
    purpose: Annotated[col.Chars300, "what the archive is for"]
    cases: Annotated[int, "how many cases it holds"]
    begun_at: datetime
    begun_by: col.PersonId | None = None
    sealed_at: Annotated[datetime | None, col.INDEXED] = None
    seal: Annotated[col.Chars64 | None, "SHA-256 of the manifest"] = None
    erased_at: Annotated[datetime | None, "when its time of keeping was over and it was erased"] = None


archive = col.table_of(ArchiveRow, "archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePartRow:
    """The files of one case in an archive; place 0 holds the manifest and the first page."""

    archive_id: Annotated[int, col.refers("archive.id"), col.PRIMARY]
    place: Annotated[col.Number, col.PRIMARY, "the case; 0: what stands at the top"]
    files: Annotated[col.Json, "path, sha256, size of each file, which lies in the store of files"]
    left_out: Annotated[col.Json, "path, sha256, why: what is not in it"] = field(default_factory=list)
    head: Annotated[col.Json, "number, title, seq and hash of the newest event"] = field(default_factory=dict)


archive_part = col.table_of(ArchivePartRow, "archive_part")


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
