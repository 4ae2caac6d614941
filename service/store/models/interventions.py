"""Interventions over a selection of cases, and moves of cases to another version, each with what undoes it."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.domain.values.bounds import BATCH_STATES, OneOf
from service.store.models import columns as col


@col.row(
    "intervention_batch",
    sa.Index("ix_intervention_batch_person", "person_id", "id"),
    sa.Index("ix_intervention_batch_kind", "kind", "id"),
    named=("批次", "batch"),
)
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


@col.row("intervention_result", sa.Index("ix_intervention_result_state", "batch_id", "state"))
class InterventionResultRow:
    """What a batch came to in one case."""

    batch_id: Annotated[col.BatchId, col.PRIMARY]
    case_id: Annotated[col.CaseId, col.PRIMARY]
    state: Annotated[col.Chars12, "waiting, done, refused"] = "waiting"
    said: Annotated[col.Json, "zh, en: why it was refused; changes: what is otherwise"] = field(default_factory=dict)
    at: datetime | None = None


@col.row("move_batch", sa.Index("ix_move_batch_package", "package", "id"), named=("批量迁移", "batch of moves"))
class MoveBatchRow:
    """A move of all running cases of an award, or a look at what it would do to each of them (``dry``)."""

    id: col.Id = 0
    package: Annotated[col.Chars120, "jurisdiction/award"]
    target: col.VersionId
    renames: Annotated[col.Json, "process: {element before: element after}"] = field(default_factory=dict)
    choice: Annotated[col.Chars12, "of cases that reached what changed: stay, end, restart"] = "stay"
    reason: col.Chars300
    dry: bool
    person_id: col.PersonId
    begun_at: datetime
    total: Annotated[int, "cases under other versions when it began"] = 0
    state: Annotated[col.Chars12, OneOf(BATCH_STATES)] = "running"
    ended_at: datetime | None = None


@col.row("case_move", sa.Index("ix_case_move_batch", "batch_id", "verdict", "id"), named=("迁移记录", "move"))
class CaseMoveRow:
    """What became of one case, or would; ``before`` is its state until then, dropped once it was undone."""

    id: col.Id = 0
    mark: Annotated[col.Chars80, col.UNIQUE, "batch and case, so that a repeated chunk adds nothing"]
    batch_id: Annotated[int, col.refer_to_column("move_batch.id")] | None = None
    case_id: Annotated[col.CaseId, col.INDEXED]
    verdict: Annotated[col.Chars12, "moved, stayed, ended, restarted; moves, stays … of a look"]
    why: Annotated[col.Json, "reasons in both languages"] = field(default_factory=list)
    from_version: col.Chars64
    before: Annotated[col.PersonalBytes | None, col.LARGE] = None
    after: Annotated[col.Chars64, "hash of the state that it left; another one cannot be undone"] = ""
    details: Annotated[col.Json, "values, tasks and waits as they were"] = field(default_factory=dict)
    at: datetime
    undone_at: datetime | None = None


intervention_batch = col.TABLES[InterventionBatchRow]
intervention_result = col.TABLES[InterventionResultRow]
move_batch = col.TABLES[MoveBatchRow]
case_move = col.TABLES[CaseMoveRow]
