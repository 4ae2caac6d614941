"""Notes in the history of a case without advancing it, also about another case than that of the step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.desk import Desk
from service.casework.step.step import Step
from service.store import AuditEvent, Transaction
from service.store.models import TaskRow, WorkItemRow

RECEIVER = "receiver"
"""Key under which an event names the person who has a task from then on, None where its whole body has it."""
TASK_TITLE = "task_title"
"""Key under which the event of a task that is handed on or sent back says what it was called."""


def append_case_event(
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


def build_task_citation(task: TaskRow) -> dict[str, Any]:
    """Return what an act beside ``task`` notes of it: its number, and the clauses it carries out, if any."""
    return {"task": task.id, **({"clauses": list(task.clauses)} if task.clauses else {})}


WORK = "other_case"
"""Kind of the work item by which it is written: two cases are never locked at once for it."""
BECAUSE = "because"
"""Key under which such an entry names the case whose step wrote it."""


def tell_other_case(step: Step, case_id: int, action: str, text: str, data: Mapping[str, Any]) -> None:
    """Queue an entry for the history of another case; ``action`` and ``data`` are those of the entry in the step's own.

    It names this case by its number alone: what it is about is for who may open it, which the other's readers need not.
    """
    if case_id == step.case.id:
        return
    key = f"{WORK}:{step.case.id}:{step.case.version}:{len(step.pending.work)}:{case_id}"
    entry_text = f"{because_of(step.case.id)}：{text}"
    payload = {"action": action, "text": entry_text, "data": {**data, BECAUSE: step.case.id}}
    step.queue(WORK, key, payload, case_id=case_id)


def because_of(case_id: int) -> str:
    """Return how such an entry begins that case ``case_id`` wrote."""
    return f"因办件{case_id}"


def note_other_case(desk: Desk, item: WorkItemRow) -> None:
    """Write the entry, whether the case runs or has ended."""
    assert item.case_id is not None
    payload = item.payload
    with desk.store.write() as tx:
        append_case_event(
            desk, tx, item.case_id, SYSTEM, str(payload["action"]), str(payload["text"]), None, dict(payload["data"])
        )
        tx.work.finish(item, desk.clock.now())
