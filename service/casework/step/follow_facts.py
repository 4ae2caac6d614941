"""Last useful days that hang on facts: counted again in the step that changes a fact."""

from __future__ import annotations

from collections.abc import Collection

from service.casework.step.move_limits import moved_tasks, shown_day
from service.casework.step.notify_moved_dates import notify_moved_dates
from service.casework.step.step import Step
from service.casework.step.time_limits import may_be_too_late, renew_limits
from service.domain.text import Text
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
    shown = {row.id: shown_day(row) for row in step.tx.tasks.open_of_case(step.case.id)}
    renew_limits(step)
    moved = list(moved_tasks(step, shown))
    if moved:
        notify_moved_dates(step, moved, _WHY)
