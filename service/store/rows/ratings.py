"""What applicants say of how their case was handled (好差评), and what the office answers to a bad rating."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingRow:
    """A rating of a case that has ended, given once; a bad one is answered by ``reply_by``."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    jurisdiction: col.Chars60
    body_id: Annotated[col.BodyId, "the organisation that rates"]
    person_id: Annotated[col.PersonId, "who rated for it"]
    grade: Annotated[int, "1 very dissatisfied to 5 very satisfied"]
    words: str
    at: datetime
    reply_by: Annotated[date | None, "last day of the office's answer; empty: none is due"] = None
    reason: Annotated[col.OptionalJson, "zh, en, provisional: how that day was counted"] = None
    answer: Annotated[str | None, "what the office answered"] = None
    answered_at: datetime | None = None
    answered_by: col.PersonId | None = None


rating = col.table_of(
    RatingRow,
    "rating",
    sa.Index("ix_rating_listed", "jurisdiction", "at", "case_id"),
    col.partial_index(
        "ix_rating_waiting",
        "jurisdiction",
        "reply_by",
        "case_id",
        where="reply_by is not null and answered_at is null",
    ),
    comment="how applicants found the handling of their case, and what was answered",
)
