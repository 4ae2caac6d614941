"""Provisional dates: confirmed by the office, or counted again when the year's calendar is published."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.case_access import CONFIRM, named_for, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.fire_timer import fire_instance_timer
from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.fill import in_words
from service.casework.step.instants import explain_window
from service.casework.step.limits.changes import LimitChange, change_of, record_change, tell_changes
from service.casework.step.limits.days import get_display_limit, get_statutory_limit, last_day_of
from service.casework.step.limits.move import LimitMove, give_day, move_limits, plan_moves, with_notices
from service.casework.step.limits.notices import count_notice, list_running_notices
from service.casework.step.limits.running import Counted, RunningLimit, count_limit, group_of, running_limits
from service.casework.step.limits.useful_days import count_task_limits
from service.casework.step.limits.votes import ballots_cut_short
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, open_step
from service.casework.tasks.overtaken import require_task_unchanged
from service.domain.calendar import CHINA, Window, end_of_day
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.bounds import Reason, Version
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
        old, due = last_day_of(task.due_at, task.due_reason), end_of_day(last_day)
        timer = f"timer:{task.engine_id}"
        change = LimitChange(timer, drawn.name or drawn.id, old, last_day, due, attached_to=drawn.attached_to)
        tell_changes(step, [change], why)
        tx.work.cancel([key], step.now)
        fire_instance_timer(step, task.engine_id, key, task.process_id, task.element)
        return
    group = group_of(step, f"timer:{task.engine_id}")
    if group is None:
        raise Conflict(Text("这个期限已经不再计时。", "This time limit no longer runs."))
    move_limits(step, [with_notices(step, give_day(step, group, Window(step.today, last_day, False, why)))], why)
    save_step(step)


PUBLISHED = Text("当年工作日历已经公布，暂定期限据此确定。", "The year's calendar is published and settles it.")
"""Why a provisional date moved."""

_WAITING = ("waiting", "held")


@guarded("work.run")
def recompute_dates(desk: Desk, actor: Actor) -> int:  # noqa: ARG001  the guard reads the actor
    """Count every provisional time limit again with the calendars as they are now; returns how many were settled.

    Each change is audited with its reason, and those who must act are notified of a moved day.
    A date that stays provisional is left alone.
    """
    with desk.store.read() as tx:
        waiting = tx.work.select(provisional=True, state=_WAITING)
    return sum(_settle_case(desk, case) for case in dict.fromkeys(item.case_id for item in waiting) if case is not None)


def _settle_case(desk: Desk, case_id: int) -> int:
    with desk.store.write() as tx:
        step = open_step(desk, tx, case_id, SYSTEM)
        items = {_name_limit(item): item for item in tx.work.of_case(case_id, _WAITING) if item.provisional}
        if step.case.status == "ended":
            return 0
        settled = list(_iterate_settled_limits(step, items))
        days = {limit.ident: counted for limit, counted, _ in settled}
        notices = {limit.ident: notice for limit, _, notice in settled if notice is not None}
        for limit, counted, _ in settled:
            reason = get_statutory_limit(limit.row)[1] if limit.row else items[limit.ident].payload
            change = replace(change_of(step, limit, counted), old=last_day_of(limit.at, reason))
            record_change(step, change, PUBLISHED.zh)
        useful = _record_useful_days(step, items.keys() - days.keys())
        if not days and not useful:
            return 0
        moves = [_with_awaited(move, notices) for move in plan_moves(step, days)]
        move_limits(step, moves, PUBLISHED)
        for ident in (*days, *useful):
            _mark_settled(tx, items[ident], days.get(ident))
        settle_instance(step)
        save_step(step)
        return len(days) + len(useful)


def _name_limit(item: WorkItemRow) -> str:
    """Return the limit that a timer, or the reminder of a task, is about."""
    return f"timer:{item.payload['engine_id']}" if item.kind == "timer" else f"task:{item.payload.get('task')}"


def _iterate_settled_limits(
    step: Step, items: Mapping[str, WorkItemRow]
) -> Iterator[tuple[RunningLimit, tuple[datetime, Window], NoticeRow | None]]:
    """Yield each provisional limit that is so no more as it is counted now, with the running notice whose end it waits for."""
    for limit in running_limits(step):
        if limit.ident not in items or (limit.row and not (get_statutory_limit(limit.row)[1] or {}).get("provisional")):
            continue
        awaited = list_running_notices(step, [limit.at]) if limit.timer else []
        notice = next((notice for notice in awaited if notice.period.get("provisional")), None)
        due, window = (None, count_notice(step, notice)) if notice else count_limit(step, limit) or (None, None)
        if window is not None and not window.provisional:
            if limit.timer is not None:
                window = _not_before_votes(step, limit, items[limit.ident], window)
                due = window.ends_at
            yield limit, (due or window.ends_at, window), notice


def _record_useful_days(step: Step, idents: Collection[str]) -> list[str]:
    """Put on record the last useful days that were provisional and are so no more; return their limits."""
    settled = []
    for row, _, limit in count_task_limits(step):
        shown, ident = row.due_reason or {}, f"task:{row.id}"
        is_open = ident in idents and shown.get("useful") and shown.get("provisional")
        if is_open and not (limit[1] or {}).get("provisional"):
            old, new = last_day_of(*get_display_limit(row)), last_day_of(*limit)
            record_change(step, LimitChange(ident, row.title, old, new, limit[0]), PUBLISHED.zh)
            settled.append(ident)
    return settled


def _with_awaited(move: LimitMove, notices: Mapping[str, NoticeRow]) -> LimitMove:
    """Return a move with the notices for whose end its timers wait."""
    ending = {notice.id: notice for limit in move.limits if (notice := notices.get(limit.ident)) is not None}
    return replace(move, notices=tuple(ending.values()), recounted=bool(ending))


def _mark_settled(tx: Transaction, item: WorkItemRow, counted: Counted | None) -> None:
    """Let what waits for a limit know that its day is certain: of a task, once the one that it shows is."""
    if item.kind == "timer":
        payload = {**item.payload, **explain_window(counted[1] if counted else None)}
        tx.work.reschedule(item.effect_key, item.due_at, False, payload)
        return
    reason = tx.tasks.get(int(item.payload["task"])).due_reason or {}
    tx.work.reschedule(item.effect_key, item.due_at, bool(reason.get("provisional")), item.payload)


def _not_before_votes(step: Step, limit: RunningLimit, item: WorkItemRow, window: Window) -> Window:
    """Return how a timer is settled: where an open ballot would end sooner, on the day that its members were told."""
    cut = ballots_cut_short(step, limit, window.ends_at)
    if not cut:
        return window
    hour = limit.at.astimezone(CHINA).time()
    why = Text(
        f"“{cut[0].title}”正在投票，暂定的截止日不提前。",
        f"“{cut[0].title}” is being voted on: its provisional end comes no sooner.",
    )
    last_day = last_day_of(limit.at, item.payload)
    return Window(window.first_day, last_day, False, why, closes=None if hour == time.min else hour)
