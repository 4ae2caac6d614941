"""Changes of people's rights that take two administrators, and the links by which administrators' accounts begin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsRequestRow:
    """What one administrator asks for and another, of another office, confirms or refuses."""

    id: col.Id = 0
    kind: Annotated[col.Chars12, "give, take, password, open, close"]
    person_id: Annotated[col.PersonId, "whose rights change"]
    place: Annotated[col.Chars60, "where it is decided; * for the installation"]
    jurisdiction: Annotated[col.Chars60, "of the role"] = ""
    role: col.Chars60 = ""
    body_id: Annotated[col.Number | None, "of the role: row of body"] = None
    membership_id: Annotated[col.Number | None, "the role to be taken: row of membership"] = None
    secret: Annotated[str | None, "hash of the password to be set; empty once decided"] = None
    reason: str = ""
    asked_by: Annotated[col.Number, "row of person"]
    asked_role: Annotated[col.Chars60, "the office of who asks"]
    asked_at: datetime
    until: Annotated[datetime, "after it nothing is decided any more"]
    state: Annotated[col.Chars12, "waiting, confirmed, refused, withdrawn"] = "waiting"
    decided_by: Annotated[col.Number | None, "row of person"] = None
    decided_role: col.Chars60 = ""
    decided_at: datetime | None = None
    answer: Annotated[str, "why it was refused"] = ""


rights_request = col.table_of(
    RightsRequestRow,
    "rights_request",
    sa.Index("ix_rights_request_place", "place", "id"),
    sa.Index("ix_rights_request_person", "person_id", "id"),
    col.partial_index("ix_rights_request_waiting", "place", "id", where="state = 'waiting'"),
    col.partial_index("ix_rights_request_until", "until", where="state = 'waiting'"),
    comment="changes of rights that take two administrators",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeLinkRow:
    """A link that opens the account of one of the three administrators, once."""

    id: col.Id = 0
    role: Annotated[col.Chars60, "the office"]
    token: Annotated[col.Chars64, "hash of what stands in the link"]
    made_at: datetime
    until: datetime
    used_at: datetime | None = None
    person_id: Annotated[col.Number | None, "the account that it opened"] = None


office_link = col.table_of(
    OfficeLinkRow,
    "office_link",
    sa.Index("ix_office_link_role", "role", "id"),
    sa.Index("uq_office_link_token", "token", unique=True),
    comment="links that open the accounts of the three administrators",
)
