"""Hand a task on (转办) to a colleague or, where the diagram lets it, another body; take it back until it is begun."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import Actor
from service.casework.access.case_access import NotPossibleNow, named_for, require_running, require_task
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.post import add_page_link, letter_rows, put
from service.casework.tasks.claim import assign_task, get_actor_task, require_shared
from service.casework.tasks.note_passed_on import HANDED_ON, TAKEN_BACK, note_passed_on
from service.casework.tasks.receivers import receivers_of, require_not_recused_receiver
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.bounds import Reason, RowId, Version
from service.store import Transaction
from service.store.models import TaskRow


@guarded("task.delegate")
def delegate_task(desk: Desk, actor: Actor, task_id: int, version: Version, person_id: RowId, reason: Reason) -> None:
    """Hand the task to ``person_id`` with a reason, which that person reads in a message.

    Who that may be GET /tasks/{task_id}/delegates lists.

    Raises:
        NotAllowed: the task is not the actor's, is a vote, or is for one person alone.
        Invalid: no reason, or that person does not hold the role, or is recused.
        TaskOver, TaskClaimed, TaskChanged, CaseSuspended: done or changed meanwhile, or the case is suspended.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        task, case = get_actor_task(tx, actor, task_id, version)
        require_shared(task)
        actor = named_for(actor, task)
        if not reason.strip():
            raise Invalid(Text("请写明转办原因。", "Say why you hand it on."))
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
        before = {"by": actor.person_id, "person": task.assignee_id, "body": task.body_id, "version": task.version + 1}
        details = {"delegated_by": actor.name, "reason": reason.strip(), HANDED_ON: before}
        entry_text = f"{actor.name}将“{task.title}”转办给{whom}：{reason.strip()}"
        assign_task(desk, tx, actor, task, to.person_id, entry_text, details, to.body_id if moves else None)
        if to.person_id != actor.person_id:
            note_passed_on(tx, actor, task, HANDED_ON, reason.strip(), now)
            zh, en = f"转办：{task.title}", f"Handed to you: {task.title}"
            _send_message(desk, tx, task, to.person_id, Text(zh, en), _describe_delegation(actor, task, reason.strip()))


@guarded("task.delegate")
def retrieve_task(desk: Desk, actor: Actor, task_id: int) -> None:
    """Take back what the actor handed on; whoever had it or could claim it before has it again.

    Raises:
        NotAllowed: the actor does not hold the role from which it was handed on.
        NotPossibleNow, CaseSuspended: begun or changed meanwhile, or the case is suspended.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        receiver, former = task.assignee_id, (task.note or {}).get(HANDED_ON) or {}
        earlier = replace(task, assignee_id=former["person"], body_id=former["body"]) if former else task
        require_task(actor, earlier)
        unbegun = receiver is not None and tx.drafts.find(task_id=task_id, person_id=receiver) is None
        if receiver is None or not unbegun or not may_retrieve(task, actor.person_id):
            raise NotPossibleNow(
                Text(
                    f"“{task.title}”不能收回：对方已经开始办理，或者它已有变化。需要办理的，请联系对方转回。",
                    f"“{task.title}” cannot be taken back: it was begun or has changed. Ask who has it to hand it back.",
                )
            )
        require_running(tx.cases.get(task.case_id))
        actor = named_for(actor, earlier)
        text = f"{actor.name}收回转办的“{task.title}”"
        undone = {"delegated_by": "", "reason": "", HANDED_ON: None}
        assign_task(desk, tx, actor, task, former["person"], text, undone, former["body"])
        note_passed_on(tx, actor, task, TAKEN_BACK, "", desk.clock.now())
        zh = f"{actor.name}收回了转办给您的“{task.title}”（{task.subject}），您不用再办理。"
        en = f"{actor.name} has taken back “{task.title}” ({task.subject}): you need not do it."
        _send_message(
            desk, tx, task, receiver, Text(f"已收回：{task.title}", f"Taken back: {task.title}"), Text(zh, en)
        )


def may_retrieve(task: TaskRow, person_id: int | None) -> bool:
    """Return whether a person may take back a task that they handed on, where who has it has begun nothing."""
    handed = (task.note or {}).get(HANDED_ON) or {}
    return task.state == "open" and (handed.get("by"), handed.get("version")) == (person_id, task.version)


def _describe_delegation(actor: Actor, task: TaskRow, reason: str) -> Text:
    zh = f"{actor.name}将“{task.title}”（{task.subject}）转办给您办理。原因：{reason}。请在“待办”中打开办理，原定期限不变。"
    en = f"{actor.name} has handed “{task.title}” ({task.subject}) to you: {reason}. Open it in your tasks; its limit stays."
    return add_page_link(Text(zh, en), f"/tasks/{task.id}")


def _send_message(desk: Desk, tx: Transaction, task: TaskRow, to: int, subject: Text, text: Text) -> None:
    now = desk.clock.now()
    people = [tx.people.get(to), *tx.deputies.standing_in(to, task.jurisdiction, task.role, now)]
    rows = letter_rows(people, task.case_id, f"delegate:{task.id}:{task.version}", subject, text, now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)
