"""Reassign tasks to colleagues who hold their role, or take them away from who has claimed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import CaseChange, Effect
from service.casework.interventions.given import number_of
from service.casework.interventions.intervene import Done, InterventionAsked, intervene
from service.casework.interventions.open_task import chosen_tasks, free_to_move
from service.casework.step.end_signs import OTHERS, end_signs
from service.casework.step.post import responsible
from service.casework.step.step import Step
from service.casework.tasks.receivers import demand_not_recused_receiver
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.signatures import SENT
from service.domain.text import Text
from service.store.models import PersonRow, TaskRow

_PERSON = Text("接办人员", "the person")
_STAYS = Text("须由本人办理，没有改动", "theirs alone: stays as it is")


@guarded("task.reassign")
def reassign_task(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:
    """Give an open task to one person who holds its role and body. ``given``: task, person.

    With the task "holder:PERSON" all that this person has claimed in the case, each to "person-BODY" of its body
    ("person-0" where it is of no body), else to "person". What is for the holder alone stays, and so does a task for
    which nobody is named, or somebody who may not do it; the effect says so of each. Raises where none remains.

    Raises:
        NotAllowed: a vote or a task for one person alone, or the administrator would give it to themselves.
        Invalid: that person does not hold the role, or is recused; or nobody is named for the body.
    """

    def change(step: Step) -> Done:
        chosen = chosen_tasks(step, given)
        given_to, left = _shared_out(step, free_to_move(chosen), given)
        rows = [row for row, _ in given_to]
        before = _had(step, rows)
        details = {"reassigned_by": actor.name, "because": asked.reason.strip()}
        for row, to in ((_unsent(step, row), to) for row, to in given_to):
            step.tx.tasks.update(row.id, row.version, assignee_id=to.id, note={**(row.note or {}), **details})
        text = Text(
            "".join(f"“{row.title}”改由{to.name}办理。" for row, to in given_to),
            " ".join(f"“{row.title}” is {to.name}'s now." for row, to in given_to),
        )
        told = {person.id: person for person in (*(to for _, to in given_to), *before)}
        follows = _staying(step, chosen, rows, left)
        return Done(text, tell=tuple(told.values()), element=rows[0].element, follows=follows)

    return intervene(desk, actor, case_id, asked, change)


@guarded("task.reassign")
def take_away_task(
    desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]
) -> Effect:
    """Put a claimed task back into the list of its body. ``given``: task, or "holder:PERSON" for all of a person.

    Raises NotAllowed for a vote or a task for one person alone, Conflict when nobody has it.
    """

    def change(step: Step) -> Done:
        chosen = chosen_tasks(step, given)
        rows = free_to_move(chosen)
        title = "”“".join(row.title for row in rows)
        if any(row.assignee_id is None for row in rows):
            raise Conflict(Text(f"“{title}”没有人认领。", f"Nobody has claimed “{title}”."))
        before = _had(step, rows)
        details = {"taken_away_by": actor.name, "because": asked.reason.strip()}
        for row in [_unsent(step, row) for row in rows]:
            step.tx.tasks.update(row.id, row.version, assignee_id=None, note={**(row.note or {}), **details})
        names = "、".join(p.name for p in before)
        text = Text(f"从{names}收回“{title}”，同角色人员都可以办理。", f"“{title}” was taken from {names}.")
        return Done(text, tell=before, element=rows[0].element, follows=_staying(step, chosen, rows, {}))

    return intervene(desk, actor, case_id, asked, change)


def _unsent(step: Step, row: TaskRow) -> TaskRow:
    """Return a task as it stands once nothing that its former holder submitted waits for signatures."""
    if row.signs_open != SENT:
        return row
    end_signs(step, row, OTHERS)
    return step.tx.tasks.get(row.id)


_Shares = list[tuple[TaskRow, PersonRow]]


def _shared_out(step: Step, rows: Sequence[TaskRow], given: Mapping[str, Any]) -> tuple[_Shares, dict[int, Text]]:
    """Return who gets each task, and by its number why another of the same holder stays; raises Invalid where all do."""
    shares: _Shares = []
    left: dict[int, Text] = {}
    for row in rows:
        try:
            shares.append((row, _receiver(step, row, _named(step, row, given))))
        except Invalid as why:
            left[row.id] = Text(f"没有改动：{why.message.zh}", f"stays as it is: {why.message.en}")
            if len(left) == len(rows):
                raise
    return shares, left


def _named(step: Step, row: TaskRow, given: Mapping[str, Any]) -> int:
    """Return who is named for a task: for its body, else for all."""
    own = f"person-{row.body_id or 0}"
    if str(given.get(own) or "").strip():
        return number_of(given, own, _PERSON)
    if not str(given.get("person") or "").strip() and str(given.get("task") or "").startswith("holder:"):
        body = step.tx.people.bodies_by_id([row.body_id]).get(row.body_id) if row.body_id is not None else None
        of = Text(body.name, body.name) if body is not None else Text("不限单位", "no body")
        raise Invalid(
            Text(
                f"没有写明“{row.title}”（{of.zh}）由谁接办，请选择本单位具有相同角色的人员。",
                f"Nobody is named for “{row.title}” ({of.en}): choose a colleague who holds its role.",
            )
        )
    return number_of(given, "person", _PERSON)


def _staying(
    step: Step, chosen: Sequence[TaskRow], moved: Sequence[TaskRow], why: Mapping[int, Text]
) -> tuple[CaseChange, ...]:
    """Return what stays the holder's, and ``why`` by the number of the task; else it is theirs alone."""
    left = [row for row in chosen if row not in moved]
    names = step.tx.people.named({row.assignee_id for row in left if row.assignee_id is not None})
    held = ((row, names.get(row.assignee_id or 0, "—")) for row in left)
    return tuple(
        CaseChange(Text("待办", "task"), row.title, Text(name, name), why.get(row.id, _STAYS)) for row, name in held
    )


def receivers(step: Step, row: TaskRow) -> list[PersonRow]:
    """Return who may be given a task: everybody who holds its role and body now, the administrator aside."""
    people = step.tx.people.people_with(row.jurisdiction, row.role, row.body_id, step.now)
    return [p for p in people if p.id != step.actor.person_id]


def _receiver(step: Step, row: TaskRow, person_id: int) -> PersonRow:
    if person_id == step.actor.person_id:
        raise NotAllowed(Text("管理员不能把待办转给自己办理。", "An administrator may not give a task to themselves."))
    to = next((p for p in receivers(step, row) if p.id == person_id), None)
    if to is None:
        raise Invalid(
            Text(
                f"对方没有办理“{row.title}”的角色，请选择本单位具有相同角色的人员。",
                f"That person does not hold the role of “{row.title}”: choose a colleague who does.",
            )
        )
    if to.id == row.assignee_id:
        raise Conflict(Text(f"“{row.title}”已经由{to.name}办理。", f"“{row.title}” is {to.name}'s already."))
    demand_not_recused_receiver(step.tx, step.case, to.id, to.name, step.now)
    return to


def _had(step: Step, rows: Sequence[TaskRow]) -> tuple[PersonRow, ...]:
    """Return who had the tasks so far, where they were one person's."""
    claimed = [row for row in rows if row.assignee_id is not None]
    found = {p.id: p for row in claimed for p in responsible(step.tx, step.package, step.case, row, step.now)}
    return tuple(found.values())
