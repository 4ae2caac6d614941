"""What somebody typed for a task that another was faster with is kept for them, and they are told who was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import BALLOT, is_recused, named_for, seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.tasks.overtaken import what_became
from service.domain.text import Text


@guarded("task.draft")
def keep_unsent(desk: Desk, actor: Actor, task_id: int, typed: Mapping[str, Any]) -> Text | None:
    """Keep ``typed`` as the person's draft of a task that is over or claimed by another.

    Returns what became of the task and of what they typed; None where nothing of theirs was overtaken.
    """
    with desk.store.write() as tx:
        task = tx.tasks.lock(task_id)
        if actor.person_id is None or task.form is None or task.personal or task.kind == BALLOT:
            return None
        if seat_for(actor, task) is None or task.done_by == actor.person_id:
            return None
        if actor.recused and is_recused(named_for(actor, task), tx.cases.get(task.case_id)):
            return None
        became = what_became(tx, actor, task)
        if became is None:
            return None
        tx.forms.save_draft(task_id, actor.person_id, dict(typed), desk.clock.now())
    return Text(
        f"{became.zh}您填写的内容没有提交，已为您单独保留：打开“{task.title}”可以查看、复制。",
        f"{became.en} What you typed was not submitted; it is kept for you: open “{task.title}” to read and copy it.",
    )
