"""Rows of what happened, what went wrong, what was told, and under which version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.store.rows.json import Json


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
class ReceiptRow:
    """What an objector without account holds in hand."""

    case_id: int
    number: str
    code_hash: str
    notice_id: int | None
    issued_at: datetime
