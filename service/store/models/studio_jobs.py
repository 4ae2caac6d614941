"""Long work for drafts of packages, and what the newest play of each scenario of a draft came to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioJobRow:
    """A piece of long work for a draft; of those with one ``key`` the newest counts."""

    id: col.Id = 0
    draft_id: col.DraftId
    revision: Annotated[int, "the revision of the draft that it is about"]
    key: Annotated[col.Chars80, "what it is about"]
    asked: Annotated[col.Json, "what is needed to start it again"] = field(default_factory=dict)
    person_id: col.PersonId | None = None
    state: Annotated[col.Chars20, "open, done, failed, stopped"] = "open"
    done: Annotated[int, "parts; the next is a work item"] = 0
    total: int = 1
    doing: col.Json = field(default_factory=dict)
    trouble: Annotated[col.OptionalJson, "why it failed"] = None
    result: Annotated[bytes | None, "a file, where one came of it"] = None
    begun_at: datetime
    ended_at: datetime | None = None


studio_job = col.table_of(
    StudioJobRow,
    "studio_job",
    sa.Index("ix_studio_job_key", "draft_id", "key", "id"),
    col.partial_index("ix_studio_job_open", "person_id", where="ended_at IS NULL"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResultRow:
    """What the newest play of a scenario of a draft came to; ``version`` and ``hash`` are what was played."""

    id: col.Id = 0
    draft_id: col.DraftId
    path: col.Chars300
    revision: Annotated[int, "the revision of the draft that was played"]
    version: col.Chars64
    hash: Annotated[col.Chars64, "SHA-256 of the file"]
    passed: bool
    unmet: Annotated[col.Json, "in words, in every language"] = field(default_factory=list)
    content: Annotated[bytes, "compressed JSON"]
    at: datetime


scenario_result = col.table_of(
    ScenarioResultRow,
    "scenario_result",
    sa.UniqueConstraint("draft_id", "path"),
)
