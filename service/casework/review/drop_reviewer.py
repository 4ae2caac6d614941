"""Remove a disqualified evaluator from running panels, and their sheets from results."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.review.draw_panel import count_lacking_of_sector, leave_panel, send_change
from service.casework.review.results import collect_scores
from service.casework.scope.record import valid_sheets
from service.casework.step.save import save_step
from service.casework.step.standstill import catches_message
from service.casework.step.step import Step, open_step
from service.sdk.messages import REVIEW_REOPENED, SCORES_CHANGED
from service.sdk.review import DrawOrder
from service.store.models import PanelRow


@guarded("experts.manage")
def drop_reviewer(desk: Desk, actor: Actor, jurisdiction: str, person: int, reason: str, scores: str) -> int:
    """Take a person off every running panel of a jurisdiction, case by case; returns how many cases that touched.

    Panels of other cities are not touched: each city keeps its own register.

    ``scores`` drop: their sheets no longer count and settled results are recomputed from the rest; repeat: in a
    stage that still runs no sheets count any more, so everyone scores again, and elsewhere as drop; keep: they stay.
    """
    with desk.store.read() as tx:
        running = tx.panels.running_of(person, jurisdiction)
    for panel_id, case_id, stage in running:
        with desk.store.write() as tx:
            step = open_step(desk, tx, case_id, actor)
            drop_from_panel(step, panel_id, stage, person, reason, scores)
            save_step(step)
    return len(running)


def drop_from_panel(step: Step, panel_id: int, stage: str, person: int, reason: str, scores: str) -> None:
    """Take a person off one panel of the step's case; see `drop_reviewer`."""
    panel = next(p for p in step.tx.panels.of_case(step.case.id) if p.id == panel_id)
    _leave_if_active(step, panel, person, reason)
    if scores == "repeat" and panel.state == "open":
        _void_sheets(step, panel, person, stage, reason)
    elif scores != "keep":
        drop_scores(step, panel, person, f"取消资格：{reason}")
    if panel.state == "open":
        send_change(step, panel, person)


def _leave_if_active(step: Step, panel: PanelRow, person: int, reason: str) -> None:
    active = {m.person_id for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"}
    if person in active:
        leave_panel(step, panel, person, "disqualified", reason)


def _void_sheets(step: Step, panel: PanelRow, person: int, stage: str, reason: str) -> None:
    """Void every sheet of the stage; the case, notified of the change, asks all remaining members for new ones."""
    because = f"取消资格，本阶段重新评审：{reason}"
    step.tx.sheets.drop(person, step.case.id, stage, because)
    valid = {"case_id": step.case.id, "stage": stage, "state": "valid", "task_id__ne": None}
    step.tx.sheets.change_where(valid, state="dropped", reason=because)
    step.audit("panel", f"本阶段重新评审：{reason}", None, {"panel": panel.id, "stage": stage})


def drop_scores(step: Step, panel: PanelRow, person: int, because: str) -> None:
    """Let a person's sheets of a stage no longer count.

    A stage that is over is opened again where too few sheets are left, or none of the experts of the sector that it
    needs, and the case can still score anew; otherwise what was settled is combined anew from the rest, or comes to
    nothing where none is left.
    """
    stage, fact = panel.stage, str(panel.settings.get("fact") or "")
    dropped = step.tx.sheets.drop(person, step.case.id, stage, because)
    settled = {r.stage: r for r in step.tx.stage_scores.select(case_id=step.case.id)}.get(stage)
    if not dropped or settled is None:
        return
    sheet_count = len(valid_sheets(step.tx, step.case.id, stage))
    members = step.tx.panel_members.select(panel_id=panel.id)
    staying = [m for m in members if m.person_id != person]
    lacking = count_lacking_of_sector(step, DrawOrder(**panel.settings["order"]), staying)
    if panel.state != "open" and (lacking or sheet_count < _get_least_sheets(panel)) and can_reopen(step):
        if any(m.person_id == person and m.state == "active" for m in members):
            leave_panel(step, panel, person, "recused", because)
        why = "评审组缺少行业专家" if lacking else "有效评分表不足"
        reopen_stage(step, panel, str(person), f"{why}，重新开启评审：{because}")
    elif sheet_count:
        how = str(panel.settings.get("how", settled.how))
        result = collect_scores(step, stage, how, int(settled.details.get("divergence", 100)), 1)
        step.set_facts({fact: float(result.points)} if fact else {})
    else:
        step.set_facts({fact: None} if fact else {})
        step.audit("scores", f"没有有效的评分表，原得分作废：{because}", None, {"panel": panel.id, "stage": stage})
    tell_round(step, panel, str(person))


def _get_least_sheets(panel: PanelRow) -> int:
    """Return how many sheets a stage needs that is over: one where a panel that became too small goes on as it is."""
    order = panel.settings["order"]
    return 1 if panel.settings.get("review", {}).get("below") == "continue" else int(order["places"])


def can_reopen(step: Step) -> bool:
    """Return whether the case waits for a stage to be opened again, or is at one that was."""
    return any(wait.name == REVIEW_REOPENED for wait in step.instance.message_waits()) or (
        catches_message(step.package, REVIEW_REOPENED)
        and any(p.state == "open" for p in step.tx.panels.of_case(step.case.id))
    )


def reopen_stage(step: Step, panel: PanelRow, cause: str, why: str) -> None:
    """Open a stage again, once per ``cause``: ties are decided on, vacant places filled; who has no sheet scores."""
    fact = str(panel.settings.get("fact") or "")
    step.tx.panels.change(panel.id, state="open")
    step.set_facts({fact: None} if fact else {})
    step.audit("panel", why, None, {"panel": panel.id, "stage": panel.stage})
    key = f"message:{step.case.id}:{REVIEW_REOPENED}:{panel.id}:{cause}"
    review = {**panel.settings["review"], "after_appointment": False}
    step.queue("message", key, {"message": REVIEW_REOPENED, "payload": review})


def tell_round(step: Step, panel: PanelRow, cause: str) -> None:
    """Let the case above rank anew, where it waits for that until its list has left the office."""
    if step.case.parent_id is not None and catches_message(step.package, SCORES_CHANGED):
        key = f"message:{step.case.id}:{SCORES_CHANGED}:{panel.id}:{cause}"
        step.queue("message", key, {"message": SCORES_CHANGED, "payload": {}}, case_id=step.case.parent_id)
