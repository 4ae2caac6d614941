"""Keep for somebody's own list that they handed a task on, sent it back, took it back, urged it or asked others to sign."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import Actor
from service.store import Transaction
from service.store.models import CaseNoteRow, TaskRow

HANDED_ON, SENT_BACK, TAKEN_BACK, URGED, SIGN_REQUESTED = "handed_on", "sent_back", "taken_back", "urged", "sign_asked"


def note_passed_on(tx: Transaction, actor: Actor, task: TaskRow, kind: str, reason: str, now: datetime) -> None:
    """Note what ``actor`` did with ``task``, and why; nothing follows from it, and nobody else reads it."""
    if actor.person_id is None:
        return
    row = CaseNoteRow(case_id=task.case_id, task_id=task.id, kind=kind, person_id=actor.person_id, words=reason, at=now)
    tx.case_notes.insert(row)
