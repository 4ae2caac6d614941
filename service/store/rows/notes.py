"""What people of offices write beside a case for each other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col

PASSED_ON = ("handed_on", "sent_back", "taken_back", "urged", "sign_asked")
"""Kinds of rows that are no notes to anybody: what somebody did with a task of theirs, or had others do, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNoteRow:
    """A note (批注), an instruction (批示), a copy for information (抄送) or an answer (回复); applicants never read one.

    Or that its author handed a task on, sent it back, took it back, urged it or asked others to sign beside it, for the
    own list of whoever did: `PASSED_ON`.
    """

    id: col.Id = 0
    case_id: col.CaseId
    task_id: Annotated[col.TaskId | None, "where it was written beside a task"] = None
    kind: Annotated[col.Chars12, "note, instruction, copy, answer"]
    person_id: Annotated[col.PersonId, "who wrote it"]
    to_id: Annotated[col.PersonId | None, "whom it is for; empty: whoever handles the case"] = None
    words: str
    at: datetime
    read_at: Annotated[datetime | None, "when whom it is for said that it was read"] = None
    removed_at: Annotated[datetime | None, "when its author took it back"] = None


case_note = col.table_of(
    CaseNoteRow,
    "case_note",
    sa.Index("ix_case_note_case", "case_id", "id"),
    sa.Index("ix_case_note_person", "person_id", "id"),
    col.partial_index("ix_case_note_to", "to_id", "id", where="removed_at is null"),
    col.partial_index("ix_case_note_unread", "to_id", "id", where="read_at is null and removed_at is null"),
    comment="what people of offices write beside a case for each other",
)
