"""Move the token of a task back to the step directly before it, where nothing else is taken along.

Any other move is refused: forwards it would complete a step in a body's place, elsewhere the engine gives no proof
that nothing is lost or done twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import Done, InterventionAsked, concerned, intervene
from service.casework.interventions.open_task import chosen_task, demand_no_bodys
from service.casework.step.cause import Cause, Returned
from service.casework.step.step import Step
from service.casework.tasks.ways_back import go_back, returnable_to
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store.models import TaskRow


@guarded("token.move")
def move_token(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:
    """Move a waiting task back to the task before it, which opens again. ``given``: task; to, the element, may be left out.

    Raises:
        NotAllowed: another target than that task, or one that is a vote or one person's own.
        Conflict: the diagram has no task to go back to, or going back would take other work along.
    """

    def change(step: Step) -> Done:
        if step.case.status != "running":
            raise Conflict(Text("办件已经暂停，请先恢复。", "The case is suspended: resume it first."))
        row = chosen_task(step, given)
        demand_no_bodys(row)
        before = target_of(step, row)
        if given.get("to") and str(given["to"]) != before.element:
            raise NotAllowed(
                Text(
                    f"只能移回到紧接在前的“{before.title}”：向前移动等于代替有权的人办理，移到别处不能证明没有遗漏或者重复。",
                    f"Only back to “{before.title}”, directly before it: forwards it would be done in somebody's place, and "
                    "elsewhere nothing proves that no work is lost or done twice.",
                )
            )
        people = concerned(step)
        go_back(step, row, before.engine_id)
        details = {"sent_back_by": step.actor.name, "reason": asked.told, "at": step.now.isoformat()}
        text = Text(f"由“{row.title}”移回“{before.title}”。", f"moved back from “{row.title}” to “{before.title}”.")
        cause = Cause(returned=Returned(before.engine_id, details))
        return Done(text, cause, people, row.element)

    return intervene(desk, actor, case_id, asked, change)


def target_of(step: Step, row: TaskRow) -> TaskRow:
    """Return the done task to which ``row`` may be moved back; raises Conflict, NotAllowed."""
    engine_id = returnable_to(step, row)
    done = [t for t in step.tx.tasks.of_case(step.case.id) if t.engine_id == engine_id and t.state == "done"]
    if engine_id is None or not done:
        raise Conflict(
            Text(
                f"“{row.title}”之前没有可以单独移回的环节：会牵动并行的或者已经完成的其他工作。",
                f"No step before “{row.title}” can be moved back to alone: other work would be taken along.",
            )
        )
    before = done[-1]
    demand_no_bodys(before)
    if edition_of(before.form or "") is not None:
        raise NotAllowed(
            Text(f"“{before.title}”是评分，提交后管理员不能重开。", f"“{before.title}” are scores; they stay closed.")
        )
    return before
