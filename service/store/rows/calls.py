"""The call activities that cases stand in, and stood in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A case in a call activity: one row however many rounds of it run at once."""

    id: col.Id = 0
    case_id: col.CaseId
    jurisdiction: col.Chars60
    process_id: Annotated[col.Chars120, "diagram the call activity stands on"]
    element: Annotated[col.Chars120, "the call activity"]
    since: datetime
    left_at: Annotated[datetime | None, "empty: the case stands in it"] = None


call = col.table_of(
    CallRow,
    "case_call",
    sa.Index("ix_case_call_case", "case_id", "id"),
    col.partial_index("ix_case_call_at", "process_id", "element", "case_id", where="left_at is null"),
    col.partial_index(
        "ix_case_call_standing", "jurisdiction", "process_id", "element", "since", where="left_at is null"
    ),
    col.partial_index("ix_case_call_left", "jurisdiction", "process_id", "left_at", where="left_at is not null"),
    comment="call activities that cases stand in and stood in, for the monitor",
)
