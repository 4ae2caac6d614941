"""Who stands in for whom, for a period."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyRow:
    """One role of a person that somebody else exercises for a period (委托代理)."""

    id: col.Id = 0
    person_id: Annotated[col.PersonId, "whose role it is"]
    deputy_id: Annotated[col.PersonId, "who stands in"]
    membership_id: Annotated[col.Number, "which role: row of membership"]
    since: datetime
    until: Annotated[datetime, "the instant after the last day"]
    reason: str
    made_at: Annotated[datetime, "the same for all roles lent in one act"]
    ended_at: Annotated[datetime | None, "when it was ended before its last day, or was found to be over"] = None
    ended_by: Annotated[col.Number | None, "who ended it: row of person; empty: the program"] = None


deputy = col.table_of(
    DeputyRow,
    "deputy",
    col.partial_index("ix_deputy_stands_in", "deputy_id", "until", where="ended_at is null"),
    col.partial_index("ix_deputy_membership", "membership_id", "until", where="ended_at is null"),
    col.partial_index("ix_deputy_lends", "person_id", "until", where="ended_at is null"),
    sa.Index("ix_deputy_person", "person_id", "id"),
    sa.Index("ix_deputy_deputy", "deputy_id", "id"),
    comment="who stands in for whom, for a period",
)
