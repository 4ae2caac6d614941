"""What the form of a task shows before anybody typed."""

from __future__ import annotations

from typing import Any

from service.casework.access import demand_task
from service.casework.actor import Actor
from service.casework.desk import Desk
from service.casework.guards import guarded
from service.casework.prefill import first_values
from service.casework.save import keep_awake
from service.casework.step import Step


@guarded("task.view")
def view_first_values(desk: Desk, actor: Actor, task_id: int) -> dict[str, Any]:
    """Return the first values of the task's form: its blank values, what the diagram says, what was sent back."""
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
        demand_task(actor, task)
        case = tx.cases.get(task.case_id)
        step = Step(desk, tx, case, actor)
        step.instance = desk.engine.wake(case.definition, step.engine_state, step.environment)
        blank = desk.packages.form(step.package, task.form).blank() if task.form else {}
        values = {**blank, **first_values(step, task)}
        keep_awake(step)
        return values
