"""Replace one named member of a panel, by the office, with a reason."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_not_recused, demand_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.review.draw_panel import leave_panel, refill_panel
from service.casework.review.told_replaced import tell_replaced
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.sdk.messages import PANEL_CHANGED
from service.sdk.review import PanelView
from service.store import Transaction
from service.store.models import CaseRow, PanelRow


@guarded("review.manage")
def replace_member(desk: Desk, actor: Actor, case_id: int, panel_id: int, person: int, reason: str) -> PanelView:
    """Remove a member (illness, other duties), draw a successor, and notify the case of its new panel.

    This is the only way to a second draw: for one named person, with a reason, on record. Of a panel that serves a group
    they leave every application that is still reviewed, one unit of work each, with the same successor.

    Raises:
        Invalid: no reason, or the person is not on the panel.
        NotAllowed: the actor is not of the office, or is recused.
        Conflict: the case is suspended or ended.
    """
    if not reason.strip():
        raise Invalid(Text("更换评审专家须写明原因，例如因病。", "Say why the evaluator is replaced, such as illness."))
    view = _replace(desk, actor, case_id, panel_id, person, reason.strip())
    with desk.store.read() as tx:
        beside = _beside(tx, case_id, panel_id, person)
    for other_case, other_panel in beside:
        _replace(desk, actor, other_case, other_panel, person, reason.strip())
    return view


def _replace(desk: Desk, actor: Actor, case_id: int, panel_id: int, person: int, reason: str) -> PanelView:
    with desk.store.write() as tx:
        step = open_step(desk, tx, case_id, actor)
        demand_not_recused(actor, step.case)
        demand_office(actor, step.case)
        demand_running(step.case)
        panel = next((p for p in tx.panels.of_case(case_id) if p.id == panel_id), None)
        if panel is None:
            raise NotFound(Text("该办件没有这个评审组。", "The case has no such panel."))
        if panel.state != "open":
            raise Invalid(Text("该阶段评审已经结束，不能更换专家。", "That stage is over; nobody can be replaced."))
        leave_panel(step, panel, person, "replaced", reason)
        tx.panels.drop_sheets(person, [case_id], f"更换：{reason}")
        view = refill_panel(step, next(p for p in tx.panels.of_case(case_id) if p.id == panel_id), reason)
        send_change(step, panel, person)
        tell_replaced(step, panel, person, reason)
        save_step(step)
        return view


def _beside(tx: Transaction, case_id: int, panel_id: int, person: int) -> list[tuple[int, int]]:
    """Return (case, panel) of the group's other applications that a person still reviews: the reason holds there too."""
    draw = next(p.draw_id for p in tx.panels.of_case(case_id) if p.id == panel_id)
    panels = [p for p in tx.panels.of_draw(draw) if p.state == "open" and p.id != panel_id] if draw is not None else []
    active = {
        m.panel_id for m in tx.panels.members([p.id for p in panels]) if m.person_id == person and m.state == "active"
    }
    live = [p for p in panels if p.id in active and tx.cases.get(p.case_id).status == "running"]
    return [(p.case_id, p.id) for p in live]


def send_change(step: Step, panel: PanelRow, person: int, tie: int | None = None) -> None:
    """Queue the message that lets the case look at its panel again: once per person who left, or per tie of a member."""
    key = f"message:{step.case.id}:{PANEL_CHANGED}:{panel.id}:{person}"
    if tie is not None:
        key = f"{key}:tie:{tie}"
    step.queue("message", key, {"message": PANEL_CHANGED, "payload": {"stage": panel.stage}})


def demand_office(actor: Actor, case: CaseRow) -> None:
    """Raise NotAllowed unless the actor is of the office that keeps the panels of a case."""
    if not actor.in_office(case.jurisdiction):
        raise NotAllowed(Text("评审组由本辖区办公室管理。", "Panels are kept by the office of the jurisdiction."))
