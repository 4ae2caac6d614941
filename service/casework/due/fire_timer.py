"""Fire a timer that is due, or ask the office to confirm a provisional date."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM, office_role
from service.casework.access.case_access import CONFIRM
from service.casework.desk.desk import Desk
from service.casework.step.case_state import Cause
from service.casework.step.fill import in_words
from service.casework.step.instants import as_instant
from service.casework.step.limits.days import NO_DUE_DATE
from service.casework.step.limits.paper_entry import wait_for_papers
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, open_step
from service.store.models import TaskRow, WorkItemRow


def fire_timer(desk: Desk, item: WorkItemRow) -> None:
    """Fire the timer of ``item``, once.

    A provisional date never passes by time alone: the office gets a task to confirm it and the item
    is held. One that takes papers waits for them first. A timer that is gone or was moved fires nothing.
    """
    assert item.case_id is not None
    with desk.store.write() as tx:
        step = open_step(desk, tx, item.case_id, SYSTEM)
        if step.case.status == "suspended" or item.provisional:
            if step.case.status == "running":
                _ask_to_confirm(step, item)
                save_step(step)
            tx.work.hold(item, step.now)
            return
        if step.case.status == "running" and wait_for_papers(step, item):
            return
        if step.case.status == "running":
            fire_instance_timer(
                step,
                str(item.payload["engine_id"]),
                item.effect_key,
                item.process_id or "",
                str(item.payload["element"]),
            )
        tx.crash("before-finish")
        tx.work.finish(item, desk.clock.now())


def fire_instance_timer(step: Step, engine_id: str, key: str, process: str, element: str) -> None:
    """Fire one timer of the step's instance, ``element`` of diagram ``process``, and write everything."""
    if step.instance.fire(engine_id):
        diagram = step.package.processes.get(process)
        drawn = diagram.elements.get(element) if diagram else None
        step.audit("timer", f"期限届满：{drawn.name if drawn and drawn.name else element}", element)
    step.tx.crash("timer-fired")
    settle_instance(step)
    save_step(step, Cause(fired_timer=key))


def _ask_to_confirm(step: Step, item: WorkItemRow) -> None:
    role = office_role(step.package)
    day = str(item.payload.get("last_day", ""))
    row = TaskRow(
        case_id=step.case.id,
        engine_id=str(item.payload["engine_id"]),
        process_id=str(item.payload.get("process_id", "")),
        element=str(item.payload["element"]),
        kind=CONFIRM,
        title=f"确认期限：{in_words(day)}（所依据的工作日历尚未公布或没有载入，系暂定）",
        subject=step.case.title,
        jurisdiction=step.case.jurisdiction,
        role=role,
        due_at=as_instant(step.now) or NO_DUE_DATE,
        due_reason={k: item.payload.get(k) for k in ("zh", "en", "last_day", "provisional")},
        note={"work_item": item.id, "effect_key": item.effect_key},
        created_at=step.now,
    )
    step.tx.tasks.insert_many([row])
    step.audit("provisional", f"暂定期限{in_words(day)}已到，等待办公室确认", str(item.payload["element"]))
