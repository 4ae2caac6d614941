"""Suspend a case and resume it, as a scenario plays it; people do it by the interventions, which ask for more."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.move_limits import notify_suspension
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text


@guarded("case.suspend")
def suspend_case(desk: Desk, actor: Actor, case_id: int, reason: str) -> None:
    """Stop a case until it is resumed; due timers wait. Raises Invalid without a reason, Conflict."""
    with desk.store.write() as tx:
        step = _require_right_and_reason(actor, open_step(desk, tx, case_id, actor), reason)
        informed_count = suspend_step_case(step, reason.strip())
        step.audit("suspended", f"暂停办理：{reason.strip()}{_format_informed_count(len(informed_count))}")
        save_step(step)


@guarded("case.suspend")
def resume_case(desk: Desk, actor: Actor, case_id: int, reason: str) -> None:
    """Let a suspended case go on; timers that became due meanwhile fire at once, in due order."""
    with desk.store.write() as tx:
        step = _require_right_and_reason(actor, open_step(desk, tx, case_id, actor), reason)
        informed_count = let_go(step, reason.strip())
        step.audit("resumed", f"恢复办理：{reason.strip()}{_format_informed_count(len(informed_count))}")
        save_step(step)


def suspend_step_case(step: Step, reason: str, inside: str = "") -> frozenset[int]:
    """Suspend the case of ``step`` and tell whoever has a task of it; returns whom, raises Conflict unless it runs.

    The office is told the reason ``inside`` it, where there is one. Whoever calls it puts it on record.
    """
    if step.case.status != "running":
        raise Conflict(Text("只有办理中的办件可以暂停。", "Only a running case can be suspended."))
    step.change(status="suspended")
    return notify_suspension(step, reason, halted=True, inside=inside)


def let_go(step: Step, reason: str, inside: str = "") -> frozenset[int]:
    """Resume the case of ``step`` and tell whoever has a task of it; else as `halt`, raises Conflict unless suspended."""
    if step.case.status != "suspended":
        raise Conflict(Text("办件没有暂停。", "The case is not suspended."))
    step.change(status="running")
    step.tx.work.release(step.case.id)
    return notify_suspension(step, reason, halted=False, inside=inside)


def _format_informed_count(informed_count: int) -> str:
    return f"（已告知{informed_count}人）" if informed_count else ""


def _require_right_and_reason(actor: Actor, step: Step, reason: str) -> Step:
    if not actor.administers(step.case.jurisdiction):
        raise NotAllowed(
            Text("暂停和恢复由本辖区管理员办理。", "Only an administrator of the jurisdiction may do this.")
        )
    if not reason.strip():
        raise Invalid(Text("请写明原因，原因会记入办件记录。", "Say why; the reason goes on record."))
    describe_current_act(step.case.title, place=step.case.jurisdiction, reason=reason.strip())
    return step
