"""The register of experts (专家库), their interests in organisations, and recusals."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertRow:
    """A person on the register of experts; days are statutory dates, ``status`` invited, declined, active, suspended or disqualified."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    person_id: col.PersonId
    employer: col.Chars200
    employer_id: Annotated[col.BodyId | None, col.INDEXED, "where the employer is known as a body"] = None
    education: Annotated[col.Chars20, "doctor, master, bachelor, college, other"]
    practising_since: Annotated[date, "years of experience run from here"]
    sectors: col.Json = field(default_factory=list)
    qualifications: Annotated[col.Json, "titles and certificates"] = field(default_factory=list)
    term_from: date
    term_until: Annotated[date | None, "last day; empty: without end"] = None
    status: Annotated[col.Chars14, "active, suspended, disqualified"] = "active"
    status_reason: str = ""
    status_on: date | None = None
    status_until: Annotated[date | None, "last day of a suspension or disqualification; empty: without end"] = None
    version: int = 1
    created_at: datetime
    changed_at: datetime
    place: Annotated[
        col.Chars100, {"server_default": ""}, "where they work, as the office writes it; empty: not known"
    ] = ""


expert = col.table_of(
    ExpertRow,
    "expert",
    sa.UniqueConstraint("jurisdiction", "person_id"),
    sa.Index("ix_expert_person_id", "person_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """A training an expert took part in."""

    id: col.Id = 0
    expert_id: Annotated[col.ExpertId, col.INDEXED]
    title: col.Chars200
    held_on: date
    hours: int | None = None
    valid_until: Annotated[date | None, "last day; empty: as the city says"] = None


training = col.table_of(TrainingRow, "training")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertChangeRow:
    """A line of the register's history."""

    id: col.Id = 0
    expert_id: Annotated[col.ExpertId, col.INDEXED]
    at: datetime
    actor: col.Chars200
    person_id: col.PersonId | None = None
    action: col.Chars40
    text: str
    data: col.Json = field(default_factory=dict)


expert_change = col.table_of(
    ExpertChangeRow,
    "expert_change",
    comment="what was changed in the register of experts, by whom and why; never changed",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestRow:
    """What ties a person to an organisation; ``source`` is record, declared or challenged."""

    id: col.Id = 0
    person_id: Annotated[col.PersonId, col.INDEXED]
    body_id: Annotated[col.BodyId, col.INDEXED]
    kind: Annotated[col.Chars20, "employment, shareholding, kinship, paid_work, other"]
    from_day: date | None = None
    last_day: Annotated[date | None, "empty: still so"] = None
    source: Annotated[col.Chars12, "record, declared, challenged"]
    text: str = ""
    case_id: Annotated[col.CaseId | None, "where it was declared"] = None
    noted_at: datetime


interest = col.table_of(InterestRow, "interest")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecusalRow:
    """A person kept away from everything about an organisation, until lifted."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    person_id: col.PersonId
    body_id: Annotated[col.BodyId, "organisation the person keeps away from"]
    case_id: Annotated[col.CaseId, col.INDEXED, "where it was decided"]
    reason: str
    source: Annotated[col.Chars12, "record, declared, challenged"]
    clauses: col.Json = field(default_factory=list)
    decided_by: col.PersonId | None = None
    decided_at: datetime
    lifted_at: datetime | None = None
    lifted_reason: str | None = None


recusal = col.table_of(
    RecusalRow,
    "recusal",
    sa.Index("ix_recusal_person", "person_id", "id"),
    col.partial_index(
        "ix_recusal_live", "jurisdiction", "person_id", "body_id", where="lifted_at is null", unique=True
    ),
    sa.Index("ix_recusal_of_body", "body_id"),
    col.partial_index("ix_recusal_body", "body_id", where="lifted_at is null"),
)
