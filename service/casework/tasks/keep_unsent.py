"""What somebody typed for a task that another was faster with is kept for them, and they are told who was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    BALLOT,
    DoneByYou,
    DoneOtherwise,
    TaskReopened,
    may_handle,
    named_for,
    seat_for,
)
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.tasks.overtaken import what_became
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import TaskRow


@guarded("task.draft")
def keep_unsent(desk: Desk, actor: Actor, task_id: int, typed: Mapping[str, Any]) -> Conflict | None:
    """Keep ``typed`` as the person's draft of a task that is over or claimed by another.

    Returns the refusal that says what became of the task and of what they typed; None where nothing of theirs was overtaken.
    """
    with desk.store.write() as tx:
        task = tx.tasks.lock(task_id)
        if actor.person_id is None or task.form is None or task.kind == BALLOT or seat_for(actor, task) is None:
            return None
        mine = task.done_by == actor.person_id
        if task.personal and not mine:
            return None
        if actor.recused and not may_handle(tx, named_for(actor, task), tx.cases.get(task.case_id)):
            return None
        same = mine and _has_submitted(tx, task, typed)
        became = what_became(tx, actor, task)
        if same:
            return became if isinstance(became, TaskReopened) else None
        if became is None:
            return None
        if isinstance(became, DoneByYou):
            became = DoneOtherwise(became.message)
        tx.drafts.save(task_id, actor.person_id, dict(typed), desk.clock.now())
    zh, en = (
        ("您这次填写的与已经提交的不同，没有提交", "What you typed now differs and was not submitted")
        if mine
        else ("您填写的内容没有提交", "What you typed was not submitted")
    )
    became.to_programs = Text(f"{became.message.zh}{zh}。", f"{became.message.en} {en}.")
    became.message = Text(
        f"{became.message.zh}{zh}，已为您单独保留：打开“{task.title}”可以查看、复制。",
        f"{became.message.en} {en}; it is kept for you: open “{task.title}” to read and copy it.",
    )
    became.args = (became.message.zh,)
    return became


def _has_submitted(tx: Transaction, task: TaskRow, typed: Mapping[str, Any]) -> bool:
    """Return whether what was submitted for ``task`` has everything that was ``typed``: it was sent twice."""
    submitted = (row.data for row in tx.forms.of_case(task.case_id, task.form) if row.task_id == task.id)
    return _collect_words(typed) <= {word for data in submitted for word in _collect_words(data)}


def _collect_words(values: object) -> set[str]:
    if isinstance(values, Mapping):
        return {word for value in values.values() for word in _collect_words(value)}
    if isinstance(values, list):
        return {word for value in values for word in _collect_words(value)}
    return {normalize("NFKC", str(values)).strip()} - {"", "None", "True", "False"}
