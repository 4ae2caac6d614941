"""Rows of bodies, people and their sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.store.rows.json import Json


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
