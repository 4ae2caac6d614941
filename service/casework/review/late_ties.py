"""A tie that a reviewer finds when scoring has begun: declared beside the sheet, decided by the office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_not_recused, demand_open, demand_running, demand_task, seat_for
from service.casework.access.declarations import DECLARATION, DECLARED, awaits_recusal, late_declarations
from service.casework.access.guards import guarded
from service.casework.access.roles import office_role
from service.casework.desk.desk import Desk
from service.casework.review.decide_recusals import decide_recusals, note_declarations
from service.casework.review.replace_member import demand_office, send_change
from service.casework.review.sheets import panel_of
from service.casework.review.ties import KINDS, kind_words
from service.casework.step.post import leading, letter_rows, put
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.step.submission import record
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.sdk.review import PanelView
from service.store.rows import PanelRow, TaskRow

_MOST = 500
"""Letters of what a tie is said to be; as in the form of the step for it."""


@guarded("review.declare")
def declare_late_tie(desk: Desk, actor: Actor, task_id: int, kind: str, text: str) -> None:
    """Put a tie to the applicant whose sheet the actor has before them on record, and ask the office to decide.

    Until it has, the file of the applicant is closed to them and no sheet of theirs is taken.

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
            raise Conflict(
                Text("您已经申明，正等办公室决定。", "You have declared it already; the office is to decide.")
            )
        _record(step, task, kind, text.strip())
        if not awaits_recusal(tx, actor.person_id or 0, step.case):
            raise Conflict(
                Text(
                    "您是否回避该组织已经决定过；有新情况的，请告知办公室。",
                    "Your recusal from this organisation was decided before; tell the office what is new.",
                )
            )
        note_declarations(step, panel, DECLARATION)
        step.audit("recusal", f"{actor.name}评审中申明利害关系，等办公室决定是否回避", task.element, {"task": task.id})
        _tell_office(step, panel, kind_words(kind, text.strip()))
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


def _tell_office(step: Step, panel: PanelRow, tie: Text) -> None:
    who, about = step.actor.name, step.case.title
    text = Text(
        f"{who}评审“{about}”时申明与其有利害关系：{tie.zh}。在决定是否回避之前，其材料不再向{who}开放，也不能提交评分。"
        "请在评审组页面决定；回避的，同时补抽专家。",
        f"{who} declared a tie while reviewing “{about}”: {tie.en}. Until it is decided whether they are recused its file is "
        "closed to them, and no sheet of theirs is taken. Decide on the page of the panel; who is recused is replaced.",
    )
    people = step.tx.deputies.reached(step.case.jurisdiction, office_role(step.package), None, step.now)
    rows = letter_rows(
        people,
        step.case.id,
        f"late_tie:{panel.id}:{step.actor.person_id}:{step.now:%Y%m%dT%H%M%S}",
        Text(f"评审中申明利害关系：{about}", f"A tie declared while reviewing: {about}"),
        leading(text, f"/cases/{step.case.id}/panel"),
        step.now,
    )
    step.pending.work += put(step.desk, step.tx, rows, step.now)


@guarded("review.manage")
def list_late_ties(desk: Desk, actor: Actor, case_id: int) -> Mapping[int, Text]:
    """Return by person the ties that reviewers of a case declared beside their sheets and that wait to be decided."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        demand_not_recused(actor, case)
        demand_office(actor, case)
        found = late_declarations(tx, case)
        return {person: _said(row.data) for person, row in found.items()}


def _said(data: Mapping[str, Any]) -> Text:
    """Return what a declaration says, in words."""
    ties = [
        kind_words(str(one.get("kind") or "other"), str(one.get("text") or "")) for one in data.get(DECLARED[1]) or ()
    ]
    return Text("、".join(one.zh for one in ties), ", ".join(one.en for one in ties))


@guarded("review.manage")
def decide_late_tie(
    desk: Desk, actor: Actor, case_id: int, panel_id: int, person: int, reason: str, *, recuse: bool
) -> PanelView:
    """Decide whether a reviewer who declared a tie beside their sheet is recused; who is leaves the panel and is replaced.

    Raises:
        Invalid: no reason is given.
        NotAllowed: the actor is not of the office, or is recused.
        Conflict: nothing of theirs waits to be decided, or the case is suspended or ended.
        RecordsAltered: the panel, a declaration or a recusal is not what was recorded.
    """
    with desk.store.write() as tx:
        step = open_step(desk, tx, case_id, actor)
        demand_not_recused(actor, step.case)
        demand_office(actor, step.case)
        demand_running(step.case)
        panel = next((p for p in tx.panels.of_case(case_id) if p.id == panel_id and p.state == "open"), None)
        if panel is None or person not in late_declarations(tx, step.case):
            raise Conflict(Text("没有待决定的申明。", "No declaration waits to be decided."))
        decision = {"person": person, "body": None, "recuse": recuse, "reason": reason, "source": "declared"}
        view = decide_recusals(step, panel, [decision], "refill", panel.settings.get("clauses", ()))
        if recuse:
            send_change(step, panel, person)
        save_step(step)
        return view
