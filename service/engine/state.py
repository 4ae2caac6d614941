"""The saved form of a running instance: few opaque bytes, without its diagrams.

One row per token the library keeps, parents before children; a row holds only what its data differ from its parent's.
The library's own form repeats the specification in every instance and reads a data key ``typename`` as a class name.

What is finished never changes again (going back clears it, see ``forget_saved``): its bytes are kept beside the task, or
beside the whole process once all of it is finished, so that a step writes anew only what it moved.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from service.domain.text import Text
from service.engine.definition import Definition
from service.engine.errors import step_failed
from service.engine.model import ThrownMessage
from service.engine.workflow import InsideWorkflow, OutermostWorkflow, UnloggedTask

VERSION = 1
_PASSING = ("seen_events",)  # library objects that matter only while a gateway runs
_SAVED = "laurel_saved"  # name of what is kept beside the library's tasks and processes
_NAME = 2  # place of an element's name in a task's row
_INTERNAL = 6  # from here on a row holds data
_OF_LIBRARY = re.compile(r"\.BoundaryEvent(Split|Join|Parent)$| \[child\]$|\.EndJoin$")
_AHEAD = TaskState.PREDICTED_MASK | TaskState.FUTURE
_ALL = 1  # stands for the names of all data of the parent: what lies ahead has none yet

_LACKS = Text("此版本的流程图中没有该节点", "this version of the diagram lacks the element")


def dump_workflow(workflow: Any, thrown: list[ThrownMessage], *, small: bool = True) -> bytes:
    """Return the saved form of an instance, and leave the instance as ``restore`` would make it of that form.

    It need not be made ``small`` where it is thrown away soon: packing takes half of the time.
    """
    workflow.subprocesses = dict(sorted(workflow.subprocesses.items(), key=lambda pair: int(pair[1].depth)))
    workflow.event_manager.tasks = {}
    whole = {
        "v": VERSION,
        "process": workflow.spec.name,
        "top": _dump_workflow(workflow, workflow),
        "inner": [
            (str(inner.parent_task_id), _dump_process(inner, workflow)) for inner in workflow.subprocesses.values()
        ],
        "thrown": [[m.name, m.payload, m.element_id, m.correlation] for m in thrown],
    }
    return zlib.compress(orjson.dumps(whole), level=1 if small else 0)


def restore_workflow(definition: Definition, state: bytes) -> tuple[Any, list[ThrownMessage]]:
    """Return the workflow that ``dump`` saved and its undrained messages.

    Raises:
        NotFound: if the definition lacks the process.
        StepFailed: if the definition lacks an element the instance has reached.
    """
    whole = orjson.loads(zlib.decompress(state))
    process = definition.process(whole["process"])
    workflow = OutermostWorkflow(process.spec, process.inner, deserializing=True)
    _load_workflow(workflow, whole["top"], workflow)
    for parent_id, saved in whole["inner"]:
        task = workflow.get_task_from_id(UUID(parent_id))
        spec = workflow.subprocess_specs.get(task.task_spec.spec)
        if spec is None:
            raise step_failed(task.task_spec.bpmn_id, _LACKS)
        inner = InsideWorkflow(spec, task.id, workflow, deserializing=True)
        _load_workflow(inner, saved, workflow)
        workflow.subprocesses[task.id] = inner
        inner.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
    return workflow, [ThrownMessage(*message) for message in whole["thrown"]]


def rename_state_elements(state: bytes, renames: Mapping[str, Mapping[str, str]], inside: Mapping[str, str]) -> bytes:
    """Return a saved form with other names of elements; ``inside`` says which process the one below a task is."""
    if not renames:
        return state
    whole = orjson.loads(zlib.decompress(state))
    parts = [(whole["process"], whole["top"]), *((inside[parent], saved) for parent, saved in whole["inner"])]
    for process, saved in parts:
        names = renames.get(process, {})
        for row in saved["rows"]:
            row[_NAME] = new_name(names, row[_NAME])
    return zlib.compress(orjson.dumps(whole), level=1)


def without_data(state: bytes) -> bytes:
    """Return a saved form of an instance that is over without any data; where it went stays."""
    whole = orjson.loads(zlib.decompress(state))
    for saved in (whole["top"], *(inner for _, inner in whole["inner"])):
        saved["rows"] = [row[:_INTERNAL] for row in saved["rows"]]
        saved["data"], saved["keys"] = {}, {}
    return zlib.compress(orjson.dumps({**whole, "thrown": []}), level=1)


def holds_any(state: bytes, values: Iterable[str]) -> bool:
    """Return whether one of these texts stands in a saved form."""
    text = zlib.decompress(state).decode()
    return any(orjson.dumps(value)[1:-1].decode() in text for value in values)


def new_name(names: Mapping[str, str], name: str) -> str:
    """Return a name with the element's id exchanged; what the library appends to an id stays."""
    match = _OF_LIBRARY.search(name)
    ident = name[: match.start()] if match else name
    return names.get(ident, ident) + name[len(ident) :]


def in_tree_order(workflow: Any) -> Iterator[tuple[Any, int]]:
    """Yield all tasks of one process with their depth, parents before children, siblings in order."""
    todo, tasks = [(workflow.task_tree, 0)], workflow.tasks
    while todo:
        task, depth = todo.pop()
        yield task, depth
        todo.extend((tasks[child], depth + 1) for child in reversed(task._children))


def is_over(workflow: Any) -> bool:
    """Say whether a process was saved when all of it was finished: there is nothing to look for in it any more."""
    return getattr(workflow, _SAVED, None) is not None


def forget_saved(top: Any) -> None:
    """Drop the kept bytes, so that everything is written again: finished tasks are about to wait again."""
    for workflow in (top, *top.subprocesses.values()):
        workflow.__dict__.pop(_SAVED, None)
        for task in workflow.tasks.values():
            task.__dict__.pop(_SAVED, None)


def _dump_process(inner: Any, top: Any) -> object:
    """Return the saved form of an inner process; its bytes are kept once it is completed and all its tasks are finished."""
    process_form: object = getattr(inner, _SAVED, None)
    if process_form is None:
        process_form = _dump_workflow(inner, top)
        if inner.completed and all(task.has_state(TaskState.FINISHED_MASK) for task in inner.tasks.values()):
            process_form = orjson.Fragment(orjson.dumps(process_form))
            setattr(inner, _SAVED, process_form)
    return process_form


def _dump_workflow(workflow: Any, top: Any) -> dict[str, Any]:
    """Write a process; its tasks are kept in the order in which they came to be: parents before children."""
    rows = []
    for task in workflow.tasks.values():
        cached_row = getattr(task, _SAVED, None)
        if cached_row and cached_row[0] == task.last_state_change and (cached_row[2] or not _holds_anything(task)):
            rows.append(cached_row[1])
        else:
            rows.append(_saved_row(task))
        if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            top.event_manager.add_task(task)
    return {
        "rows": rows,
        "data": workflow.data,
        "keys": workflow.correlations,
        "ok": workflow.success,
        "done": workflow.completed,
        "last": workflow.last_task.id.hex if workflow.last_task is not None else None,
    }


def _saved_row(task: Any) -> object:
    """Return a task's row; its bytes are kept once the task and its parent, from which it differs, are finished.

    The same goes for what lies ahead, as long as it holds nothing.
    """
    task.last_state_change = round(task.last_state_change, 6)
    for name in _PASSING:
        task.internal_data.pop(name, None)
    parent = task.parent
    return _pack_row(task, parent, _build_row(task, parent))


def _pack_row(task: Any, parent: Any, row: list[Any]) -> object:
    """Return the row of a task, as bytes kept beside it where they may be."""
    over = bool(task._state & TaskState.FINISHED_MASK and (parent or task)._state & TaskState.FINISHED_MASK)
    if not over and (not task._state & _AHEAD or _holds_anything(task)):
        return row
    saved = orjson.Fragment(orjson.dumps(row))
    setattr(task, _SAVED, (task.last_state_change, saved, over))
    return saved


def _holds_anything(task: Any) -> bool:
    return bool(task.data or task.internal_data or task.triggered)


def _build_row(task: Any, parent: Any) -> list[Any]:
    before = parent.data if parent is not None else {}
    changed = {k: v for k, v in task.data.items() if k not in before or (before[k] is not v and before[k] != v)}
    gone = sorted(before.keys() - task.data.keys()) if task.data else _ALL
    row = [
        task.id.hex,
        parent.id.hex if parent is not None else None,
        task.task_spec.name,
        task.state,
        task.last_state_change,
        int(task.triggered),
        task.internal_data or 0,
        changed or 0,
        gone or 0,
    ]
    while row[-1] == 0:
        row.pop()
    return row


def _load_workflow(workflow: Any, saved: dict[str, Any], top: Any) -> None:
    """Read a process; what `_process` and `_saved_row` would keep of it is kept as it was saved."""
    tasks_by_id: dict[str | None, Any] = {}
    over = saved["done"]
    for row in saved["rows"]:
        task = tasks_by_id[row[0]] = _build_task(workflow, row, tasks_by_id)
        over = over and bool(task._state & TaskState.FINISHED_MASK)
        if task._state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            top.event_manager.add_task(task)
    workflow.task_tree = tasks_by_id[saved["rows"][0][0]]
    workflow.data, workflow.correlations = saved["data"], saved["keys"]
    workflow.success, workflow.completed = saved["ok"], saved["done"]
    workflow.last_task = tasks_by_id.get(saved["last"])
    if over and workflow is not top:
        setattr(workflow, _SAVED, orjson.Fragment(orjson.dumps(saved)))
        return
    for row, task in zip(saved["rows"], tasks_by_id.values(), strict=True):
        _pack_row(task, tasks_by_id.get(row[1]), row)


def _build_task(workflow: Any, row: list[Any], tasks_by_id: Mapping[str | None, Any]) -> Any:
    """Return a task as the library makes one of what is known of it; it would look for its parent several times."""
    task_id, parent_id, spec_name, state, changed_at, triggered, inside, changed, gone = row + [0] * (9 - len(row))
    spec = workflow.spec.task_specs.get(spec_name)
    if spec is None:
        raise step_failed(spec_name, _LACKS)
    task, parent = UnloggedTask.__new__(UnloggedTask), tasks_by_id[parent_id] if parent_id else None
    task.id, task.workflow, task.task_spec, task.thread_id = (
        UUID(int=int(task_id, 16)),
        workflow,
        spec,
        UnloggedTask.thread_id_pool,
    )
    task._state, task._children, task._parent = state, [], None if parent is None else parent.id
    task.last_state_change, task.triggered, task.internal_data = changed_at, bool(triggered), inside or {}
    task.data = {}
    if parent is not None:
        parent._children.append(task.id)
        if gone != _ALL:
            task.data = {k: v for k, v in parent.data.items() if k not in (gone or ())}
    task.data.update(changed or {})
    workflow.tasks[task.id] = task
    return task
