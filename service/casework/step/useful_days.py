"""Last useful days that hang on facts or on calendars as they were before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from service.casework.desk.calendars import former_calendars, list_differing_states
from service.casework.step.move_limits import find_display_day, moved_tasks, notify_moved_dates
from service.casework.step.reminders import last_day_of
from service.casework.step.step import Step
from service.casework.step.time_limits import (
    NO_DUE_DATE,
    Limit,
    get_statutory_limit,
    limit_of,
    may_be_too_late,
    renew_limits,
)
from service.domain.text import Text
from service.engine import PersonTask
from service.store.models import TaskRow

_WHY = Text("办件的数据有变动，其后的期限随之改变", "a value of the case changed, and with it the limits that follow")


def follow_facts(step: Step, fresh: Collection[TaskRow]) -> None:
    """Count the last useful days of tasks that were open before the step again; who holds one that moved is told.

    ``fresh`` are the tasks that this step opened: they know the facts as they are now.
    """
    new = {row.engine_id for row in fresh}
    before = [task for task in step.instance.person_tasks() if task.id not in new]
    if step.instance.completed or not any(may_be_too_late(step, task) for task in before):
        return
    days_by_task = {row.id: find_display_day(row) for row in step.tx.tasks.open_of_case(step.case.id)}
    renew_limits(step)
    moved = list(moved_tasks(step, days_by_task))
    if moved:
        notify_moved_dates(step, moved, _WHY)


def former_steps(step: Step) -> tuple[Step, ...]:
    """Return the case as each other state of its calendar before today's saw it, newest first; in memory alone."""
    past_steps = []
    states = former_calendars(step.desk, step.tx)
    for calendars in list_differing_states(states, step.desk, step.package.jurisdiction.calendar):
        before = Step(replace(step.desk, calendars=calendars), step.tx, step.case, step.actor)
        before.instance = before.desk.engine.restore(step.case.definition, before.engine_state, before.environment)
        past_steps.append(before)
    return tuple(past_steps)


def counted_before(former: Iterable[Step], task: PersonTask, row: TaskRow) -> bool:
    """Return whether the day that a task shows is the one that some ``former`` state of the calendars gave.

    Where none did, it is otherwise for another reason: a fact that it is counted from, say.
    """
    task_day = find_limit_day((row.due_at, row.due_reason))
    due = get_statutory_limit(row)[0]
    return any(find_limit_day(limit_of(before, task, due, None, row.created_at)) == task_day for before in former)


def find_limit_day(limit: Limit) -> date | None:
    """Return the day that a limit shows as its last, None where there is none."""
    due, reason = limit
    return None if due == NO_DUE_DATE else last_day_of(due, reason)
