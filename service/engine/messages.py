"""Delivery of messages and signals inside an instance.

The library gives a message to all its catchers and looks for event subprocesses in the outermost process only. Here a
message goes to the one catcher that has waited longest and a signal to all, in whatever process they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition, SignalEventDefinition
from SpiffWorkflow.util.task import TaskState

from service.engine.interruptions import trigger_catcher
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


class ThrownSignal(SignalEventDefinition):  # type: ignore[misc]
    """A signal definition of a throwing element: it reaches everybody inside the instance who waits for it."""

    def throw(self, my_task: Any) -> None:
        """Evaluate the payload and let every catcher have it."""
        scripts = my_task.workflow.script_engine
        payload = json_value(scripts.evaluate(my_task, self.expression)) if self.expression else None
        broadcast_signal(my_task.workflow.top_workflow, self.name, payload)


def definitions_of(spec: Any, kind: type = MessageEventDefinition) -> list[Any]:
    """Return the definitions of a kind that a catcher waits for (several at an event-based gateway)."""
    definition = spec.event_definition
    parts = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
    return [part for part in parts if isinstance(part, kind)]


def deliver(top: Any, name: str, payload: Mapping[str, object]) -> bool:
    """Give the message to one catcher: a waiting one, else an event subprocess that it starts. False: none waits."""
    for task, definition in _iterate_waiting_tasks(top, name, MessageEventDefinition):
        event = _message_event(task, definition, payload)
        if task.task_spec.catches(task, event):
            trigger_catcher(task, event)
            if definition.message_var is None:
                task.internal_data.pop(name, None)
            return True
    for workflow, start in list_startable_events(top, name, MessageEventDefinition):
        for task in _start_subprocess(workflow, start):
            trigger_catcher(task, _message_event(task, definitions_of(start)[0], payload))
        return True
    return False


def broadcast_signal(top: Any, name: str, payload: object) -> None:
    """Let everybody who waits for a signal have it, and start every event subprocess that begins with it."""
    event = BpmnEvent(SignalEventDefinition(name), payload=payload)
    begun = [
        task
        for workflow, start in list_startable_events(top, name, SignalEventDefinition)
        for task in _start_subprocess(workflow, start)
    ]
    for task in [*(task for task, _ in _iterate_waiting_tasks(top, name, SignalEventDefinition)), *begun]:
        if task.state == TaskState.WAITING:
            trigger_catcher(task, event)


def list_startable_events(top: Any, name: str | None, kind: type) -> list[tuple[Any, Any]]:
    """Return the running processes with the starts of event subprocesses that wait for ``name``, or for anything."""
    return [
        (workflow, start)
        for workflow in [top, *top.subprocesses.values()]
        if not workflow.completed
        for spec_name in workflow.spec.start.trigger_specs
        for start in top.subprocess_specs[spec_name].bpmn_start_events
        if any(name in (None, definition.name) for definition in definitions_of(start, kind))
    ]


def _iterate_waiting_tasks(top: Any, name: str, kind: type) -> Iterator[tuple[Any, Any]]:
    """Yield the tasks that wait for ``name`` with the definition that does, longest waiting first."""
    for task in sorted(top.event_manager.tasks.values(), key=lambda task: float(task.last_state_change)):
        for definition in definitions_of(task.task_spec, kind):
            if definition.name == name and task.state == TaskState.WAITING:
                yield task, definition


def _message_event(task: Any, definition: Any, payload: Mapping[str, object]) -> Any:
    keys = definition.calculate_correlations(
        task.workflow.script_engine, definition.correlation_properties, dict(payload)
    )
    return BpmnEvent(MessageEventDefinition(definition.name), payload=dict(payload), correlations=json_data(keys))


def _start_subprocess(workflow: Any, start: Any) -> list[Any]:
    """Start an event subprocess; return its waiting start event."""
    child_id = workflow.spec.start.trigger_wf(workflow.task_tree, start._wf_spec.name)
    inside = workflow.top_workflow.subprocesses[child_id]
    return [task for task in inside.tasks.values() if task.task_spec is start and task.state == TaskState.WAITING]
