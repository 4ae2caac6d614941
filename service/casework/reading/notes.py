"""What offices noted beside a case, for those of them who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.secrets import may_read_notes, works_inside
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseNoteRow, CaseRow

NOTE, INSTRUCTION, COPY, ANSWER = "note", "instruction", "copy", "answer"
KINDS = {
    NOTE: Text("批注", "Note"),
    INSTRUCTION: Text("批示", "Instruction"),
    COPY: Text("抄送", "Copy"),
    ANSWER: Text("回复", "Answer"),
}


def written(who: str, kind: str, whom: str = "") -> str:
    """Return what the history says of a note: who wrote to whom, never what."""
    return f"{who}{KINDS[kind].zh}{whom}（内部，内容不入记录）"


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note; ``own`` is the reader's, ``mine`` for the reader and not read yet; ``whom`` "" where it is for all.

    ``answer_to`` is its author where it is for the reader, who may answer; None otherwise.
    """

    id: int
    case_id: int
    kind: Text
    who: str
    whom: str
    words: str
    at: datetime
    read_at: datetime | None
    own: bool
    mine: bool
    answer_to: int | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of a case, newest first; only who may read them gets this at all."""

    case_id: int
    notes: tuple[NoteView, ...]


def notes_of(tx: Transaction, actor: Actor, case: CaseRow) -> Notes | None:
    """Return the notes of ``case``, None for who may not read them."""
    if not works_inside(actor, case) or not may_read_notes(actor, case, tx):
        return None
    return Notes(
        case.id,
        build_note_views(tx, actor, tx.case_notes.list_of_case(case.id)),
    )


def build_note_views(tx: Transaction, actor: Actor, rows: Sequence[CaseNoteRow]) -> tuple[NoteView, ...]:
    """Return notes with the names of who wrote them and whom they are for."""
    names = tx.people.named({i for row in rows for i in (row.person_id, row.to_id) if i is not None})
    return tuple(
        NoteView(
            row.id,
            row.case_id,
            KINDS[row.kind],
            names.get(row.person_id, ""),
            names.get(row.to_id, "") if row.to_id is not None else "",
            row.words,
            row.at,
            row.read_at,
            row.person_id == actor.person_id,
            row.to_id is not None and row.to_id == actor.person_id and row.read_at is None,
            row.person_id if row.to_id is not None and row.to_id == actor.person_id else None,
        )
        for row in rows
    )
