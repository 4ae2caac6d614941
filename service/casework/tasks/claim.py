"""Claim a task, or put it back into the list of its body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    AwaitsSignatures,
    named_for,
    require_assignee,
    require_may_handle,
    require_running,
    seat_for,
)
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.history import RECEIVER, TASK_TITLE, append_case_event, build_task_citation
from service.casework.tasks.overtaken import require_unchanged, what_became
from service.domain.errors import Conflict, NotAllowed
from service.domain.signatures import SENT
from service.domain.text import Text
from service.domain.values.bounds import Version
from service.store import Transaction
from service.store.models import CaseRow, TaskRow


@guarded("task.claim")
def claim_task(desk: Desk, actor: Actor, task_id: int, version: Version = None) -> None:
    """Assign the task to the actor.

    Raises:
        NotAllowed: the actor does not hold its role, or it is for another person alone.
        TaskClaimed, TaskOver, TaskChanged: somebody was faster; it names who, and since when.
        TaskReopened: the actor did it, and it came back as another task.
        AwaitsSignatures, CaseSuspended: it was submitted and is being signed, or the case is suspended.
    """
    with desk.store.write() as tx:
        task, case = get_actor_task(tx, actor, task_id, None)
        require_running(case)
        if task.assignee_id == actor.person_id:
            return  # a second click
        require_unchanged(tx, actor, task, version)
        became = what_became(tx, actor, task)
        if became is not None:
            raise became
        assign_task(desk, tx, actor, task, actor.person_id, f"{named_for(actor, task).name}认领“{task.title}”")


@guarded("task.claim")
def release_task(desk: Desk, actor: Actor, task_id: int, version: Version = None) -> None:
    """Put a claimed task back into the body's list; raises TaskClaimed or Conflict when it is not the person's."""
    with desk.store.write() as tx:
        task, case = get_actor_task(tx, actor, task_id, None)
        require_shared(task)
        require_running(case)
        if task.assignee_id != actor.person_id:
            free = Text(
                f"“{task.title}”现在无人认领，不用放回。", f"Nobody has claimed “{task.title}”: nothing to release."
            )
            raise what_became(tx, actor, task) or Conflict(free)
        require_unchanged(tx, actor, task, version)
        assign_task(desk, tx, actor, task, None, f"{named_for(actor, task).name}放回“{task.title}”")


def require_shared(task: TaskRow) -> None:
    """Raise NotAllowed for a task of one person alone."""
    if task.personal:
        raise NotAllowed(
            Text(
                f"“{task.title}”须由本人完成，不能放回或转办；确实不能办理的，请联系办公室更换人员。",
                f"“{task.title}” cannot be handed on: ask the office to replace you if you cannot do it.",
            )
        )


def get_actor_task(tx: Transaction, actor: Actor, task_id: int, version: int | None) -> tuple[TaskRow, CaseRow]:
    """Return an open task, no ballot, whose role ``actor`` holds, and its case; raises NotAllowed, Conflict."""
    task, case, _ = tx.cases.of_task(task_id)
    if seat_for(actor, task) is None:
        raise NotAllowed(Text("这项待办不在您的办理范围。", "This task is not yours to do."))
    if task.kind == "ballot":
        raise Conflict(
            Text(
                "投票由名册上的成员本人办理，不能认领或转办。",
                "Only the member on the roll votes: it cannot be handed on.",
            )
        )
    require_assignee(actor, task)
    require_may_handle(tx, named_for(actor, task), case)
    require_unchanged(tx, actor, task, version)
    if task.signs_open == SENT:
        raise AwaitsSignatures(
            Text(
                f"“{task.title}”已提交送会签，撤回会签之前不能认领、放回或者转办。",
                f"“{task.title}” was submitted and is being signed: withdraw that before it is claimed or handed on.",
            )
        )
    return task, case


def assign_task(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    task: TaskRow,
    person_id: int | None,
    text: str,
    delegation: Mapping[str, Any] | None = None,
    body_id: int | None = None,
) -> None:
    """Give ``task`` to a person, or to everybody of its role; a ``delegation`` is noted on it, ``body_id`` moves it there."""
    change: dict[str, Any] = {"assignee_id": person_id}
    if body_id is not None:
        change["body_id"] = body_id
    if delegation:
        change["note"] = {**(task.note or {}), **delegation}
    tx.tasks.step(task.id, task.version, **change)
    append_case_event(
        desk,
        tx,
        task.case_id,
        named_for(actor, task),
        "delegated" if delegation else "assigned",
        text,
        task.element,
        {**build_task_citation(task), RECEIVER: person_id, **({TASK_TITLE: task.title} if delegation else {})},
    )
