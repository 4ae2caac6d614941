"""Interventions over a selection of cases: what is asked, and what came of it in each case."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionBatchRow:
    """One intervention asked for in several cases; ``dry`` where it is only tried, and then ``tried_id`` is who did it."""

    id: col.Id = 0
    kind: col.Chars40
    given: Annotated[col.Json, "what this kind asks for"] = field(default_factory=dict)
    reason: str
    dry: bool
    tried_id: Annotated[int | None, "the batch that tried the same before"] = None
    public: Annotated[bool, {"server_default": sa.false()}, "those concerned read the reason too"] = False
    excluded: Annotated[col.OptionalJson, "cases that were selected and left out by name"] = None
    person_id: col.PersonId
    at: datetime


intervention_batch = col.table_of(
    InterventionBatchRow,
    "intervention_batch",
    sa.Index("ix_intervention_batch_person", "person_id", "id"),
    sa.Index("ix_intervention_batch_kind", "kind", "id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionResultRow:
    """What a batch came to in one case."""

    batch_id: Annotated[col.BatchId, col.PRIMARY]
    case_id: Annotated[col.CaseId, col.PRIMARY]
    state: Annotated[col.Chars12, "waiting, done, refused"] = "waiting"
    said: Annotated[col.Json, "zh, en: why it was refused; changes: what is otherwise"] = field(default_factory=dict)
    at: datetime | None = None


intervention_result = col.table_of(
    InterventionResultRow,
    "intervention_result",
    sa.Index("ix_intervention_result_state", "batch_id", "state"),
    comment="one row per case of a batch",
)
