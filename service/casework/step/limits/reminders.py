"""The reminders of a task's time limit (催办) as work: the first when it begins to wait, the next when one was sent.

Only the next reminder of a task waits as a work item; carrying it out puts the one after it in its
place, so that a task done in time leaves nothing behind. A due date that was moved meanwhile moves
what is left of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from service.casework.step.limits.days import NO_DUE_DATE, find_limit_day, last_day_of, read_statutory_limit
from service.casework.step.step import Step
from service.domain.calendar import WorkingCalendar
from service.domain.calendar.reminder_schedule import AFTER, BEFORE, Reminder, reminders
from service.store import NewWork
from service.store.models import CaseRow, TaskRow


def first_reminder(step: Step, row: TaskRow) -> NewWork | None:
    """Return the first reminder of a task that has just begun to wait, None when it has no time limit."""
    if row.due_at == NO_DUE_DATE or step.instance.completed:
        return None
    calendar = step.desk.calendar(step.package.jurisdiction.calendar)
    planned = planned_reminders(calendar, step.case, row.due_at, row.due_reason)
    return next_reminder(step.case.id, row.id, planned, row.due_reason, step.now)


def renew_reminder(step: Step, task_id: int) -> None:
    """Let a task whose time limit was moved be reminded of the new one; what was reminded of before is another effect."""
    row = step.tx.tasks.get(task_id)
    old = [
        item.effect_key
        for item in step.tx.work.of_case(step.case.id)
        if item.kind == "escalation" and item.payload.get("task") == task_id
    ]
    step.tx.work.cancel(old, step.now)
    fresh = first_reminder(step, row)
    if fresh is not None:
        step.pending.work.append(fresh._replace(effect_key=f"{fresh.effect_key}:{row.version}"))


def _get_offsets(case: CaseRow) -> tuple[Sequence[int], Sequence[int]]:
    chosen: Mapping[str, Any] = case.parameters or {}
    before = chosen.get("reminders_before_working_days", BEFORE)
    after = chosen.get("reminders_after_working_days", AFTER)
    return _to_numbers(before), _to_numbers(after)


def planned_reminders(
    calendar: WorkingCalendar, case: CaseRow, due_at: datetime, reason: Mapping[str, Any] | None
) -> list[tuple[date, Reminder]]:
    """Return every reminder of a task with the last day it speaks of, earliest first.

    A last useful day is reminded of until it comes; of the statutory day after it only once that has passed, for
    nobody is asked to keep a limit that is of no use any more.
    """
    before, after = _get_offsets(case)
    last_day = last_day_of(due_at, reason)
    if not (reason or {}).get("useful"):
        return [(last_day, reminder) for reminder in reminders(calendar, last_day, before, after)]
    planned = [(last_day, reminder) for reminder in reminders(calendar, last_day, before, ())]
    end = find_limit_day(read_statutory_limit(due_at, reason))
    if end is not None:
        planned += [(end, reminder) for reminder in reminders(calendar, end, (), after) if reminder.late]
    return sorted(planned, key=lambda pair: pair[1].at)


def next_reminder(
    case_id: int,
    task_id: int,
    planned: Sequence[tuple[date, Reminder]],
    reason: Mapping[str, Any] | None,
    now: datetime,
) -> NewWork | None:
    """Return the next of the ``planned`` reminders as work; one of a provisional date is found when the calendar is published."""
    last_day, chosen = next(((day, reminder) for day, reminder in planned if reminder.at > now), (None, None))
    if last_day is None or chosen is None:
        return None
    payload = {"task": task_id, "offset": chosen.offset, "last_day": last_day.isoformat()}
    key = f"escalate:{task_id}:{last_day}:{chosen.offset}"
    provisional = bool((reason or {}).get("provisional"))
    return NewWork("escalation", case_id, key, payload, chosen.at.astimezone(UTC), provisional)


def _to_numbers(value: object) -> list[int]:
    return [int(n) for n in value if isinstance(n, int | float)] if isinstance(value, list | tuple) else []
