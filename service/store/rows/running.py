"""Rows of running cases and what they wait for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.store.rows.json import Json


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
