"""The end of a case: what hangs on it beside its tokens ends in the same unit of work.

Tokens end with the instance, and with them tasks, timers and awaited messages (`project`). Ballots, sittings and appointments
are of rooms above: each hands in what ends its own kind (`Desk.endings`), so that all of it ends at one place, whatever way a
case comes to its end. Where a case goes on and only a part of it was cancelled, the same ends what operations opened in that
part: nobody comes to it any more.
"""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.step.decide import UNDECIDED
from service.casework.step.end_signs import LEFT, OVER, end_signs_beside
from service.casework.step.run_service_task import STOPPED
from service.casework.step.standstill import STANDSTILL
from service.casework.step.step import Step
from service.casework.step.task_row import NO_ASSIGNEE, NO_BODY, NO_LIMIT, NO_REMINDER, NO_ROLE
from service.store.queries.case_tree import HELD, INCIDENT, TASK

_OF_STEPS = (STOPPED, STANDSTILL, NO_LIMIT, NO_ASSIGNEE, NO_BODY, NO_ROLE, NO_REMINDER, UNDECIDED)
"""Kinds of incidents about a step of a case: with the case the step is over."""


def end_what_hangs(step: Step) -> None:
    """End what hangs on a case that ends in this step, or on the part of it that this step cancelled.

    A step that does neither asks nothing of the database.
    """
    if step.case.status == "ended":
        if step.stored.status != "ended":
            end_all_that_hangs(step)
        return
    for kind, numbers in step.lost_openings().items():
        fresh = numbers - step.lost_before.get(kind, frozenset())
        if fresh:
            step.desk.endings[kind](step, sorted(fresh), LEFT)


def end_all_that_hangs(step: Step) -> None:
    """End all that hangs on a case that has ended; asks once what there is."""
    hanging_ids = step.tx.hanging.on_case(step.case.id)
    for kind, end in step.desk.endings.items():
        if hanging_ids.get(kind):
            end(step, hanging_ids[kind], OVER)
    if hanging_ids.get(TASK):
        step.tx.tasks.cancel(hanging_ids[TASK], step.now)
        end_signs_beside(step, hanging_ids[TASK])
    if hanging_ids.get(HELD):
        step.tx.work.release(step.case.id)  # it finds the case ended, and is done
    if hanging_ids.get(INCIDENT):
        settle_incidents(step, hanging_ids[INCIDENT])


def settle_incidents(step: Step, numbers: Sequence[int]) -> None:
    """Settle those of the incidents of a case that are about a step of it, which is over."""
    for row in step.tx.incidents.select(case_id=step.case.id):
        if row.id in numbers and row.kind in _OF_STEPS:
            step.tx.incidents.resolve(row.id, step.now)
