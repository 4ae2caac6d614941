"""What became of a task that another was faster with: who has it since when, or who submitted it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    DoneByYou,
    TaskClaimed,
    TaskOver,
    TaskReopened,
    is_free,
    require_open,
    require_task,
    seat_for,
)
from service.casework.step.history import RECEIVER
from service.domain.calendar.clock import format_moment
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import TaskRow


def what_became(tx: Transaction, actor: Actor, task: TaskRow) -> TaskOver | TaskClaimed | None:
    """Return the refusal that says who has claimed or finished a task meanwhile, and when; None while the actor may still do it.

    Ask it for who holds the role of the task or oversees its place alone: it names people.
    """
    title = task.title
    if task.state == "open":
        return None if is_free(actor, task) else TaskClaimed(_describe_holder(tx, task))
    if task.state != "done" or task.done_at is None:
        return TaskOver(Text(f"“{title}”已不再需要办理。", f"“{title}” is no longer needed."))
    again = tx.tasks.find(case_id=task.case_id, engine_id=task.engine_id, state="open")
    if again is not None:
        return TaskReopened(title, again.id)
    zh, en = format_moment(task.done_at).zh, format_moment(task.done_at).en
    if task.done_by is not None and task.done_by == actor.person_id:
        return DoneByYou(
            Text(f"“{title}”您已于{zh}提交，不用再办理。", f"You submitted “{title}” on {en}; it is done.")
        )
    people_ids = {task.done_by} if task.done_by is not None and not task.personal else set()
    sender = tx.people.named(people_ids).get(task.done_by or 0)
    if sender is None and task.done_by is not None:
        return TaskOver(Text(f"“{title}”已于{zh}提交。", f"“{title}” was submitted on {en}."))
    return TaskOver(
        Text(
            f"“{title}”已由{sender or '程序按期'}于{zh} 提交。",
            f"{sender or 'The program'} submitted “{title}” on {en}.",
        )
    )


def require_unchanged(tx: Transaction, actor: Actor, task: TaskRow, version: int | None = None) -> None:
    """Raise Conflict unless ``task`` is open and still at ``version``; says who has it where that is what changed."""
    try:
        require_open(task, version)
    except Conflict:
        became = what_became(tx, actor, task)
        if became is None:
            raise
        raise became from None


def require_task_unchanged(tx: Transaction, actor: Actor, task: TaskRow, version: int | None = None) -> None:
    """Raise as `require_task` and `require_open`; who holds the role of the task is told who has or finished it."""
    theirs = not task.personal or task.assignee_id == actor.person_id
    became = what_became(tx, actor, task) if theirs and seat_for(actor, task) is not None else None
    if became is not None:
        raise became
    require_task(actor, task)
    require_open(task, version)


def _describe_holder(tx: Transaction, task: TaskRow) -> Text:
    """Return who has claimed an open task or was given it, and since when where the history tells."""
    title, holder = task.title, task.assignee_id
    who = tx.people.named({holder} if holder is not None else set()).get(holder or 0, "")
    handover = next((event for event in tx.history.newest(task.case_id) if _is_handover(event.data, task)), None)
    if handover is None or handover.data[RECEIVER] != holder or "reassigned_by" in (task.note or {}):
        return Text(f"“{title}”已由{who}认领。{_ASK.zh}", f"{who} has claimed “{title}”. {_ASK.en}")
    zh, en = format_moment(handover.at).zh, format_moment(handover.at).en
    if handover.person_id == holder:
        return Text(f"“{title}”已由{who}认领（{zh}）。{_ASK.zh}", f"{who} claimed “{title}” on {en}. {_ASK.en}")
    return Text(f"“{title}”已于{zh} 转给{who}办理。{_ASK.zh}", f"“{title}” was handed to {who} on {en}. {_ASK.en}")


_ASK = Text("如需由您办理，请对方放回或转办。", "If it should be yours, ask them to release it or to hand it on.")


def _is_handover(data: object, task: TaskRow) -> bool:
    return isinstance(data, dict) and data.get("task") == task.id and RECEIVER in data
