"""When a calendar year is published, provisional dates become exact ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from service.casework.actor import SYSTEM, Actor
from service.casework.desk import Desk
from service.casework.fill import compiled, in_words
from service.casework.guards import guarded
from service.casework.save import save_step
from service.casework.settle import settle
from service.casework.step import Step, open_step
from service.domain.calendar import StartRule, Window, calendar_window, working_window
from service.store.rows import NoticeRow, WorkItemRow


@guarded("work.run")
def recompute_dates(desk: Desk, actor: Actor) -> int:  # noqa: ARG001  the guard reads the actor
    """Look at every provisional timer again with the calendars as they are now; returns how many dates were settled.

    Each change is audited with its reason. A date that stays provisional stays as it is.
    """
    with desk.store.read() as tx:
        waiting = tx.work.provisional()
    return sum(_settled(desk, item) for item in waiting)


def _settled(desk: Desk, item: WorkItemRow) -> bool:
    assert item.case_id is not None
    with desk.store.write() as tx:
        step = open_step(desk, tx, item.case_id, SYSTEM)
        if step.case.status == "ended":
            return False
        notice = _notice(step, item)
        window = _again(step, notice) if notice else _evaluated(step, item)
        if window is None or window.provisional:
            return False
        if notice:
            _settle_notice(step, notice, window)
        _settle_timer(step, item, window)
        return True


def _notice(step: Step, item: WorkItemRow) -> NoticeRow | None:
    """Return the running notice whose end the timer waits for, if it waits for one."""
    rows = step.tx.notices.of_case(step.case.id)
    return next(
        (n for n in rows if n.state == "running" and n.period.get("provisional") and n.ends_at == item.due_at), None
    )


def _again(step: Step, notice: NoticeRow) -> Window:
    env, length = step.environment, int(notice.period["length"])
    rule = StartRule(notice.period.get("day_one", env.counting.notice.value))
    if notice.period["unit"] == "working_days":
        return working_window(env.calendar, notice.posted_at, length, rule)
    return calendar_window(env.calendar, notice.posted_at, length, rule, env.counting.roll)


def _evaluated(step: Step, item: WorkItemRow) -> Window | None:
    """Evaluate the timer's own expression again, as of the instant it was set."""
    element = step.element(str(item.payload["process_id"]), str(item.payload["element"]))
    if element.timer is None:
        return None
    then = replace(step.environment, now=datetime.fromisoformat(str(item.payload["set_at"])))
    compiled(element.timer.expression, step.desk.functions).evaluate(step.environment.variables, then)
    return next(reversed(then.take_windows()), None)


def _settle_notice(step: Step, notice: NoticeRow, window: Window) -> None:
    period = {**notice.period, "provisional": False, **window.reason.as_json()}
    step.tx.notices.update(notice.id, last_day=window.last_day, ends_at=window.ends_at, period=period)


def _settle_timer(step: Step, item: WorkItemRow, window: Window) -> None:
    engine_id, element = str(item.payload["engine_id"]), str(item.payload["element"])
    shown = item.payload.get("last_day")
    step.instance.move_timer(engine_id, window.ends_at)
    step.tx.tasks.cancel([t.id for t in step.tx.tasks.open_of_case(step.case.id) if t.engine_id == engine_id], step.now)
    step.audit("recomputed", f"工作日历已公布，期限由{in_words(shown)}（暂定）定为{in_words(window.last_day)}", element)
    settle(step)
    save_step(step)
