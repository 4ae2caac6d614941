"""The saved form of a running instance: a small opaque blob without its diagrams.

One row per token the library keeps, parents before children; a row holds only what its data differ from its parent's.
The library's own form repeats the specification in every instance and reads a data key ``typename`` as a class name.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from service.domain.text import Text
from service.engine.definition import Definition
from service.engine.errors import step_failed
from service.engine.model import ThrownMessage

VERSION = 1
_PASSING = ("seen_events",)  # library objects that matter only while a gateway runs


_LACKS = Text("此版本的流程图中没有该节点", "this version of the diagram lacks the element")


def dump(workflow: Any, thrown: list[ThrownMessage]) -> bytes:
    """Return the blob of an instance."""
    whole = {
        "v": VERSION,
        "process": workflow.spec.name,
        "top": _workflow(workflow),
        "inner": _inner(workflow),
        "thrown": [[m.name, m.payload, m.element_id, m.correlation] for m in thrown],
    }
    return zlib.compress(orjson.dumps(whole), level=1)


def restore(definition: Definition, blob: bytes) -> tuple[Any, list[ThrownMessage]]:
    """Return the workflow of a blob and its undrained messages.

    Raises:
        NotFound: if the definition lacks the process.
        StepFailed: if the definition lacks an element the instance has reached.
    """
    whole = orjson.loads(zlib.decompress(blob))
    process = definition.process(whole["process"])
    workflow = BpmnWorkflow(process.spec, process.inner, deserializing=True)
    _read(workflow, whole["top"], workflow)
    for parent_id, saved in whole["inner"]:
        task = workflow.get_task_from_id(UUID(parent_id))
        spec = workflow.subprocess_specs.get(task.task_spec.spec)
        if spec is None:
            raise step_failed(task.task_spec.bpmn_id, _LACKS)
        inner = BpmnSubWorkflow(spec, task.id, workflow, deserializing=True)
        _read(inner, saved, workflow)
        workflow.subprocesses[task.id] = inner
        inner.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return workflow, [ThrownMessage(*message) for message in whole["thrown"]]


def in_tree_order(workflow: Any) -> Iterator[tuple[Any, int]]:
    """Yield all tasks of one process with their depth, parents before children, siblings in order."""
    todo = [(workflow.task_tree, 0)]
    while todo:
        task, depth = todo.pop()
        yield task, depth
        todo.extend((child, depth + 1) for child in reversed(task.children))


def _inner(workflow: Any) -> list[tuple[str, dict[str, Any]]]:
    ordered = sorted(workflow.subprocesses.values(), key=lambda inner: int(inner.depth))
    return [(str(inner.parent_task_id), _workflow(inner)) for inner in ordered]


def _workflow(workflow: Any) -> dict[str, Any]:
    return {
        "rows": [_row(task) for task, _ in in_tree_order(workflow)],
        "data": workflow.data,
        "keys": workflow.correlations,
        "ok": workflow.success,
        "done": workflow.completed,
        "last": workflow.last_task.id.hex if workflow.last_task is not None else None,
    }


def _row(task: Any) -> list[Any]:
    before = task.parent.data if task.parent is not None else {}
    changed = {k: v for k, v in task.data.items() if k not in before or (before[k] is not v and before[k] != v)}
    gone = [key for key in before if key not in task.data]
    inside = {key: value for key, value in task.internal_data.items() if key not in _PASSING}
    row = [
        task.id.hex,
        task.parent.id.hex if task.parent is not None else None,
        task.task_spec.name,
        task.state,
        round(task.last_state_change, 6),
        int(task.triggered),
        inside or 0,
        changed or 0,
        gone or 0,
    ]
    while row[-1] == 0:
        row.pop()
    return row


def _read(workflow: Any, saved: dict[str, Any], top: Any) -> None:
    for row in saved["rows"]:
        task = _task(workflow, row)
        if task.state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            top.event_manager.add_task(task)
    workflow.task_tree = workflow.tasks[UUID(saved["rows"][0][0])]
    workflow.data, workflow.correlations = saved["data"], saved["keys"]
    workflow.success, workflow.completed = saved["ok"], saved["done"]
    workflow.last_task = workflow.tasks.get(UUID(saved["last"])) if saved["last"] else None


def _task(workflow: Any, row: list[Any]) -> Any:
    task_id, parent_id, spec_name, state, changed_at, triggered, inside, changed, gone = row + [0] * (9 - len(row))
    spec = workflow.spec.task_specs.get(spec_name)
    if spec is None:
        raise step_failed(spec_name, _LACKS)
    parent = workflow.tasks[UUID(parent_id)] if parent_id else None
    task = Task(workflow, spec, parent, state=state, id=UUID(task_id))
    task.last_state_change, task.triggered = changed_at, bool(triggered)
    task.internal_data = inside or {}
    task.data = {k: v for k, v in parent.data.items() if k not in (gone or ())} if parent is not None else {}
    task.data.update(changed or {})
    return task
