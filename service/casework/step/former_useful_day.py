"""Whether the last useful day that a task shows was counted by the calendars as they were before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from service.casework.desk.calendars import differing, former_calendars
from service.casework.step.reminders import last_day_of
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, Limit, limit_of, statutory
from service.engine import PersonTask
from service.store.models import TaskRow


def former_steps(step: Step) -> tuple[Step, ...]:
    """Return the case as each other state of its calendar before today's saw it, newest first; in memory alone."""
    found = []
    states = former_calendars(step.desk, step.tx)
    for calendars in differing(states, step.desk, step.package.jurisdiction.calendar):
        before = Step(replace(step.desk, calendars=calendars), step.tx, step.case, step.actor)
        before.instance = before.desk.engine.restore(step.case.definition, before.engine_state, before.environment)
        found.append(before)
    return tuple(found)


def counted_before(former: Iterable[Step], task: PersonTask, row: TaskRow) -> bool:
    """Return whether the day that a task shows is the one that some ``former`` state of the calendars gave.

    Where none did, it is otherwise for another reason: a fact that it is counted from, say.
    """
    shown = shown_by((row.due_at, row.due_reason))
    due = statutory(row)[0]
    return any(shown_by(limit_of(before, task, due, None, row.created_at)) == shown for before in former)


def shown_by(limit: Limit) -> date | None:
    """Return the day that a limit shows as its last, None where there is none."""
    due, reason = limit
    return None if due == NO_DUE_DATE else last_day_of(due, reason)
