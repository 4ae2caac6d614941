"""Going back in an instance: find the completed person task before a waiting one and make it wait again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, SimpleBpmnTask
from SpiffWorkflow.bpmn.specs.defaults import (
    EndEvent,
    ExclusiveGateway,
    InclusiveGateway,
    IntermediateThrowEvent,
    ParallelGateway,
    StartEvent,
)
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.specs.Join import Join
from SpiffWorkflow.util.task import TaskState

from service.engine.errors import is_stopped
from service.engine.interruptions import activity_around
from service.engine.items import ParallelItems
from service.engine.parts import CalledProcess, DeferredTask, InnerProcess
from service.engine.reading import PERSON

Undone: TypeAlias = Callable[[str], bool]
"""Whether an operation, named as diagrams do, can be taken back and done again."""

_PASSED = (ExclusiveGateway, ParallelGateway, InclusiveGateway, BoundaryEventSplit, SimpleBpmnTask, Join)
_NONE_EVENTS = (StartEvent, EndEvent, IntermediateThrowEvent)
_CALLS = (CalledProcess, InnerProcess)
_PARTED = (Join, LoopTask, MultiInstanceTask)


def previous_person_task(task: Any) -> Any:
    """Return the completed person task directly before ``task``, past gateways and none events only; else None.

    A split with other work, done or waiting, also gives None: going back would take that work with it.
    """
    return _way_back(task, frozenset().__contains__).found


def in_the_way(task: Any, undone: Undone) -> Any:
    """Return what lets ``task`` not go back: what has happened before it, or itself for work beside it; else None.

    None is also returned where nothing comes before it.
    """
    return _way_back(task, undone).barrier


def passed(task: Any, before: Any, undone: Undone) -> list[Any]:
    """Return the operations between a completed person task and ``task``, the latest first."""
    operations: list[Any] = []
    current = task
    while current is not None and current is not before:
        way = _way_back(current, undone)
        operations, current = [*operations, *way.passed], way.found
    return operations


def earlier_person_tasks(task: Any, undone: Undone) -> list[Any]:
    """Return the completed person tasks before ``task``, nearest first: each is directly before the one after it.

    What lies between may also be operations that can be ``undone``.
    """
    tasks, current = [], _way_back(task, undone).found
    while current is not None:
        tasks.append(current)
        current = _way_back(current, undone).found
    return tasks


class _WayBack(NamedTuple):
    """The way back from a task: the person task before it or what stands in the way, and the operations passed over."""

    found: Any
    barrier: Any
    passed: list[Any]


def _way_back(task: Any, undone: Undone) -> _WayBack:
    over: list[Any] = []
    came_from, current = task, _find_predecessor(task)
    while current is not None:
        if _has_other_work(current, came_from):
            return _WayBack(None, task, over)
        if isinstance(current.task_spec, PERSON):
            is_barred = current.state != TaskState.COMPLETED or _has_happened_beside(current)
            return _WayBack(None, task, over) if is_barred else _WayBack(current, None, over)
        if isinstance(current.task_spec, DeferredTask) and current.state == TaskState.COMPLETED:
            if not undone(current.task_spec.operation):
                return _WayBack(None, current, over)
            over.append(current)
        elif not _is_passed(current):
            return _WayBack(None, task if isinstance(current.task_spec, _PARTED) else current, over)
        came_from, current = current, _find_predecessor(current)
    return _WayBack(None, None, over)


def is_item_under_way(task: Any) -> bool:
    """Say whether a completed person task is one of several done at the same time of which others still wait."""
    items = task.parent
    return (
        isinstance(task.task_spec, PERSON)
        and task.state == TaskState.COMPLETED
        and isinstance(items.task_spec, ParallelItems)
        and items.state == TaskState.STARTED
        and not is_stopped(items)
    )


def rewind_workflow(workflow: Any, task: Any) -> None:
    """Drop everything after a completed person task and make it wait again; its timers start anew."""
    if is_item_under_way(task):
        task.parent.task_spec.redo(task)
        return
    _drop_repeats(task)
    workflow.reset_from_task_id(task.id)
    inner: Any = task.workflow
    while inner is not None:
        inner.completed = False  # the library leaves a finished process finished, and would never run it again
        inner = inner.parent_workflow


def _drop_repeats(task: Any) -> None:
    """Leave one event of each kind on the task; repeated ones would all wait again."""
    if isinstance(task.parent.task_spec, BoundaryEventSplit):
        seen: set[str] = set()
        for event in task.parent.children:
            if event.task_spec.name in seen:
                task.workflow._remove_task(event.id)
            seen.add(event.task_spec.name)


def _find_predecessor(task: Any) -> Any:
    """Return what comes before a task: its parent, the call it lies in, or the end of the process called before."""
    parent = task.parent
    if parent is None or parent.parent is None:
        return activity_around(task)
    if isinstance(parent.task_spec, _CALLS) and parent.state == TaskState.COMPLETED:
        inside = parent.workflow.top_workflow.subprocesses.get(parent.id)
        return inside.last_task if inside is not None else parent
    return parent


def _is_passed(task: Any) -> bool:
    spec = task.task_spec
    if isinstance(spec, _CALLS):
        return True
    if isinstance(spec, _NONE_EVENTS):
        return isinstance(spec.event_definition, NoneEventDefinition)
    return isinstance(spec, _PASSED) and not _has_merged(task)


def _has_merged(task: Any) -> bool:
    """Say whether several branches came together here."""
    if not isinstance(task.task_spec, Join):
        return False
    same = [t for t in task.workflow.tasks.values() if t.task_spec is task.task_spec]
    return sum(1 for t in same if t.has_state(TaskState.FINISHED_MASK)) > 1


def _has_other_work(task: Any, came_from: Any) -> bool:
    if task.workflow is not came_from.workflow:
        return False
    others = (child for child in task.children if child is not came_from)
    return any(_is_work(other) for other in others)


def _has_happened_beside(task: Any) -> bool:
    """Say whether an event attached to a task has happened."""
    return isinstance(task.parent.task_spec, BoundaryEventSplit) and _has_other_work(task.parent, task)


def _is_work(task: Any) -> bool:
    """Say whether a side branch holds anything but an attached event that nothing has happened to."""
    if isinstance(task.task_spec, BoundaryEvent):
        idle = task.has_state(TaskState.WAITING | TaskState.CANCELLED | TaskState.PREDICTED_MASK)
        return not idle or any(_is_work(child) for child in task.children)
    return bool(task.has_state(TaskState.DEFINITE_MASK | TaskState.FINISHED_MASK)) and not isinstance(
        task.task_spec, Join
    )
