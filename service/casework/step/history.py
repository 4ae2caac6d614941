"""Append a note to a case's history without advancing the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.store import AuditEvent, Transaction
from service.store.models import TaskRow

RECEIVER = "receiver"
"""Key under which an event names the person who has a task from then on, None where its whole body has it."""


def note(
    desk: Desk,
    tx: Transaction,
    case_id: int,
    actor: Actor,
    action: str,
    text: str,
    element: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append one event to the case's chain, locking the case for it."""
    tx.history.record(
        case_id, [AuditEvent(desk.clock.now(), actor.name, action, text, actor.person_id, element, data or {})]
    )


def cited(task: TaskRow) -> dict[str, Any]:
    """Return what an act beside ``task`` notes of it: its number, and the clauses it carries out, if any."""
    return {"task": task.id, **({"clauses": list(task.clauses)} if task.clauses else {})}
