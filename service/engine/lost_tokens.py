"""Tokens that were cancelled: what a service task began is finished by nobody where the token that left it is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from service.engine.interruptions import activity_around
from service.engine.parts import DeferredTask
from service.engine.reading import list_workflows, place

_ARRIVED = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.COMPLETED


def results_of_lost(top: Any, elements: Collection[tuple[str, str]]) -> Iterator[object]:
    """Yield what service tasks ``elements`` (process id and element id) gave, for each token that was cancelled after them.

    A boundary event that interrupts the activity around it cancels one, and so do a terminate event and an event
    subprocess; one that is at its end, waits at a join or went on from it with others, or goes on beyond a called process
    or a loop, is not lost.
    """
    for workflow in list_workflows(top):
        for task in workflow.tasks.values():
            if task.state != TaskState.COMPLETED or not isinstance(task.task_spec, DeferredTask):
                continue
            where = place(task)
            if (where.process_id, where.element_id) in elements and not _goes_on(task):
                yield task.data.get(task.task_spec.result_variable)


def _goes_on(task: Any) -> bool:
    """Return whether a token that came to ``task`` waits somewhere, or came to its end by itself."""
    ends, seen, ahead = False, set[object](), [task]
    while ahead:
        current = ahead.pop()
        if current.id in seen:
            continue
        seen.add(current.id)
        if not current.has_state(TaskState.FINISHED_MASK):
            return True
        onward = _list_next_tasks(current)
        ahead += onward
        ends = ends or not (onward or current.state == TaskState.CANCELLED)
    around = activity_around(task)
    return ends and (around is None or _goes_on(around))


def _list_next_tasks(task: Any) -> list[Any]:
    """Return where a token goes on from a finished ``task``: the loop an item belongs to, after a join that of all branches.

    The library cancels a branch that waits at a join as soon as another one comes to it.
    """
    spec = task.task_spec
    if task.state == TaskState.CANCELLED:
        return list(_iterate_arrivals(task)) if isinstance(spec, UnstructuredJoin) else []
    if task.parent is not None and _is_item(task):
        return [task.parent]
    return [
        child
        for child in task.children
        if not isinstance(child.task_spec, BoundaryEventJoin) and not _is_item(child)  # what the library keeps beside
    ]


def _iterate_arrivals(join: Any) -> Iterator[Any]:
    """Yield the arrivals of other branches at a join, not those of a round before."""
    for other in join.workflow.tasks.values():
        if other.task_spec is join.task_spec and other.has_state(_ARRIVED) and not join.is_descendant_of(other):
            yield other


def _is_item(task: Any) -> bool:
    """Return whether a task is one item of a loop, which goes on by itself when its items are done."""
    loop = task.parent.task_spec if task.parent is not None else None
    return isinstance(loop, LoopTask) and loop.task_spec == task.task_spec.name
