"""Restart periods that count from a recorded day when that day changes: acceptance anew, a deadline put off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from service.casework.step.behind_gateway import timed
from service.casework.step.fill import compiled, in_words
from service.casework.step.instants import as_instant
from service.casework.step.move_limits import LimitMove, counted_moves, move_limits
from service.casework.step.notify_moved_dates import notify_moved_dates
from service.casework.step.step import Step
from service.casework.step.task_row import data_of
from service.casework.step.time_limits import last_day_before, statutory
from service.domain.calendar import Window
from service.domain.text import Text
from service.store.models import NoticeRow

PUT_OFF = Text("截止日期已经改定，期限随之改变。", "The deadline was changed, and the limit with it.")


def restart_periods(step: Step, day: str, why: Text) -> int:
    """Recompute running time limits and timers of the case whose formula reads ``day``; return how many moved.

    ``day`` is a fact of the case (``case.deadline``) or of the one above by its name (``round.deadline``).
    A notice that ended with one of them ends on the new day.

    Those who must act are notified of the new day and ``why``; the history keeps both. A provisional day the office is
    asked to confirm need not be confirmed any more.
    """
    path = tuple(day.split("."))
    moves = counted_moves(step, {**dict(_tasks(step, path)), **dict(_timers(step, path))})
    moves = [replace(move, notices=_notices_ending(step, move)) for move in moves]
    if moves:
        notify_moved_dates(step, move_limits(step, moves), why)
    moved = [(limit, move) for move in moves for limit in move.limits]
    for limit, move in moved:
        old, new = in_words(last_day_before(limit.at)), in_words(last_day_before(move.due))
        step.audit("restarted", f"“{limit.name}”的期限由{old}改为{new}：{why.zh}")
    return len(moved)


def _notices_ending(step: Step, move: LimitMove) -> tuple[NoticeRow, ...]:
    ends = {limit.at for limit in move.limits if limit.timer is not None} if move.window else set()
    return tuple(n for n in step.notices() if n.state == "running" and n.ends_at in ends)


def _tasks(step: Step, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[datetime, Window | None]]]:
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        expression = step.element(task.process_id, task.element_id).properties.get("due", "")
        if row is None or not _reads(step, expression, path):
            continue
        value, windows = step.instance.evaluate_as_of(expression, data_of(task), row.created_at)
        due = as_instant(value)
        if due is not None and due != statutory(row)[0]:
            yield f"task:{row.id}", (due, windows[-1] if windows else None)


def _timers(step: Step, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[datetime, Window | None]]]:
    set_at = {
        str(w.payload["engine_id"]): datetime.fromisoformat(str(w.payload["set_at"]))
        for w in step.tx.work.of_case(step.case.id)
        if w.kind == "timer" and w.payload.get("set_at")
    }
    for timer in step.instance.timers():
        drawn = timed(step.package, timer.process_id, timer.element_id)
        since = set_at.get(timer.id)
        if drawn.timer is None or since is None or not _reads(step, drawn.timer.expression, path):
            continue
        fresh = step.instance.timer_as_of(timer.id, since)
        if fresh is not None and fresh[0] != timer.due:
            yield f"timer:{timer.id}", fresh


def _reads(step: Step, expression: str, day: tuple[str, ...]) -> bool:
    if not expression:
        return False
    return any(path[:2] == day for path in compiled(expression, step.desk.functions).paths)
