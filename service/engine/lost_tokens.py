"""Tokens that were cancelled: what a service task began is finished by nobody where the token that left it is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.engine.interruptions import activity_around
from service.engine.parts import DeferredTask
from service.engine.reading import place, workflows


def results_of_lost(top: Any, elements: Collection[tuple[str, str]]) -> Iterator[object]:
    """Yield what service tasks ``elements`` (process id and element id) gave, for each token that was cancelled after them.

    A boundary event that interrupts the activity around it cancels one, and so do a terminate event and an event
    subprocess; one that is at its end, or goes on beyond a called process, is not lost.
    """
    for workflow in workflows(top):
        for task in workflow.tasks.values():
            if task.state != TaskState.COMPLETED or not isinstance(task.task_spec, DeferredTask):
                continue
            where = place(task)
            if (where.process_id, where.element_id) in elements and not _goes_on(task):
                yield task.data.get(task.task_spec.result_variable)


def _goes_on(task: Any) -> bool:
    """Return whether a token that passed ``task`` waits somewhere, or came to its end by itself."""
    ends = False
    below = list(task.children)
    if not below:
        return bool(task.state != TaskState.CANCELLED)
    while below:
        here = below.pop()
        below.extend(here.children)
        if here.children or here.state == TaskState.CANCELLED:
            continue
        if not here.has_state(TaskState.FINISHED_MASK):
            return True
        ends = True
    around = activity_around(task)
    return ends and (around is None or _goes_on(around))
