"""Send a task back to the previous step with a reason, or take back what was just submitted."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_open, demand_running, demand_task, demand_task_case, named_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.cause import Cause, Returned
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store.rows import TaskRow


@guarded("task.send_back")
def send_back(desk: Desk, actor: Actor, task_id: int, version: int | None, reason: str) -> None:
    """Return the case to the person before, with a reason they will see.

    Raises:
        Invalid: no reason given.
        Conflict: no user task directly before, or the diagram forbids it there.
    """
    if not reason.strip():
        raise Invalid(Text("请写明退回原因，对方据此修改。", "Say why: the other side works from it."))
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        demand_task(actor, task)
        demand_task_case(actor, task, tx)
        demand_open(task, version)
        actor = named_for(actor, task)
        step = open_step(desk, tx, task.case_id, actor)
        demand_running(step.case)
        before = returnable_to(step, task)
        if before is None:
            raise Conflict(
                Text(
                    f"“{task.title}”之前没有可以退回的办理环节。需要补正的，请在表单中选择“补正”。",
                    f"There is no step directly before “{task.title}” to send back to; where a correction is needed, choose it in the form.",
                )
            )
        note = {"sent_back_by": actor.name, "reason": reason.strip(), "at": step.now.isoformat()}
        step.instance.rewind(before)
        step.audit("sent_back", f"{actor.name}退回“{task.title}”：{reason.strip()}", task.element, {"task": task.id})
        save_step(step, Cause(returned=Returned(before, note)))


@guarded("task.take_back")
def take_back(desk: Desk, actor: Actor, task_id: int) -> int:
    """Take back what the person submitted in ``task_id``, while the resulting tasks are unopened.

    Returns the id of the task that is open again; raises NotAllowed, Conflict.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        if task.done_by != actor.person_id:
            raise NotAllowed(Text("只能取回本人提交的内容。", "Only your own submission can be taken back."))
        actor = named_for(actor, task)
        step = open_step(desk, tx, task.case_id, actor)
        demand_running(step.case)
        if not may_take_back(step, task):
            raise Conflict(
                Text(
                    f"“{task.title}”提交后对方已经打开或流程已经前进，不能取回。需要修改的，请联系对方退回。",
                    f"What followed “{task.title}” was opened or has moved on: ask the other side to send it back.",
                )
            )
        tx.forms.mark_taken_back(task.id, step.now)
        tx.panels.replace_sheet(task.id, "taken_back", "本人取回")
        step.instance.rewind(task.engine_id)
        step.audit("taken_back", f"{actor.name}取回“{task.title}”", task.element, {"task": task.id})
        save_step(step, Cause(returned=Returned(task.engine_id, {"taken_back": True}, actor.person_id)))
        return step.projection.tasks[task.engine_id]


def returnable_to(step: Step, task: TaskRow) -> str | None:
    """Return the engine id of the step before ``task`` to which it may be sent back, or None."""
    if step.element(task.process_id, task.element).properties.get("send_back") == "no":
        return None
    return step.instance.previous_person_task(task.engine_id)


def may_take_back(step: Step, task: TaskRow) -> bool:
    """Return whether the submission of the done ``task`` may still be taken back."""
    if task.state != "done" or step.element(task.process_id, task.element).properties.get("take_back") == "no":
        return False
    after = [
        t
        for t in step.tx.tasks.open_of_case(step.case.id)
        if step.instance.previous_person_task(t.engine_id) == task.engine_id
    ]
    return bool(after) and all(t.opened_at is None for t in after)
