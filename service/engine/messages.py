"""Errors, escalations and messages on their way: who catches them, and what an interruption must keep.

The library broadcasts: an error interrupts every activity with such a boundary, a message goes to all catchers. Here an
error reaches the nearest enclosing boundary and a message the one catcher that has waited longest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.spiff.specs.event_definitions import (
    ErrorEventDefinition,
    EscalationEventDefinition,
    MessageEventDefinition,
)
from SpiffWorkflow.util.task import TaskState

from service.engine.model import ThrownMessage
from service.engine.values import json_data, json_value


class OutgoingMessage(MessageEventDefinition):  # type: ignore[misc]
    """A message definition of a throwing element: it goes to the instance's outbox."""

    def throw(self, my_task: Any) -> None:
        """Evaluate the payload and the correlation and put the message out."""
        scripts = my_task.workflow.script_engine
        value = json_value(scripts.evaluate(my_task, self.expression)) if self.expression else {}
        payload = value if isinstance(value, dict) else {"value": value}
        correlation = json_data(self.get_correlations(my_task, payload))
        my_task.workflow.correlations.update(correlation)
        scripts.outbox.append(ThrownMessage(self.name, payload, my_task.task_spec.bpmn_id, correlation or None))


class _Scoped:
    """An error or escalation that reaches the nearest enclosing boundary only."""

    def throw(self: Any, my_task: Any) -> None:
        """Hand the event to the boundary; where there is none it is a plain end."""
        scripts = my_task.workflow.script_engine
        payload = json_value(scripts.evaluate(my_task, self.expression)) if self.expression else None
        around = activity_around(my_task)
        boundary = nearest_boundary(around, self) if around is not None else None
        if boundary is not None:
            trigger(boundary, BpmnEvent(self, payload=payload))


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
        found = [boundary for boundary in _boundaries(task) if isinstance(boundary.task_spec.event_definition, kind)]
        for wanted in (thrown.code, None):
            for boundary in found:
                if boundary.task_spec.event_definition.code == wanted:
                    return boundary
        task = task.parent if isinstance(task.parent.task_spec, LoopTask) else activity_around(task)
    return None


def activity_around(task: Any) -> Any:
    """Return the call activity or subprocess a task lies in; None at the top."""
    parent_id = task.workflow.parent_task_id
    return task.workflow.top_workflow.get_task_from_id(parent_id) if parent_id else None


def _boundaries(task: Any) -> Iterator[Any]:
    if isinstance(task.parent.task_spec, BoundaryEventSplit):
        for sibling in task.parent.children:
            if isinstance(sibling.task_spec, BoundaryEvent) and sibling.state == TaskState.WAITING:
                yield sibling


def trigger(catcher: Any, event: Any) -> None:
    """Let a waiting catcher have its event; what it interrupts ends now, the results of its finished items kept."""
    spec = catcher.task_spec
    if isinstance(spec, BoundaryEvent) and not spec.cancel_activity:
        wait_again(catcher)
    spec.catch(catcher, event)
    spec._update(catcher)
    if isinstance(spec, BoundaryEvent) and spec.cancel_activity:
        interrupt(catcher)


def wait_again(boundary: Any, **state: object) -> None:
    """Put a second event beside a non-interrupting boundary event that is about to happen; the library waits once.

    What the first starts hangs below it and lives on when the activity ends.
    """
    again = boundary.parent._add_child(boundary.task_spec, TaskState.WAITING)
    again.triggered = True
    again.internal_data.update(state)
    again.task_spec._predict(again, mask=TaskState.NOT_FINISHED_MASK)
    again.task_spec._update(again)


def interrupt(boundary: Any) -> None:
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


def waiting_catchers(workflow: Any, name: str) -> Iterator[tuple[Any, Any]]:
    """Yield the tasks that wait for message ``name`` with the definition that does, longest waiting first."""
    waiting = sorted(workflow.event_manager.tasks.values(), key=lambda task: float(task.last_state_change))
    for task in waiting:
        for definition in message_definitions(task.task_spec):
            if definition.name == name and task.has_state(TaskState.WAITING):
                yield task, definition


def message_definitions(spec: Any) -> list[Any]:
    """Return the message definitions a catcher waits for (several at an event-based gateway)."""
    definition = spec.event_definition
    parts = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
    return [part for part in parts if isinstance(part, MessageEventDefinition)]


def deliver(workflow: Any, name: str, payload: Mapping[str, object]) -> bool:
    """Give the message to one catcher: a waiting one, else an event subprocess that it starts. False: nobody waits."""
    for task, definition in waiting_catchers(workflow, name):
        event = _message_event(task, definition, payload)
        if task.task_spec.catches(task, event):
            trigger(task, event)
            if definition.message_var is None:
                task.internal_data.pop(name, None)
            return True
    return _start_event_subprocess(workflow, name, payload)


def _message_event(task: Any, definition: Any, payload: Mapping[str, object]) -> Any:
    keys = definition.calculate_correlations(
        task.workflow.script_engine, definition.correlation_properties, dict(payload)
    )
    return BpmnEvent(MessageEventDefinition(definition.name), payload=dict(payload), correlations=json_data(keys))


def _start_event_subprocess(top: Any, name: str, payload: Mapping[str, object]) -> bool:
    """Start an event subprocess in any running process; the library looks at the outermost one only."""
    for workflow in [top, *top.subprocesses.values()]:
        if workflow.completed:
            continue
        for spec_name in workflow.spec.start.trigger_specs:
            for start in top.subprocess_specs[spec_name].bpmn_start_events:
                if any(definition.name == name for definition in message_definitions(start)):
                    _run_event_subprocess(workflow, spec_name, start, payload)
                    return True
    return False


def _run_event_subprocess(workflow: Any, spec_name: str, start: Any, payload: Mapping[str, object]) -> None:
    child_id = workflow.spec.start.trigger_wf(workflow.task_tree, spec_name)
    inside = workflow.top_workflow.subprocesses[child_id]
    for task in inside.get_tasks(spec_name=start.name, state=TaskState.NOT_FINISHED_MASK):
        definition = message_definitions(start)[0]
        trigger(task, _message_event(task, definition, payload))
