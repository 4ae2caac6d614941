"""Restart periods that count from a recorded day when that day changes: a correction restarts acceptance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from service.casework.step.fill import compiled, in_words
from service.casework.step.instants import as_instant
from service.casework.step.notify_moved_dates import Moved, notify_moved_dates
from service.casework.step.step import Step
from service.casework.step.task_row import data_of
from service.casework.step.time_limits import limit_of, renew_limits, statutory
from service.domain.calendar import local_date
from service.domain.text import Text


def restart_periods(step: Step, fact: str, why: Text) -> int:
    """Recompute running time limits and timers of the case whose formula reads ``case.fact``; return how many moved.

    Those who must act are notified of the new day and ``why``; the history keeps both. A provisional day the office is
    asked to confirm need not be confirmed any more.
    """
    moved = [*_tasks(step, fact), *_timers(step, fact)]
    if moved:
        renew_limits(step)
        notify_moved_dates(step, moved, why)
    for change in moved:
        step.audit("restarted", f"“{change.name}”的期限由{in_words(change.old)}改为{in_words(change.new)}：{why.zh}")
    return len(moved)


def _tasks(step: Step, fact: str) -> Iterator[Moved]:
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        expression = step.element(task.process_id, task.element_id).properties.get("due", "")
        if row is None or not _reads(step, expression, fact):
            continue
        value, windows = step.instance.evaluate_as_of(expression, data_of(task), row.created_at)
        due, old = as_instant(value), statutory(row)[0]
        if due is not None and due != old:
            at, reason = limit_of(step, task, due, windows[-1] if windows else None)
            step.tx.tasks.update(row.id, row.version, due_at=at, due_reason=reason)
            yield Moved(row.title, _last_day(old), _last_day(due), step.tx.tasks.get(row.id))


def _timers(step: Step, fact: str) -> Iterator[Moved]:
    set_at = {
        str(w.payload["engine_id"]): datetime.fromisoformat(str(w.payload["set_at"]))
        for w in step.tx.work.of_case(step.case.id)
        if w.kind == "timer" and w.payload.get("set_at")
    }
    for timer in step.instance.timers():
        drawn = step.element(timer.process_id, timer.element_id)
        since = set_at.get(timer.id)
        if drawn.timer is None or since is None or not _reads(step, drawn.timer.expression, fact):
            continue
        fresh = step.instance.timer_as_of(timer.id, since)
        if fresh is not None and fresh[0] != timer.due:
            step.instance.move_timer(timer.id, *fresh)
            asked = [t.id for t in step.tx.tasks.open_of_case(step.case.id) if t.engine_id == timer.id]
            step.tx.tasks.cancel(asked, step.now)
            yield Moved(
                drawn.name or drawn.id, _last_day(timer.due), _last_day(fresh[0]), attached_to=drawn.attached_to
            )


def _reads(step: Step, expression: str, fact: str) -> bool:
    if not expression:
        return False
    return any(path[:2] == ("case", fact) for path in compiled(expression, step.desk.functions).paths)


def _last_day(due: datetime) -> date:
    return local_date(due - timedelta(seconds=1))
