"""Rows of ballots as frozen values; the names and the order are those of the columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A ballot (表决) as it stands; ``urn`` is opaque."""

    id: int
    case_id: int
    jurisdiction: str
    box: str
    previous_id: int | None
    process_id: str
    element: str
    title: str
    clauses: Json
    role: str
    units: bool
    teller_role: str
    rules: Json
    candidates: Json
    agenda: Json
    after: Json
    state: str
    opened_at: datetime
    closes_at: datetime | None
    issued: int
    cast: int
    urn: bytes | None
    key_name: str | None
    old_key: str | None
    public_key: str
    sheet: bytes | None
    sheet_by: int | None


@dataclass(frozen=True, slots=True)
class RollRow:
    """A member on the roll; ``state`` is 0 not voted, 1 voted on screen, 2 voted in the hall."""

    ballot_id: int
    number: int
    person_id: int | None
    body_id: int | None
    name: str
    weight: int
    state: int
    task_id: int | None
    open_paper: Json


@dataclass(frozen=True, slots=True)
class RecusalRow:
    """What a member takes no part in, and why."""

    ballot_id: int
    number: int
    candidate: str
    reason: str
    declared: bool


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What was counted."""

    ballot_id: int
    outcome: Json
    record: Json
    fingerprint: str
    counted_at: datetime
