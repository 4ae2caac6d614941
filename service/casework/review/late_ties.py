"""A tie that a reviewer finds when scoring has begun: declared beside the sheet, decided as one declared before."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_not_recused, demand_open, demand_running, demand_task, seat_for
from service.casework.access.declarations import DECLARATION, DECLARED, awaits_recusal
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.review.decide_recusals import note_declarations
from service.casework.review.replace_member import send_change
from service.casework.review.sheets import panel_of
from service.casework.review.ties import KINDS
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.step.submission import record
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store.models import PanelRow, TaskRow

_MOST = 500
"""Letters of what a tie is said to be; as in the form of the step for it."""


@guarded("review.declare")
def declare_late_tie(desk: Desk, actor: Actor, task_id: int, kind: str, text: str) -> None:
    """Put a tie to the applicant whose sheet the actor has before them on record, and stop the review until it is decided.

    Until then the file of the applicant is closed to them and no sheet of theirs is taken.

    Raises:
        NotAllowed: the task is not theirs, or they are not on the panel.
        Invalid: the task scores nothing, or nothing is said of the tie.
        Conflict: the task is over, or their recusal was decided before or waits to be.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        step = open_step(desk, tx, task.case_id, actor)
        task = tx.tasks.lock(task_id)
        demand_task(actor, task)
        demand_not_recused(actor, step.case)
        demand_open(task)
        demand_running(step.case)
        panel = _panel_scored(step, task)
        if awaits_recusal(tx, actor.person_id or 0, step.case):
            raise Conflict(Text("您已经申明，正等决定是否回避。", "You have declared it already; it is to be decided."))
        _record(step, task, kind, text.strip())
        if not awaits_recusal(tx, actor.person_id or 0, step.case):
            raise Conflict(
                Text(
                    "您是否回避该组织已经决定过；有新情况的，请告知办公室。",
                    "Your recusal from this organisation was decided before; tell the office what is new.",
                )
            )
        note_declarations(step, panel, DECLARATION)
        step.audit("recusal", f"{actor.name}评审中申明利害关系，等决定是否回避", task.element, {"task": task.id})
        send_change(step, panel, actor.person_id or 0, task.id)
        save_step(step)


def _panel_scored(step: Step, task: TaskRow) -> PanelRow:
    """Return the open panel for which a task scores; raises Invalid where it scores nothing, or nobody declares here."""
    if edition_of(task.form or "") is None or not step.package.has_form(DECLARATION):
        raise Invalid(Text("只能在本人的评分事项中申明。", "A tie is declared beside one's own score sheet."))
    return panel_of(step, task)


def _record(step: Step, task: TaskRow, kind: str, text: str) -> None:
    """Keep the declaration as one submitted beside the task, with what it says and nothing that was not said."""
    if kind not in KINDS:
        raise Invalid(Text("请选择利害关系的种类。", "Choose the kind of interest."))
    if not text:
        raise Invalid(Text("请写明是什么关系。", "Say what the tie is."))
    said = {DECLARED[0]: "yes", DECLARED[1]: [{"kind": kind, "text": text[:_MOST]}]}
    seat = seat_for(step.actor, task)
    record(step, DECLARATION, task.element, said, task_id=None, body_id=seat.body_id if seat else None)
