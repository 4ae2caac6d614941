"""Provisional dates: confirmed by the office, or counted again when the year's calendar is published; periods that begin anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.case_access import CONFIRM, named_for, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.fire_timer import fire_instance_timer
from service.casework.interventions.change_due import move_group, notices_ending
from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.fill import compiled, in_words
from service.casework.step.instants import as_instant, explain_window
from service.casework.step.limit_group import group_of
from service.casework.step.move_limits import (
    LimitMove,
    Moved,
    ballots_cut_short,
    counted_again,
    counted_moves,
    move_limits,
    notify_moved_dates,
)
from service.casework.step.reminders import last_day_of
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, open_step
from service.casework.step.task_row import data_of
from service.casework.step.time_limits import get_statutory_limit, last_day_before, limit_of
from service.casework.tasks.overtaken import require_task_unchanged
from service.domain.calendar import CHINA, Window, end_of_day
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.bounds import Reason, Version
from service.engine import PersonTask
from service.store import Transaction
from service.store.models import NoticeRow, TaskRow, WorkItemRow


@guarded("date.confirm")
def confirm_date(desk: Desk, actor: Actor, task_id: int, version: Version, last_day: date, reason: Reason) -> None:
    """Settle a provisional period: ``last_day`` as shown, or a later one with a reason.

    A day that is over lets the timer fire now; a later one lets it run until then.
    Raises Invalid for an earlier day than shown or a change without reason, Conflict when it is settled already.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        require_task_unchanged(tx, actor, task, version)
        actor = named_for(actor, task)
        step = open_step(desk, tx, task.case_id, actor)
        require_running(step.case)
        _require_reason(task, last_day, reason)
        tx.tasks.step(task.id, task.version, state="done", done_at=step.now, done_by=actor.person_id)
        step.audit(
            "confirmed",
            f"{actor.name}确认期限至{in_words(last_day)}。{reason.strip()}",
            task.element,
            {"last_day": last_day.isoformat()},
        )
        _settle_confirmed_timer(step, tx, task, last_day, _describe_reason(reason.strip()))


def _require_reason(task: TaskRow, last_day: date, reason: str) -> None:
    if task.kind != CONFIRM:
        raise Conflict(Text("这不是确认期限的事项。", "This task does not confirm a date."))
    provisional_day = date.fromisoformat(str((task.due_reason or {})["last_day"]))
    if last_day < provisional_day:
        raise Invalid(
            Text(
                f"期限不得早于暂定的{in_words(provisional_day)}。",
                f"The period must not end before {format_full_day(provisional_day).en}.",
            )
        )
    if last_day != provisional_day and not reason.strip():
        raise Invalid(Text("改期须写明原因。", "Say why the date changes."))


def _describe_reason(reason: str) -> Text:
    """Return why the period ends then; the office need give no reason for the day that was shown."""
    return Text(
        "办公室核定" + (f"：{reason}" if reason else ""), "Settled by the office" + (f": {reason}" if reason else "")
    )


def _settle_confirmed_timer(step: Step, tx: Transaction, task: TaskRow, last_day: date, why: Text) -> None:
    """Let the period end now where its day is over; else it and all that goes by it end on the later day."""
    key = str((task.note or {})["effect_key"])
    if end_of_day(last_day) <= step.now:
        drawn = get_timed_element(step.package, task.process_id, task.element)
        provisional_day = date.fromisoformat(str((task.due_reason or {})["last_day"]))
        notify_moved_dates(
            step, [Moved(drawn.name or drawn.id, provisional_day, last_day, attached_to=drawn.attached_to)], why
        )
        tx.work.cancel([key], step.now)
        fire_instance_timer(step, task.engine_id, key, task.process_id, task.element)
        return
    group = group_of(step, f"timer:{task.engine_id}")
    if group is None:
        raise Conflict(Text("这个期限已经不再计时。", "This time limit no longer runs."))
    window = Window(step.today, last_day, False, why)
    notify_moved_dates(step, move_group(step, group, window, notices_ending(step, group), inside=False), why)
    save_step(step)


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
        waiting = tx.work.select(provisional=True, state=("waiting", "held"))
    return sum(_settle_item(desk, item.id) for item in waiting)


def _settle_item(desk: Desk, ident: int) -> bool:
    with desk.store.write() as tx:
        case = tx.work.get(ident).case_id
        assert case is not None
        step = open_step(desk, tx, case, SYSTEM)
        item = tx.work.get(ident)
        if step.case.status == "ended" or not item.provisional or item.state not in _WAITING:  # moved with another one
            return False
        if item.kind == "escalation":
            return _settle_task(step, item)
        notice = _find_awaited_notice(step, item)
        window = counted_again(step, notice) if notice else _evaluate_timer(step, item)
        if window is None or window.provisional:
            return False
        _settle_recomputed_timer(step, item, window, notice)
        return True


def _settle_task(step: Step, item: WorkItemRow) -> bool:
    """Settle the due date of the task that ``item`` reminds of, or its last useful day."""
    row = step.tx.tasks.get(int(item.payload["task"]))
    waiting = next((t for t in step.instance.person_tasks() if t.id == row.engine_id), None)
    if row.state != "open" or waiting is None:
        return False
    days = dict(_recount_task_day(step, row, waiting))
    if not days and not _useful_again(step, row, waiting):
        return False
    step.tx.work.reschedule(item.effect_key, item.due_at, False, item.payload)
    limit_changes = move_limits(step, counted_moves(step, days))
    fresh = step.tx.tasks.get(row.id)
    old, new = (
        (get_statutory_limit(row), get_statutory_limit(fresh))
        if days
        else ((r.due_at, r.due_reason) for r in (row, fresh))
    )
    _record_recount(step, row.element, last_day_of(*old), last_day_of(*new))
    notify_moved_dates(step, limit_changes, PUBLISHED)
    save_step(step)
    return True


def _recount_task_day(step: Step, row: TaskRow, waiting: PersonTask) -> Iterator[tuple[str, tuple[datetime, Window]]]:
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
    _, reason = limit_of(step, waiting, get_statutory_limit(row)[0], None, row.created_at)
    return not (reason or {}).get("provisional")


def _find_awaited_notice(step: Step, item: WorkItemRow) -> NoticeRow | None:
    """Return the running notice whose end the timer waits for, if it waits for one."""
    rows = step.notices()
    return next(
        (n for n in rows if n.state == "running" and n.period.get("provisional") and n.ends_at == item.due_at), None
    )


def _evaluate_timer(step: Step, item: WorkItemRow) -> Window | None:
    """Evaluate the timer's own expression again, as of the instant it was set."""
    timer_state = step.instance.timer_as_of(
        str(item.payload["engine_id"]), datetime.fromisoformat(str(item.payload["set_at"]))
    )
    return timer_state[1] if timer_state else None


def _settle_recomputed_timer(step: Step, item: WorkItemRow, window: Window, notice: NoticeRow | None) -> None:
    engine_id, element = str(item.payload["engine_id"]), str(item.payload["element"])
    window = _not_before_votes(step, item, window)
    if item.due_at == window.ends_at:
        step.tx.work.reschedule(item.effect_key, item.due_at, False, {**item.payload, **explain_window(window)})
    moves = counted_moves(step, {f"timer:{engine_id}": (window.ends_at, window)})
    notices = (notice,) if notice else ()
    limit_changes = move_limits(step, [replace(move, notices=notices, recounted=notice is not None) for move in moves])
    _record_recount(step, element, last_day_of(item.due_at, item.payload), window.last_day)
    notify_moved_dates(step, limit_changes, PUBLISHED)
    settle_instance(step)
    save_step(step)


def _not_before_votes(step: Step, item: WorkItemRow, window: Window) -> Window:
    """Return how a timer is settled: where an open ballot would end sooner, on the day that its members were told."""
    engine_id = str(item.payload["engine_id"])
    timer = next((each for each in step.instance.timers() if each.id == engine_id), None)
    cut = ballots_cut_short(step, timer, window.ends_at) if timer is not None else []
    if not cut:
        return window
    promised_day = last_day_of(item.due_at, item.payload)
    why = Text(
        f"“{cut[0].title}”正在投票，暂定的截止日不提前。",
        f"“{cut[0].title}” is being voted on: its provisional end comes no sooner.",
    )
    return Window(window.first_day, promised_day, False, why, closes=_get_closing_hour(item.due_at))


def _get_closing_hour(at: datetime) -> time | None:
    """Return the hour in Asia/Shanghai at which a day ends, None for 24:00."""
    hour = at.astimezone(CHINA).time()
    return None if hour == time.min else hour


def _record_recount(step: Step, element: str, provisional_day: date, last_day: date) -> None:
    entry = (
        f"暂定期限{in_words(provisional_day)}不变"
        if provisional_day == last_day
        else f"期限由{in_words(provisional_day)}（暂定）定为{in_words(last_day)}"
    )
    step.audit("recomputed", f"工作日历已公布，{entry}", element)


PUT_OFF = Text("截止日期已经改定，期限随之改变。", "The deadline was changed, and the limit with it.")


def restart_periods(step: Step, day: str, why: Text) -> int:
    """Recompute running time limits and timers of the case whose formula reads ``day``; return how many moved.

    ``day`` is a fact of the case (``case.deadline``) or of the one above by its name (``round.deadline``).
    A notice that ended with one of them ends on the new day.

    Those who must act are notified of the new day and ``why``; the history keeps both. A provisional day the office is
    asked to confirm need not be confirmed any more.
    """
    path = tuple(day.split("."))
    moves = counted_moves(step, {**dict(_list_dependent_tasks(step, path)), **dict(_list_dependent_timers(step, path))})
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


def _list_dependent_tasks(step: Step, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[datetime, Window | None]]]:
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        expression = step.element(task.process_id, task.element_id).properties.get("due", "")
        if row is None or not _has_day_reference(step, expression, path):
            continue
        value, windows = step.instance.evaluate_as_of(expression, data_of(task), row.created_at)
        due = as_instant(value)
        if due is not None and due != get_statutory_limit(row)[0]:
            yield f"task:{row.id}", (due, windows[-1] if windows else None)


def _list_dependent_timers(step: Step, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[datetime, Window | None]]]:
    set_at = {
        str(w.payload["engine_id"]): datetime.fromisoformat(str(w.payload["set_at"]))
        for w in step.tx.work.of_case(step.case.id)
        if w.kind == "timer" and w.payload.get("set_at")
    }
    for timer in step.instance.timers():
        drawn = get_timed_element(step.package, timer.process_id, timer.element_id)
        since = set_at.get(timer.id)
        if drawn.timer is None or since is None or not _has_day_reference(step, drawn.timer.expression, path):
            continue
        fresh = step.instance.timer_as_of(timer.id, since)
        if fresh is not None and fresh[0] != timer.due:
            yield f"timer:{timer.id}", fresh


def _has_day_reference(step: Step, expression: str, day: tuple[str, ...]) -> bool:
    if not expression:
        return False
    return any(path[:2] == day for path in compiled(expression, step.desk.functions).paths)
