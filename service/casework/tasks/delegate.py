"""Hand a task on (转办): to a colleague, or to another body where the diagram lets it, with a message to who gets it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import named_for, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.post import add_page_link, letter_rows, put
from service.casework.tasks.claim import assign_task, get_actor_task, require_shared
from service.casework.tasks.note_passed_on import HANDED_ON, note_passed_on
from service.casework.tasks.receivers import receivers_of, require_not_recused_receiver
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.bounds import Reason, RowId, Version
from service.store import RoleHolder, Transaction
from service.store.models import TaskRow


@guarded("task.delegate")
def delegate_task(desk: Desk, actor: Actor, task_id: int, version: Version, person_id: RowId, reason: Reason) -> None:
    """Hand the task to ``person_id`` with a reason, which that person reads in a message.

    Raises:
        NotAllowed: the task is not the actor's, is a vote, or is for one person alone.
        Invalid: no reason, or that person does not hold the role, or is recused.
        Conflict: done or changed meanwhile, or the case is suspended.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        task = get_actor_task(tx, actor, task_id, version)
        require_shared(task)
        actor = named_for(actor, task)
        if not reason.strip():
            raise Invalid(Text("请写明转办原因。", "Say why you hand it on."))
        case = tx.cases.get(task.case_id)
        require_running(case)
        package = desk.packages.get(case.definition, tx)
        receivers = (receiver for receiver in receivers_of(tx, package, task, now) if receiver.person_id == person_id)
        to = next(receivers, None)
        if to is None:
            raise Invalid(
                Text(
                    "对方没有办理此事项的角色，请从名单中选择可以接办的人员。",
                    "That person cannot be given this task: choose somebody from the list.",
                )
            )
        require_not_recused_receiver(tx, case, to.person_id, to.name, now)
        moves = task.body_id is not None and to.body_id != task.body_id
        whom = f"{to.body}的{to.name}" if moves else to.name
        details = {"delegated_by": actor.name, "reason": reason.strip()}
        entry_text = f"{actor.name}将“{task.title}”转办给{whom}：{reason.strip()}"
        assign_task(desk, tx, actor, task, to.person_id, entry_text, details, to.body_id if moves else None)
        if to.person_id != actor.person_id:
            note_passed_on(tx, actor, task, HANDED_ON, reason.strip(), now)
        _send_message(desk, tx, actor, task, to, reason.strip())


def _send_message(desk: Desk, tx: Transaction, actor: Actor, task: TaskRow, to: RoleHolder, reason: str) -> None:
    if to.person_id == actor.person_id:
        return
    now = desk.clock.now()
    zh = f"{actor.name}将“{task.title}”（{task.subject}）转办给您办理。原因：{reason}。请在“待办”中打开办理，原定期限不变。"
    en = f"{actor.name} has handed “{task.title}” ({task.subject}) to you: {reason}. Open it in your tasks; its limit stays."
    rows = letter_rows(
        [tx.people.get(to.person_id), *tx.deputies.standing_in(to.person_id, task.jurisdiction, task.role, now)],
        task.case_id,
        f"delegate:{task.id}:{task.version}",
        Text(f"转办：{task.title}", f"Handed to you: {task.title}"),
        add_page_link(Text(zh, en), f"/tasks/{task.id}"),
        now,
    )
    tx.work.enqueue_many(put(desk, tx, rows, now), now)
