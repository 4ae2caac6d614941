"""Confirm a provisional date, by the office, before the calendar is published."""

from __future__ import annotations

from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.case_access import CONFIRM, demand_running, named_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.fire_timer import fire
from service.casework.interventions.move_group import move_group, notices_ending
from service.casework.step.behind_gateway import timed
from service.casework.step.fill import in_words
from service.casework.step.limit_group import group_of
from service.casework.step.notify_moved_dates import Moved, notify_moved_dates
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.tasks.overtaken import demand_task_unchanged
from service.domain.calendar import Window, end_of_day
from service.domain.calendar.dates import full
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.bounds import Reason, Version
from service.store import Transaction
from service.store.models import TaskRow


@guarded("date.confirm")
def confirm_date(desk: Desk, actor: Actor, task_id: int, version: Version, last_day: date, reason: Reason) -> None:
    """Settle a provisional period: ``last_day`` as shown, or a later one with a reason.

    A day that is over lets the timer fire now; a later one lets it run until then.
    Raises Invalid for an earlier day than shown or a change without reason, Conflict when it is settled already.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        demand_task_unchanged(tx, actor, task, version)
        actor = named_for(actor, task)
        step = open_step(desk, tx, task.case_id, actor)
        demand_running(step.case)
        _demand(task, last_day, reason)
        tx.tasks.update(task.id, task.version, state="done", done_at=step.now, done_by=actor.person_id)
        step.audit(
            "confirmed",
            f"{actor.name}确认期限至{in_words(last_day)}。{reason.strip()}",
            task.element,
            {"last_day": last_day.isoformat()},
        )
        _settle_timer(step, tx, task, last_day, _why(reason.strip()))


def _demand(task: TaskRow, last_day: date, reason: str) -> None:
    if task.kind != CONFIRM:
        raise Conflict(Text("这不是确认期限的事项。", "This task does not confirm a date."))
    shown = date.fromisoformat(str((task.due_reason or {})["last_day"]))
    if last_day < shown:
        raise Invalid(
            Text(f"期限不得早于暂定的{in_words(shown)}。", f"The period must not end before {full(shown).en}.")
        )
    if last_day != shown and not reason.strip():
        raise Invalid(Text("改期须写明原因。", "Say why the date changes."))


def _why(reason: str) -> Text:
    """Return why the period ends then; the office need give no reason for the day that was shown."""
    return Text(
        "办公室核定" + (f"：{reason}" if reason else ""), "Settled by the office" + (f": {reason}" if reason else "")
    )


def _settle_timer(step: Step, tx: Transaction, task: TaskRow, last_day: date, why: Text) -> None:
    """Let the period end now where its day is over; else it and all that goes by it end on the later day."""
    key = str((task.note or {})["effect_key"])
    if end_of_day(last_day) <= step.now:
        drawn = timed(step.package, task.process_id, task.element)
        shown = date.fromisoformat(str((task.due_reason or {})["last_day"]))
        notify_moved_dates(step, [Moved(drawn.name or drawn.id, shown, last_day, attached_to=drawn.attached_to)], why)
        tx.work.cancel([key], step.now)
        fire(step, task.engine_id, key, task.process_id, task.element)
        return
    group = group_of(step, f"timer:{task.engine_id}")
    if group is None:
        raise Conflict(Text("这个期限已经不再计时。", "This time limit no longer runs."))
    window = Window(step.today, last_day, False, why)
    notify_moved_dates(step, move_group(step, group, window, notices_ending(step, group), inside=False), why)
    save_step(step)
