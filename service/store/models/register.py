"""Notices, documents, awards and sanctions."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice (公示) as posted."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    case_id: Annotated[col.CaseId, col.INDEXED]
    element: col.Chars120
    kind: col.Chars60
    audience: Annotated[col.Chars12, "public, internal"] = "public"
    title: col.Chars300
    content: Annotated[col.Json, "text, entries, media, how to object: as posted"]
    fingerprint: Annotated[col.Chars64, "SHA-256 of the snapshot"]
    clauses: col.Json = field(default_factory=list)
    posted_at: datetime
    posted_by: col.PersonId | None = None
    first_day: date
    last_day: date
    ends_at: datetime
    period: Annotated[col.Json, "unit, length, reason zh and en, provisional"]
    state: Annotated[col.Chars20, "running, closed, corrected, recalled"] = "running"
    closed_at: datetime | None = None
    objections: int = 0
    replaces_id: col.NoticeId | None = None
    correction: Annotated[col.OptionalJson, "what was corrected, why, of substance or not, by whom"] = None
    listed: Annotated[str | None, "names of its list, to find it by"] = None


notice = col.table_of(
    NoticeRow,
    "notice",
    col.partial_index("ix_notice_public", "jurisdiction", "posted_at", "id", where="audience = 'public'"),
    col.partial_index("ix_notice_portal", "posted_at", "id", where="audience = 'public'"),
    col.partial_index("ix_notice_running", "posted_at", "id", where="audience = 'public' and state = 'running'"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """An issued document."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    case_id: Annotated[col.CaseId, col.INDEXED]
    template: col.Chars120
    title: col.Chars300
    number: col.Chars120 | None = None
    content: Annotated[col.Json, "the filled text, frozen when issued"]
    clauses: col.Json = field(default_factory=list)
    recipients: Annotated[col.Json, "roles of the case"] = field(default_factory=list)
    issued_at: datetime
    issued_by: col.PersonId | None = None
    sha256: Annotated[col.Chars64 | None, "of the .docx in the file store; empty until produced"] = None
    size: col.Big | None = None
    produced_at: datetime | None = None
    pdf_sha256: Annotated[col.Chars64 | None, "of the PDF; empty until printed"] = None
    pdf_size: col.Big | None = None
    erased_at: Annotated[datetime | None, "when its time of keeping was over and it was erased"] = None


document = col.table_of(
    DocumentRow,
    "document",
    sa.UniqueConstraint("jurisdiction", "number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardRow:
    """An award on record."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    award: col.Chars60
    tier: col.Chars60
    body_id: Annotated[col.BodyId, col.INDEXED]
    round: col.Chars120
    decided_on: date
    number: col.Chars120 | None = None
    details: col.Json = field(default_factory=dict)
    revoked_on: date | None = None


award_record = col.table_of(
    AwardRow,
    "award_record",
    sa.Index("ix_award_record_list", "jurisdiction", "decided_on", "id"),
    sa.Index("ix_award_record_portal", "decided_on", "id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderRow:
    """An organisation that held an award before the one it is on record for now."""

    award_id: Annotated[col.AwardId, col.PRIMARY]
    body_id: Annotated[col.BodyId, col.PRIMARY, col.INDEXED]
    until: Annotated[date, "last day on which it held it"]


award_holder = col.table_of(
    HolderRow,
    "award_holder",
    comment="organisations that held an award before the one of award_record",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SanctionRow:
    """A sanction on record."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    body_id: Annotated[col.BodyId, col.INDEXED]
    ground: col.Chars60
    effect: Annotated[col.Chars60, "ban, revocation, …"]
    decided_on: date
    from_day: date
    last_day: date | None = None
    clauses: col.Json = field(default_factory=list)
    details: col.Json = field(default_factory=dict)


sanction = col.table_of(
    SanctionRow,
    "sanction",
    sa.Index("ix_sanction_list", "jurisdiction", "decided_on", "id"),
)
