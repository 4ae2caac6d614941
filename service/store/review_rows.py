"""Rows of expert review as frozen values; the names and the order are those of the columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""


@dataclass(frozen=True, slots=True)
class ExpertRow:
    """Somebody on the register of experts; days are statutory dates, ``status`` active, suspended or disqualified."""

    id: int
    jurisdiction: str
    person_id: int
    employer: str
    employer_id: int | None
    education: str
    practising_since: date
    sectors: Json
    qualifications: Json
    term_from: date
    term_until: date | None
    status: str
    status_reason: str
    status_on: date | None
    status_until: date | None
    version: int
    created_at: datetime
    changed_at: datetime
    place: str


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A training an expert took part in."""

    id: int
    expert_id: int
    title: str
    held_on: date
    hours: int | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ExpertChangeRow:
    """A line of the register's history."""

    id: int
    expert_id: int
    at: datetime
    actor: str
    person_id: int | None
    action: str
    text: str
    data: Json


@dataclass(frozen=True, slots=True)
class InterestRow:
    """What ties a person to an organisation; ``source`` is record, declared or challenged."""

    id: int
    person_id: int
    body_id: int
    kind: str
    from_day: date | None
    last_day: date | None
    source: str
    text: str
    case_id: int | None
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """Somebody kept away from everything about an organisation, until lifted."""

    id: int
    jurisdiction: str
    person_id: int
    body_id: int
    case_id: int
    reason: str
    source: str
    clauses: Json
    decided_by: int | None
    decided_at: datetime
    lifted_at: datetime | None
    lifted_reason: str | None


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A draw with everything needed to repeat it."""

    id: int
    jurisdiction: str
    case_id: int
    stage: str
    number: int
    method: str
    seed: str
    seed_source: Json
    pool: Json
    rules: Json
    result: Json
    reason: str
    fingerprint: str
    drawn_at: datetime
    drawn_by: int | None


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A panel (评审组) of one stage; ``draw_id`` is the draw of the group that shares it, None: drawn for this case."""

    id: int
    jurisdiction: str
    case_id: int
    stage: str
    state: str
    leader_id: int | None
    settings: Json
    formed_at: datetime
    draw_id: int | None


@dataclass(frozen=True, slots=True)
class PanelMemberRow:
    """A member of a panel, those who left too."""

    panel_id: int
    person_id: int
    expert_id: int | None
    draw_id: int
    state: str
    reason: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PanelCaseRow:
    """An application that a panel reviews."""

    panel_id: int
    case_id: int
    body_id: int


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A score sheet as submitted; ``points`` is an exact fraction as text."""

    id: int
    case_id: int
    stage: str
    person_id: int
    task_id: int | None
    kind: str
    edition: str
    scores: Json
    points: str
    state: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StageScoreRow:
    """What an application has in a stage."""

    case_id: int
    stage: str
    points: str
    how: str
    details: Json
    at: datetime


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """A defence or a visit."""

    id: int
    jurisdiction: str
    case_id: int
    panel_id: int | None
    stage: str
    body_id: int
    room: str
    starts_at: datetime
    ends_at: datetime
    people: Json
    state: str
    note: str
    version: int
    made_at: datetime
    made_by: int | None
