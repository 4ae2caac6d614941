"""Lists submitted to a government: whom they name, who is held back and why, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.reading.case_loading import open_read_only
from service.casework.tasks.complete import RETURN
from service.casework.tasks.prefill import opening_of
from service.store.models import TaskRow

MOST = 20
"""So many of the newest tasks of a government are looked at; the list of what was done has the others."""


@dataclass(frozen=True, slots=True)
class SubmittedList:
    """A list that is to be decided, or was: ``rows`` and ``held`` as its form has them.

    ``answer`` is the number of the decision, None as long as it is to be made; ``limit`` its last day. Of one that is
    ``returned`` nobody on it was decided.
    """

    task_id: int
    case_id: int
    title: str
    subject: str
    submitted_at: datetime
    rows: Sequence[Mapping[str, Any]]
    held: Sequence[Mapping[str, Any]]
    limit: TimeLimit
    decided_at: datetime | None
    answer: int | None
    returned: bool


@guarded("task.list")
def list_submitted(desk: Desk, actor: Actor) -> tuple[SubmittedList, ...]:
    """Return the lists submitted to the governments of the reader, those to be decided first, then the newest."""
    seats = [seat for seat in actor.seats if seat.body_kind == "government"]
    places, roles = sorted({seat.jurisdiction for seat in seats}), sorted({seat.role for seat in seats})
    with desk.store.read() as tx:
        tasks = tx.tasks.select("-id", limit=MOST, jurisdiction=places, role=roles, state=["open", "done"])
        answers = tx.forms.for_tasks([task.id for task in tasks])
        lists = []
        for task in sorted(tasks, key=_is_decided):
            step = open_read_only(desk, tx, tx.cases.get(task.case_id), actor)
            answer = answers.get(task.id)
            if is_recused(actor, step.case) or (_is_decided(task) and answer is None):
                continue
            values = opening_of(step, task).values if answer is None else tx.forms.get(answer).data
            if "rows" not in values:
                continue
            state = "done" if _is_decided(task) else state_in(step.case.status)
            calendar = desk.calendar(step.package.jurisdiction.calendar)
            limit = time_limit(calendar, task.due_at, task.due_reason, step.now, state)
            returned = answer is not None and values.get("decision") == RETURN
            rows, held = values["rows"], values.get("held") or ()
            texts = (task.id, task.case_id, task.title, task.subject, task.created_at)
            lists.append(SubmittedList(*texts, rows, held, limit, task.done_at, answer, returned))
    return tuple(lists)


def _is_decided(task: TaskRow) -> bool:
    return task.state == "done"
