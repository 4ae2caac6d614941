"""What a step calls the people and cases of a stage: who does a task, and the step that names a case."""

from __future__ import annotations

from typing import Any

from service.casework.simulate.stage.stage import PlayState
from service.store import Transaction
from service.store.models import CaseRow, TaskRow


def who_does(stage: PlayState, tx: Transaction, task: TaskRow) -> str:
    """Return the word by which a step names who does ``task``."""
    if task.assignee_id is not None:
        word = stage.cast.word_of(task.assignee_id)
        if word is not None:
            return word
    if task.body_id is None:
        return task.role
    nick = next((n for n, body in stage.cast.organisations.items() if body == task.body_id), None)
    return nick if nick is not None else f"{task.role}@{tx.people.body(task.body_id).key}"


def nick_of(stage: PlayState, case: int) -> str | None:
    """Return the nickname of a case, None for one that a diagram started and nobody named."""
    return next((nick for nick, ident in stage.cases.items() if ident == case), None)


def find_row(stage: PlayState, case: CaseRow, parent: str) -> dict[str, Any] | None:
    """Return the step that names a case below the case called ``parent``; None where no step can say which it is."""
    with stage.desk.store.read() as tx:
        same = [
            c for c in tx.cases.children(stage.cases[parent], case.process) if c.subject_id == case.subject_id
        ]  # fmt: skip
    if not same or same[-1].id != case.id:
        return None
    subject = next((n for n, body in stage.cast.organisations.items() if body == case.subject_id), None)
    nick = fresh_nick(stage, f"{subject or ''}{stage.package.process(case.process).name}")
    return {"find": case.process, "parent": parent, **({"for": subject} if subject else {}), "name": nick}


def fresh_nick(stage: PlayState, wanted: str) -> str:
    """Return a nickname that no case has yet."""
    number, nick = 1, wanted
    while nick in stage.cases:
        number += 1
        nick = f"{wanted}{number}"
    return nick
