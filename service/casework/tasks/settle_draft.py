"""A draft that others wrote into the database: whoever it stands for takes it over knowingly, or drops it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_open, demand_task, demand_task_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.history import cited, note
from service.domain.errors import Conflict
from service.domain.text import Text


@guarded("task.draft")
def settle_draft(desk: Desk, actor: Actor, task_id: int, *, take_over: bool) -> None:
    """Take the person's draft over as it stands, or drop it; the history of the case says which.

    Raises:
        NotFound, NotAllowed: the task is not theirs.
        Conflict: it is over, or there is no draft of theirs that others wrote.
    """
    with desk.store.write() as tx:
        task = tx.tasks.lock(task_id)
        demand_task(actor, task)
        demand_task_case(actor, task, tx)
        demand_open(task)
        kept = tx.forms.draft(task_id, actor.person_id) if actor.person_id is not None else None
        if kept is None or tx.forms.is_own_draft(kept):
            raise Conflict(
                Text(
                    f"“{task.title}”没有不可信的草稿，不用处理。",
                    f"“{task.title}” has no draft that others wrote: there is nothing to settle.",
                )
            )
        if take_over:
            tx.forms.save_draft(task_id, kept.person_id, kept.data, desk.clock.now())
        else:
            tx.forms.drop_draft(task_id, kept.person_id)
        did = "核对后采用" if take_over else "丢弃"
        text = f"{actor.name}{did}“{task.title}”的不可信草稿（在系统之外被改动）"
        note(desk, tx, task.case_id, actor, "draft_settled", text, task.element, cited(task))
