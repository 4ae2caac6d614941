"""Rows of the register: submitted, found, posted, issued, awarded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.store.rows.json import Json


@dataclass(frozen=True, slots=True)
class FormResultRow:
    """A form as it was submitted."""

    id: int
    case_id: int
    task_id: int | None
    element: str
    form: str
    data: Json
    body_id: int | None
    person_id: int | None
    at: datetime
    taken_back_at: datetime | None


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What somebody typed and has not submitted."""

    task_id: int
    person_id: int
    data: Json
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class UploadRow:
    """A file somebody uploaded."""

    id: str
    case_id: int | None
    task_id: int | None
    field: str
    name: str
    kind: str
    size: int
    sha256: str
    secret: str | None
    person_id: int | None
    at: datetime
    removed_at: datetime | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """What was found on one ground of an eligibility table."""

    id: int
    case_id: int
    table: str
    ground: str
    result: str
    text: str
    clauses: Json
    decided_by: str
    supplied_by: str
    details: Json
    at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice (公示) as posted."""

    id: int
    jurisdiction: str
    case_id: int
    element: str
    kind: str
    audience: str
    title: str
    content: Json
    fingerprint: str
    clauses: Json
    posted_at: datetime
    posted_by: int | None
    first_day: date
    last_day: date
    ends_at: datetime
    period: Json
    state: str
    closed_at: datetime | None
    objections: int
    replaces_id: int | None
    correction: Json


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """An issued document."""

    id: int
    jurisdiction: str
    case_id: int
    template: str
    title: str
    number: str | None
    content: Json
    clauses: Json
    recipients: Json
    issued_at: datetime
    issued_by: int | None
    sha256: str | None
    size: int | None
    produced_at: datetime | None
    pdf_sha256: str | None = None
    pdf_size: int | None = None


@dataclass(frozen=True, slots=True)
class AwardRow:
    """An award on record."""

    id: int
    jurisdiction: str
    award: str
    tier: str
    body_id: int
    round: str
    decided_on: date
    number: str | None
    details: Json
    revoked_on: date | None


@dataclass(frozen=True, slots=True)
class HolderRow:
    """An organisation that holds an award besides the one it is on record for (``partner``), or held it (``former``)."""

    award_id: int
    body_id: int
    kind: str
    until: date | None


@dataclass(frozen=True, slots=True)
class SanctionRow:
    """A sanction on record."""

    id: int
    jurisdiction: str
    body_id: int
    ground: str
    effect: str
    decided_on: date
    from_day: date
    last_day: date | None
    clauses: Json
    details: Json
