"""Sittings of committees (会议) and who is called to them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingRow:
    """A sitting about a case; nothing of the procedure follows from it."""

    id: col.Id = 0
    version: Annotated[int, "counts its changes"] = 1
    jurisdiction: col.Chars60
    case_id: Annotated[col.CaseId, col.INDEXED]
    role: Annotated[col.Chars60, "whose holders are called"]
    title: col.Chars300
    room: col.Chars200
    starts_at: datetime
    agenda: Annotated[col.Json, "its points in order, as texts"] = field(default_factory=list)
    papers: Annotated[col.Json, "numbers of the documents laid before it, in order"] = field(default_factory=list)
    words: Annotated[str, "what was said and decided, for the minutes"] = ""
    state: Annotated[col.Chars12, "called, closed, cancelled"] = "called"
    made_at: datetime
    made_by: col.PersonId
    closed_at: datetime | None = None


sitting = col.table_of(
    SittingRow,
    "sitting",
    col.partial_index("ix_sitting_called", "jurisdiction", "starts_at", where="state = 'called'"),
    comment="sittings of committees about a case",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingMemberRow:
    """Somebody who is called to a sitting, and whether they came."""

    sitting_id: Annotated[int, col.refers("sitting.id"), col.PRIMARY]
    person_id: Annotated[col.PersonId, col.PRIMARY, col.INDEXED]
    name: col.Chars200
    body: col.Chars200
    state: Annotated[col.Chars12, "called, present, excused"] = "called"
    at: Annotated[datetime | None, "when that was said"] = None
    by_office: Annotated[bool, "the office noted it"] = False


sitting_member = col.table_of(SittingMemberRow, "sitting_member", comment="who is called to a sitting, and who came")
