"""Recompute provisional dates when the working calendar of a year is published, and notify of moved days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.closing_ballots import ballots_cut_short
from service.casework.step.explain import explained
from service.casework.step.fill import in_words
from service.casework.step.instants import as_instant
from service.casework.step.move_limits import counted_moves, move_limits
from service.casework.step.notice_window import counted_again
from service.casework.step.notify_moved_dates import notify_moved_dates
from service.casework.step.reminders import last_day_of
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import Step, open_step
from service.casework.step.task_row import data_of
from service.casework.step.time_limits import limit_of, statutory
from service.domain.calendar import CHINA, Window
from service.domain.text import Text
from service.engine import PersonTask
from service.store.models import NoticeRow, TaskRow, WorkItemRow

PUBLISHED = Text("当年工作日历已经公布，暂定期限据此确定。", "The year's calendar is published and settles it.")
"""Why a provisional date moved."""

_WAITING = ("waiting", "held")


@guarded("work.run")
def recompute_dates(desk: Desk, actor: Actor) -> int:  # noqa: ARG001  the guard reads the actor
    """Look at every provisional time limit again with the calendars as they are now; returns how many were settled.

    Each change is audited with its reason, and those who must act are notified of a moved day.
    A date that stays provisional is left alone.
    """
    with desk.store.read() as tx:
        waiting = tx.work.provisional()
    return sum(_settled(desk, item.id) for item in waiting)


def _settled(desk: Desk, ident: int) -> bool:
    with desk.store.write() as tx:
        case = tx.work.get(ident).case_id
        assert case is not None
        step = open_step(desk, tx, case, SYSTEM)
        item = tx.work.get(ident)
        if step.case.status == "ended" or not item.provisional or item.state not in _WAITING:  # moved with another one
            return False
        if item.kind == "escalation":
            return _settle_task(step, item)
        notice = _notice(step, item)
        window = counted_again(step, notice) if notice else _evaluated(step, item)
        if window is None or window.provisional:
            return False
        _settle_timer(step, item, window, notice)
        return True


def _settle_task(step: Step, item: WorkItemRow) -> bool:
    """Settle the due date of the task that ``item`` reminds of, or its last useful day."""
    row = step.tx.tasks.get(int(item.payload["task"]))
    waiting = next((t for t in step.instance.person_tasks() if t.id == row.engine_id), None)
    if row.state != "open" or waiting is None:
        return False
    days = dict(_counted(step, row, waiting))
    if not days and not _useful_again(step, row, waiting):
        return False
    step.tx.work.reschedule(item.effect_key, item.due_at, False, item.payload)
    told = move_limits(step, counted_moves(step, days))
    fresh = step.tx.tasks.get(row.id)
    old, new = (statutory(row), statutory(fresh)) if days else ((r.due_at, r.due_reason) for r in (row, fresh))
    _record(step, row.element, last_day_of(*old), last_day_of(*new))
    notify_moved_dates(step, told, PUBLISHED)
    save_step(step)
    return True


def _counted(step: Step, row: TaskRow, waiting: PersonTask) -> Iterator[tuple[str, tuple[datetime, Window]]]:
    """Yield the task's own day as it is counted now, unless that is still provisional or there is none."""
    expression = step.element(row.process_id, row.element).properties.get("due")
    if expression:
        value, windows = step.instance.evaluate_as_of(expression, data_of(waiting), row.created_at)
        due = as_instant(value)
        if due is not None and windows and not windows[-1].provisional:
            yield f"task:{row.id}", (due, windows[-1])


def _useful_again(step: Step, row: TaskRow, waiting: PersonTask) -> bool:
    """Return whether a last useful day that was provisional is so no more."""
    before = row.due_reason or {}
    if not (before.get("useful") and before.get("provisional")):
        return False
    _, reason = limit_of(step, waiting, statutory(row)[0], None, row.created_at)
    return not (reason or {}).get("provisional")


def _notice(step: Step, item: WorkItemRow) -> NoticeRow | None:
    """Return the running notice whose end the timer waits for, if it waits for one."""
    rows = step.notices()
    return next(
        (n for n in rows if n.state == "running" and n.period.get("provisional") and n.ends_at == item.due_at), None
    )


def _evaluated(step: Step, item: WorkItemRow) -> Window | None:
    """Evaluate the timer's own expression again, as of the instant it was set."""
    found = step.instance.timer_as_of(
        str(item.payload["engine_id"]), datetime.fromisoformat(str(item.payload["set_at"]))
    )
    return found[1] if found else None


def _settle_timer(step: Step, item: WorkItemRow, window: Window, notice: NoticeRow | None) -> None:
    engine_id, element = str(item.payload["engine_id"]), str(item.payload["element"])
    window = _not_before_votes(step, item, window)
    if item.due_at == window.ends_at:
        step.tx.work.reschedule(item.effect_key, item.due_at, False, {**item.payload, **explained(window)})
    moves = counted_moves(step, {f"timer:{engine_id}": (window.ends_at, window)})
    notices = (notice,) if notice else ()
    told = move_limits(step, [replace(move, notices=notices, recounted=notice is not None) for move in moves])
    _record(step, element, last_day_of(item.due_at, item.payload), window.last_day)
    notify_moved_dates(step, told, PUBLISHED)
    settle(step)
    save_step(step)


def _not_before_votes(step: Step, item: WorkItemRow, window: Window) -> Window:
    """Return how a timer is settled: where an open ballot would end sooner, on the day that its members were told."""
    engine_id = str(item.payload["engine_id"])
    timer = next((each for each in step.instance.timers() if each.id == engine_id), None)
    cut = ballots_cut_short(step, timer, window.ends_at) if timer is not None else []
    if not cut:
        return window
    told = last_day_of(item.due_at, item.payload)
    why = Text(
        f"“{cut[0].title}”正在投票，暂定的截止日不提前。",
        f"“{cut[0].title}” is being voted on: its provisional end comes no sooner.",
    )
    return Window(window.first_day, told, False, why, closes=_hour(item.due_at))


def _hour(at: datetime) -> time | None:
    """Return the hour in Asia/Shanghai at which a day ends, None for 24:00."""
    hour = at.astimezone(CHINA).time()
    return None if hour == time.min else hour


def _record(step: Step, element: str, shown: date, last_day: date) -> None:
    entry = (
        f"暂定期限{in_words(shown)}不变"
        if shown == last_day
        else f"期限由{in_words(shown)}（暂定）定为{in_words(last_day)}"
    )
    step.audit("recomputed", f"工作日历已公布，{entry}", element)
