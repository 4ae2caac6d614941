"""Notices, documents, awards, sanctions, archives, and how long data are kept."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@col.row(
    "notice",
    col.partial_index("ix_notice_public", "jurisdiction", "posted_at", "id", where="audience = 'public'"),
    col.partial_index("ix_notice_portal", "posted_at", "id", where="audience = 'public'"),
    col.partial_index("ix_notice_running", "posted_at", "id", where="audience = 'public' and state = 'running'"),
    named=("公示", "notice"),
)
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


@col.row("document", sa.UniqueConstraint("jurisdiction", "number"), named=("文书", "document"))
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
    sha256: Annotated[col.Chars64 | None, "of the .docx in the file store; empty until produced"] = None
    size: col.Big | None = None
    produced_at: datetime | None = None
    pdf_sha256: Annotated[col.Chars64 | None, "of the PDF; empty until printed"] = None
    pdf_size: col.Big | None = None
    erased_at: Annotated[datetime | None, "when its time of keeping was over and it was erased"] = None


@col.row(
    "award_record",
    sa.Index("ix_award_record_list", "jurisdiction", "decided_on", "id"),
    sa.Index("ix_award_record_portal", "decided_on", "id"),
    named=("获奖登记", "award"),
)
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


@col.row("award_holder")
class HolderRow:
    """An organisation that held an award before the one it is on record for now."""

    award_id: Annotated[col.AwardId, col.PRIMARY]
    body_id: Annotated[col.BodyId, col.PRIMARY, col.INDEXED]
    until: Annotated[date, "last day on which it held it"]


@col.row("sanction", sa.Index("ix_sanction_list", "jurisdiction", "decided_on", "id"))
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


@col.row("archive", named=("归档", "archive"))
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


@col.row("archive_part")
class ArchivePartRow:
    """The files of one case in an archive; place 0 holds the manifest and the first page."""

    archive_id: Annotated[int, col.refer_to_column("archive.id"), col.PRIMARY]
    place: Annotated[col.Number, col.PRIMARY, "the case; 0: what stands at the top"]
    files: Annotated[col.Json, "path, sha256, size of each file, which lies in the store of files"]
    left_out: Annotated[col.Json, "path, sha256, why: what is not in it"] = field(default_factory=list)
    head: Annotated[col.Json, "number, title, seq and hash of the newest event"] = field(default_factory=dict)


@col.row("retention_rule", sa.Index("ix_retention_rule_place", "jurisdiction", "name", "id"))
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


@col.row("erasure", sa.Index("ix_erasure_place", "jurisdiction", "id"), named=("清除记录", "erasure"))
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


notice = col.TABLES[NoticeRow]
document = col.TABLES[DocumentRow]
award_record = col.TABLES[AwardRow]
award_holder = col.TABLES[HolderRow]
sanction = col.TABLES[SanctionRow]
archive = col.TABLES[ArchiveRow]
archive_part = col.TABLES[ArchivePartRow]
retention_rule = col.TABLES[RetentionRuleRow]
erasure = col.TABLES[ErasureRow]
