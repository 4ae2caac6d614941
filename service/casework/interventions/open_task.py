"""The open task of a case that an intervention is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.interventions.given import number_of
from service.casework.step.step import Step
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store.models import TaskRow

_TASK = Text("待办", "the task")
_HOLDER = Text("承办人", "whose tasks")


def chosen_tasks(step: Step, given: Mapping[str, Any]) -> list[TaskRow]:
    """Return the open task named by ``given``, or all that one person has in the case: task "holder:PERSON".

    Raises Conflict where there is none.
    """
    kind, _, ident = str(given.get("task") or "").partition(":")
    if kind != "holder":
        return [chosen_task(step, given)]
    holder = number_of({"holder": ident}, "holder", _HOLDER)
    rows = [row for row in step.tx.tasks.open_of_case(step.case.id) if row.assignee_id == holder]
    if not rows:
        name = step.tx.people.named({holder}).get(holder, ident)
        raise Conflict(
            Text(f"{name}在这个办件中没有认领的待办。", f"{name} has claimed no task of this case."),
        )
    return rows


def free_to_move(rows: Sequence[TaskRow]) -> list[TaskRow]:
    """Return those that are nobody's own; raises NotAllowed, saying why, where all are."""
    free = [row for row in rows if row.kind != "ballot" and not row.personal]
    if not free:
        demand_no_bodys(rows[0])
    return free


def chosen_task(step: Step, given: Mapping[str, Any]) -> TaskRow:
    """Return the open task named by ``given``: its number, or "element:…" for the one that waits there.

    Raises Conflict where it is done, another case's, or not the only one there.
    """
    rows = step.tx.tasks.open_of_case(step.case.id)
    here = element_of(given, "task")
    if here:
        found = [t for t in rows if t.element == here]
        if len(found) != 1:
            raise Conflict(not_there())
        return found[0]
    ident = number_of(given, "task", _TASK)
    row = next((t for t in rows if t.id == ident), None)
    if row is None:
        raise Conflict(
            Text(
                "这项待办已经办结或者不在这个办件中，请重新选择。",
                "This task is done, or not of this case: choose again.",
            )
        )
    return row


def not_there() -> Text:
    """Return what is said where a case does not wait at the element that a batch names, or waits there several times."""
    return Text(
        "办件现在没有停在这个环节，或者停在其中几处，请逐件办理。",
        "The case does not wait at this step now, or several times: do it by itself.",
    )


def element_of(given: Mapping[str, Any], name: str) -> str:
    """Return the element that ``given`` names instead of a number, as a batch does; "" where it names none."""
    kind, _, ident = str(given.get(name) or "").partition(":")
    return ident if kind == "element" else ""


def demand_no_bodys(row: TaskRow) -> None:
    """Raise NotAllowed for what one person or a body decides: a vote, or a task for one person alone."""
    if row.kind == "ballot":
        raise NotAllowed(
            Text(
                f"“{row.title}”由名册上的成员本人投票，管理员不能转办、收回或者重来。",
                f"“{row.title}” is the vote of a member on the roll; an administrator may not touch it.",
            )
        )
    if row.personal:
        raise NotAllowed(
            Text(
                f"“{row.title}”须由本人独立完成（如评分），管理员不能转办、收回或者重来；确实不能办理的，由办公室更换人员。",
                f"“{row.title}” is for one person alone (such as scoring): the office replaces them where needed.",
            )
        )
