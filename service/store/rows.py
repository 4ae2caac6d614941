"""Rows as frozen values; the names and the order are those of the columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case (办件) as it stands; ``state`` is the engine's own and opaque."""

    id: int
    version: int
    definition: str
    jurisdiction: str
    award: str
    process: str
    title: str
    number: str | None
    parent_id: int | None
    subject_id: int | None
    status: str
    outcome: str | None
    facts: Json
    parameters: Json
    state: bytes
    audit_seq: int
    audit_hash: str
    started_at: datetime
    started_by: int | None
    changed_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """What waits for a person."""

    id: int
    case_id: int
    engine_id: str
    entry: int
    process_id: str
    element: str
    call_path: Json
    kind: str
    title: str
    subject: str
    jurisdiction: str
    role: str
    body_id: int | None
    assignee_id: int | None
    form: str | None
    clauses: Json
    state: str
    due_at: datetime
    due_reason: Json
    note: Json
    opened_at: datetime | None
    created_at: datetime
    done_at: datetime | None
    done_by: int | None
    version: int
    personal: bool = False


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


@dataclass(frozen=True, slots=True)
class BodyRow:
    """An authority, committee or organisation."""

    id: int
    jurisdiction: str
    key: str
    kind: str
    name: str
    name_en: str | None
    details: Json
    active: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody who can sign in or receive mail."""

    id: int
    login: str
    name: str
    password: str | None
    email: str | None
    telephone: str | None
    language: str
    active: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """Who holds which role for which body; jurisdiction ``*`` holds everywhere."""

    id: int
    person_id: int
    body_id: int
    jurisdiction: str
    role: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A browser that signed in or not yet did."""

    id: str
    person_id: int | None
    csrf: str
    details: Json
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class DefinitionRow:
    """A published version of a process package."""

    version: str
    package: str
    base: str | None
    content: bytes
    current: bool
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True)
class WorkItemRow:
    """Something that waits for time or for the outside."""

    id: int
    kind: str
    case_id: int | None
    effect_key: str
    process_id: str | None
    element: str | None
    payload: Json
    due_at: datetime
    provisional: bool
    state: str
    attempts: int
    lease_until: datetime | None
    owner: str | None
    dispatched_at: datetime | None
    last_error: str | None
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class MailRow:
    """A message to a person, by mail, inbox or both."""

    id: int
    case_id: int | None
    person_id: int | None
    address: str | None
    subject: str
    text: str
    documents: Json
    effect_key: str
    queued_at: datetime
    sent_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class AuditRow:
    """What happened in a case; ``hash`` chains to ``previous``."""

    id: int
    case_id: int
    seq: int
    at: datetime
    actor: str
    person_id: int | None
    action: str
    element: str | None
    text: str
    data: Json
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """What went wrong, and what to do."""

    id: int
    jurisdiction: str
    case_id: int | None
    work_item_id: int | None
    engine_id: str | None
    element: str | None
    kind: str
    what: Json
    consequence: Json
    remedy: Json
    detail: str
    since: datetime
    count: int
    resolved_at: datetime | None
    resolved_by: int | None


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


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """What an objector without account holds in hand."""

    case_id: int
    number: str
    code_hash: str
    notice_id: int | None
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """A place in a case that waits for a message."""

    case_id: int
    engine_id: str
    process_id: str
    element: str
    message: str
    barrier: str | None


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message kept until somebody catches it."""

    id: int
    case_id: int
    message: str
    payload: Json
    effect_key: str
    arrived_at: datetime
    caught_at: datetime | None


@dataclass(frozen=True, slots=True)
class VisitRow:
    """An element that a case has passed."""

    id: int
    case_id: int
    process_id: str
    element: str
    at: datetime
