"""Reassign a task to a colleague who holds its role, or take it away from who has claimed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.given import number_of
from service.casework.interventions.intervene import Done, InterventionAsked, intervene
from service.casework.interventions.open_task import chosen_task, demand_no_bodys
from service.casework.step.post import responsible
from service.casework.step.step import Step
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store.rows import PersonRow, TaskRow


@guarded("task.reassign")
def reassign_task(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:
    """Give an open task to one person who holds its role and body. ``given``: task, person.

    Raises:
        NotAllowed: a vote or a task for one person alone, or the administrator would give it to themselves.
        Invalid: that person does not hold the role, or is recused.
    """

    def change(step: Step) -> Done:
        row = chosen_task(step, given)
        demand_no_bodys(row)
        to = _receiver(step, row, number_of(given, "person", Text("接办人员", "the person")))
        before = _had(step, row)
        details = {"reassigned_by": actor.name, "because": asked.reason.strip()}
        step.tx.tasks.update(row.id, row.version, assignee_id=to.id, note={**(row.note or {}), **details})
        text = Text(f"“{row.title}”改由{to.name}办理。", f"“{row.title}” is {to.name}'s now.")
        return Done(text, tell=(to, *before), element=row.element)

    return intervene(desk, actor, case_id, asked, change)


@guarded("task.reassign")
def take_away_task(
    desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]
) -> Effect:
    """Put a claimed task back into the list of its body. ``given``: task. Raises NotAllowed, Conflict when nobody has it."""

    def change(step: Step) -> Done:
        row = chosen_task(step, given)
        demand_no_bodys(row)
        if row.assignee_id is None:
            raise Conflict(Text(f"“{row.title}”没有人认领。", f"Nobody has claimed “{row.title}”."))
        before = _had(step, row)
        details = {"taken_away_by": actor.name, "because": asked.reason.strip()}
        step.tx.tasks.update(row.id, row.version, assignee_id=None, note={**(row.note or {}), **details})
        names = "、".join(p.name for p in before)
        text = Text(f"从{names}收回“{row.title}”，同角色人员都可以办理。", f"“{row.title}” was taken from {names}.")
        return Done(text, tell=before, element=row.element)

    return intervene(desk, actor, case_id, asked, change)


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
    _, _, recused = step.tx.people.sessions.acting(to.id, step.now)
    if step.case.subject_id in recused:
        raise Invalid(Text(f"{to.name}对这个办件已经回避。", f"{to.name} is recused from this case."))
    return to


def _had(step: Step, row: TaskRow) -> tuple[PersonRow, ...]:
    """Return who had the task so far, where it was one person's."""
    if row.assignee_id is None:
        return ()
    return tuple(responsible(step.tx, step.package, step.case, row, step.now))
