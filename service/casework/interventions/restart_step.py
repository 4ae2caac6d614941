"""Restart a step: a task gets its role, body and form anew from the diagram; what failed is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import Done, InterventionAsked, intervene
from service.casework.interventions.open_task import chosen_task, demand_no_bodys
from service.casework.step.element_label import label
from service.casework.step.end_signs import RENEWED, end_signs
from service.casework.step.post import responsible
from service.casework.step.settle import settle
from service.casework.step.step import Step
from service.casework.step.task_row import renewed
from service.domain.errors import Conflict
from service.domain.text import Text


@guarded("step.restart")
def restart_step(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:
    """Begin a step of a case anew. ``given``: task, or nothing for the program's steps that failed.

    The limit of a task stays: only `change_due` moves it. Drafts stay with it, what was submitted before is
    untouched; signatures asked for beside it are ended, and who was asked is told.

    Raises:
        NotAllowed: a vote, or a task for one person alone.
        Conflict: it does not wait any more, or there is nothing to restart.
    """

    def change(step: Step) -> Done:
        if step.case.status != "running":
            raise Conflict(Text("办件已经暂停，请先恢复。", "The case is suspended: resume it first."))
        return _task(step, given, asked) if given.get("task") else _calls(step)

    return intervene(desk, actor, case_id, asked, change)


def _task(step: Step, given: Mapping[str, Any], asked: InterventionAsked) -> Done:
    row = chosen_task(step, given)
    demand_no_bodys(row)
    waiting = next((t for t in step.instance.person_tasks() if t.id == row.engine_id), None)
    if waiting is None:
        raise Conflict(Text(f"“{row.title}”不是流程图中的环节。", f"“{row.title}” is no step of the diagram."))
    before = responsible(step.tx, step.package, step.case, row, step.now)
    details = {"restarted_by": step.actor.name, "because": asked.reason.strip()}
    end_signs(step, row, RENEWED)
    row = step.tx.tasks.get(row.id)
    step.tx.tasks.update(row.id, row.version, **renewed(step, waiting), note=details, opened_at=None)
    after = responsible(step.tx, step.package, step.case, step.tx.tasks.get(row.id), step.now)
    people = tuple({p.id: p for p in (*before, *after)}.values())
    text = Text(f"“{row.title}”重新开始，期限不变。", f"“{row.title}” begins anew; its limit stays.")
    return Done(text, tell=people, element=row.element)


def _calls(step: Step) -> Done:
    calls = step.instance.service_calls()
    if not calls:
        raise Conflict(Text("没有停下来的系统环节。", "No step of the program has stopped."))
    names = "、".join(dict.fromkeys(label(step.package, c.process_id, c.element_id) for c in calls))
    settle(step)
    return Done(Text(f"“{names}”重新执行。", f"“{names}” was tried again."), element=calls[0].element_id)
