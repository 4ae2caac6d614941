"""Bodies, people, who belongs where, and their sessions."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """An authority, committee or organisation."""

    id: col.Id = 0
    jurisdiction: Annotated[col.Chars60, "* for organisations, which belong to none"]
    key: Annotated[col.Chars80, "id in jurisdiction.yaml; unified social credit code of an organisation"]
    kind: col.Chars20
    name: col.Chars200
    name_en: col.Chars300 | None = None
    details: Annotated[col.PersonalJson, "address, area, telephone, former names …"] = field(default_factory=dict)
    active: bool = True
    registered_in: Annotated[col.Chars60 | None, "of an organisation: where its account was asked for first"] = None


body = col.table_of(
    BodyRow,
    "body",
    sa.UniqueConstraint("jurisdiction", "key"),
    sa.Index("ix_body_name", "name", "id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRoleRow:
    """A role that jurisdiction.yaml gives to a body."""

    jurisdiction: Annotated[col.Chars60, col.PRIMARY]
    role: Annotated[col.Chars60, col.PRIMARY]
    body_id: Annotated[col.BodyId, col.PRIMARY, col.INDEXED]


body_role = col.table_of(
    BodyRoleRow,
    "body_role",
    comment="roles that jurisdiction.yaml gives to a body",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person who can sign in or receive mail."""

    id: col.Id = 0
    login: Annotated[col.Chars80, col.UNIQUE]
    name: col.Chars80
    password: Annotated[col.Chars200 | None, "argon2 hash; empty: cannot sign in"] = None
    email: col.Personal200 | None = None
    telephone: col.Personal40 | None = None
    language: col.Chars2 = "zh"
    active: bool = True
    created_at: datetime
    password_given_at: Annotated[datetime | None, "when somebody else set the password last"] = None
    password_given_by: Annotated[col.Number | None, "who did: row of person"] = None
    password_owned_at: Annotated[datetime | None, "when its owner changed it after that"] = None
    password_set_at: Annotated[datetime | None, "when its owner set it last; empty: when the account was opened"] = None


person = col.table_of(PersonRow, "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class MembershipRow:
    """Who holds which role for which body; jurisdiction ``*`` holds everywhere."""

    id: col.Id = 0
    person_id: col.PersonId
    body_id: col.BodyId
    jurisdiction: Annotated[col.Chars60, "* where it holds everywhere"]
    role: col.Chars60
    since: datetime
    until: datetime | None = None


membership = col.table_of(
    MembershipRow,
    "membership",
    sa.UniqueConstraint("person_id", "body_id", "jurisdiction", "role"),
    sa.Index("ix_membership_body", "body_id"),
    sa.Index("ix_membership_role", "role", "body_id", "jurisdiction"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A signed-in browser."""

    id: Annotated[col.Chars64, col.PRIMARY, "hash of the cookie's token"]
    person_id: Annotated[col.PersonId | None, col.INDEXED] = None
    csrf: col.Chars64
    details: Annotated[col.Json, "chosen membership, language, messages to show once"] = field(default_factory=dict)
    created_at: datetime
    seen_at: datetime
    expires_at: Annotated[datetime, col.INDEXED]


session = col.table_of(SessionRow, "session")


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongPasswordRow:
    """How many wrong passwords were entered in a row for a login name, or from an address."""

    mark: Annotated[col.Chars64, col.PRIMARY, "keyed hash of the name or address"]
    count: int
    last_at: datetime
    forget_at: Annotated[datetime, col.INDEXED]


wrong_password = col.table_of(WrongPasswordRow, "wrong_password")
