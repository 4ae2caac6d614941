"""Organisations that ask for an account by themselves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRow:
    """A request for an account: verified by an authority or the office, then taken or refused."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    body_id: Annotated[col.BodyId, "who is to verify it"]
    name: Annotated[col.Chars200, "of the organisation"]
    code: Annotated[col.Chars20, "unified social credit code"]
    contact: Annotated[col.Personal80, "who asks; empty once erased"]
    telephone: col.Personal40
    email: col.Personal200
    at: datetime
    state: Annotated[col.Chars12, "waiting, taken, refused, lapsed"] = "waiting"
    decided_at: datetime | None = None
    decided_by: Annotated[col.Number | None, "row of person"] = None
    reason: Annotated[str, "why it was refused"] = ""
    person_id: Annotated[col.Number | None, "the account that was opened"] = None
    link: Annotated[col.Chars64 | None, "hash of the link that sets the first password; empty once used"] = None
    link_until: datetime | None = None
    answers: Annotated[
        col.PersonalText,
        {"server_default": ""},
        "answers of a self-check that who asks takes along; empty once the password is set, refused or erased",
    ] = ""
    erased_at: Annotated[datetime | None, "when contact, telephone and e-mail were erased"] = None


registration = col.table_of(
    RegistrationRow,
    "registration",
    sa.Index("ix_registration_place", "jurisdiction", "state", "id"),
    sa.Index("ix_registration_body", "body_id", "state", "id"),
    sa.Index("ix_registration_code", "code", "id"),
    col.partial_index("ix_registration_link", "link", where="link is not null", unique=True),
    comment="organisations that ask for an account by themselves",
)
