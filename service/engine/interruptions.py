"""Errors and escalations on their way to the boundary that catches them, and what an interruption must keep.

The library broadcasts: an error interrupts every activity that has such a boundary. Here it reaches the nearest enclosing
one only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.spiff.specs.event_definitions import ErrorEventDefinition, EscalationEventDefinition
from SpiffWorkflow.util.task import TaskState

from service.engine.values import json_value


class _Scoped:
    """An error or escalation that reaches the nearest enclosing boundary only."""

    def throw(self: Any, my_task: Any) -> None:
        """Hand the event to the boundary; where there is none it is a plain end."""
        scripts = my_task.workflow.script_engine
        payload = json_value(scripts.evaluate(my_task, self.expression)) if self.expression else None
        around = activity_around(my_task)
        boundary = nearest_boundary(around, self) if around is not None else None
        if boundary is not None:
            trigger_catcher(boundary, BpmnEvent(self, payload=payload))


class ThrownError(_Scoped, ErrorEventDefinition):  # type: ignore[misc]
    """The error of an error end event."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ErrorEventDefinition) and self.code in (None, other.code)


class ThrownEscalation(_Scoped, EscalationEventDefinition):  # type: ignore[misc]
    """The escalation of an escalation end or throw event."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EscalationEventDefinition) and self.code in (None, other.code)


def error_event(code: str, payload: object) -> Any:
    """Return the event of an error with ``code`` raised by the program."""
    return BpmnEvent(ErrorEventDefinition(code, code=code), payload=payload)


def nearest_boundary(task: Any, thrown: Any) -> Any:
    """Return the boundary that catches ``thrown`` raised in ``task``: an exact code first, then any; None if none."""
    kind = ErrorEventDefinition if isinstance(thrown, ErrorEventDefinition) else EscalationEventDefinition
    while task is not None:
        boundaries = [
            boundary for boundary in _iterate_boundaries(task) if isinstance(boundary.task_spec.event_definition, kind)
        ]
        for wanted in (thrown.code, None):
            for boundary in boundaries:
                if boundary.task_spec.event_definition.code == wanted:
                    return boundary
        task = task.parent if isinstance(task.parent.task_spec, LoopTask) else activity_around(task)
    return None


def activity_around(task: Any) -> Any:
    """Return the call activity or subprocess a task lies in; None at the top."""
    parent_id = task.workflow.parent_task_id
    return task.workflow.top_workflow.get_task_from_id(parent_id) if parent_id else None


def _iterate_boundaries(task: Any) -> Iterator[Any]:
    if isinstance(task.parent.task_spec, BoundaryEventSplit):
        for sibling in task.parent.children:
            if isinstance(sibling.task_spec, BoundaryEvent) and sibling.state == TaskState.WAITING:
                yield sibling


def trigger_catcher(catcher: Any, event: Any) -> None:
    """Let a waiting catcher have its event; what it interrupts ends now, the results of its finished items kept."""
    spec = catcher.task_spec
    if isinstance(spec, BoundaryEvent) and not spec.cancel_activity:
        wait_again(catcher)
    spec.catch(catcher, event)
    spec._update(catcher)
    if isinstance(spec, BoundaryEvent) and spec.cancel_activity:
        interrupt_activity(catcher)


def wait_again(boundary: Any, **state: object) -> None:
    """Put a second event beside a non-interrupting boundary event that is about to happen; the library waits once.

    What the first starts hangs below it and lives on when the activity ends.
    """
    again = boundary.parent._add_child(boundary.task_spec, TaskState.WAITING)
    again.triggered = True
    again.internal_data.update(state)
    again.task_spec._predict(again, mask=TaskState.NOT_FINISHED_MASK)
    again.task_spec._update(again)


def interrupt_activity(boundary: Any) -> None:
    """Cancel the activity a boundary event is attached to, its work items and called processes included."""
    for activity in boundary.parent.children:
        if not isinstance(activity.task_spec, BoundaryEvent):
            _keep_results(activity, boundary)
            for item in activity.children:
                if isinstance(activity.task_spec, LoopTask) and not item.has_state(TaskState.FINISHED_MASK):
                    item.cancel()
            activity.cancel()


def _keep_results(activity: Any, boundary: Any) -> None:
    spec = activity.task_spec
    if isinstance(spec, MultiInstanceTask) and spec.data_output is not None:
        name = spec.data_output.bpmn_id
        if name in activity.data:
            boundary.data[name] = activity.data[name]
