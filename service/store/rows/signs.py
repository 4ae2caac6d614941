"""Signatures beside a task (加签, 会签): who was asked, by whom, and what they said. Never tokens of the engine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAskRow:
    """Signatures asked for beside a task, before it is submitted or after."""

    id: col.Id = 0
    case_id: col.CaseId
    task_id: col.TaskId
    kind: Annotated[col.Chars12, "before, after: when they sign"]
    mode: Annotated[col.Chars12, "all, share, first: who decides"]
    needed: Annotated[int, "how many must agree"]
    person_id: Annotated[col.PersonId, "who asked"]
    words: Annotated[str, "what is asked"]
    at: datetime
    state: Annotated[col.Chars12, "open, agreed, refused, withdrawn, passed: submitted without them"] = "open"
    ended_at: datetime | None = None
    data: Annotated[col.OptionalJson, "what was submitted and goes through when they have signed"] = None
    sent_by: Annotated[col.PersonId | None, "who submitted that"] = None
    sent_at: datetime | None = None


sign_ask = col.table_of(
    SignAskRow,
    "sign_ask",
    sa.Index("ix_sign_ask_task", "task_id", "id"),
    comment="signatures asked for beside tasks",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignRow:
    """One who is asked to sign."""

    id: col.Id = 0
    ask_id: Annotated[int, col.refers("sign_ask.id")]
    case_id: col.CaseId
    person_id: Annotated[col.PersonId, "who signs"]
    state: Annotated[col.Chars12, "waiting: not told yet; open, agree, disagree; dropped: needed no more"] = "open"
    words: Annotated[str, "what they wrote"] = ""
    at: Annotated[datetime | None, "when they said it"] = None


task_sign = col.table_of(
    SignRow,
    "task_sign",
    sa.Index("ix_task_sign_ask", "ask_id", "id"),
    sa.Index("ix_task_sign_person", "person_id", "id"),
    col.partial_index("ix_task_sign_open", "person_id", "id", where="state = 'open'"),
    comment="who is asked to sign beside a task",
)
