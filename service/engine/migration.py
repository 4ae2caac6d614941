"""Moving a running instance to another version of its diagrams, only where it cannot notice.

What has not been reached may change freely, names, lanes and properties everywhere. A reached element must be what it was;
running timers, work items and drafts are never touched. The library's own migration restarts timers and forgets items.
An element that only has another id counts as the same where the ``renames`` say so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from service.domain.text import Text
from service.engine.definition import Definition
from service.engine.errors import CannotMove, is_stopped
from service.engine.reading import list_workflows
from service.engine.state import dump_workflow, new_name, rename_state_elements, restore_workflow

Renames: TypeAlias = Mapping[str, Mapping[str, str]]
"""For a process, or one drawn inside another: the ids of elements before and after."""

_ACTIVE = TaskState.READY | TaskState.WAITING | TaskState.STARTED
_REACHED = _ACTIVE | TaskState.FINISHED_MASK
_AHEAD = TaskState.PREDICTED_MASK | TaskState.FUTURE
_PLAIN = (
    "operation", "parameters", "result_variable", "spec", "condition", "task_spec", "split_task", "cancel_activity",
    "default_task_spec", "manual",
)  # fmt: skip
_NAMED = ("task_spec", "split_task", "default_task_spec")
"""Those of them that name another element."""

_OF_EVENT = ("name", "expression", "code", "message_var", "variable")


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why an instance cannot move: what happened to an element it has reached."""

    process_id: str
    element_id: str
    is_gone: bool

    def describe(self, name: str) -> Text:
        """Say so of the element, which people know by ``name``."""
        if self.is_gone:
            return Text(
                f"办件已经到过“{name}”，新版本却没有它；没有对应的节点，就按原版本办完。",
                f"The case has reached “{name}”, which the new version lacks: unless an element is matched to it, it ends under the version that it has.",
            )
        return Text(
            f"办件已经到过“{name}”，新版本改动了它，只能按原版本办完。",
            f"The case has reached “{name}”, which the new version alters: it ends under the version that it has.",
        )


def list_move_obstacles(old: Definition, new: Definition, state: bytes, renames: Renames) -> tuple[Obstacle, ...]:
    """Return what keeps an instance from moving; none means ``move`` will succeed."""
    workflow, _ = restore_workflow(old, state)
    return tuple(dict.fromkeys(_iterate_obstacles(workflow, new, renames)))


def move(old: Definition, new: Definition, state: bytes, renames: Renames) -> bytes:
    """Return the state of the same instance on the new version; raises CannotMove with the first obstacle."""
    workflow, thrown = restore_workflow(old, state)
    for obstacle in _iterate_obstacles(workflow, new, renames):
        raise CannotMove(obstacle.describe(obstacle.element_id))
    before = _build_fingerprint(workflow, renames)
    for task in _list_active_tasks(workflow):
        for child in task.children:
            if child.has_state(_AHEAD):
                task.workflow._remove_task(child.id)
    inside = {str(ident): inner.spec.name for ident, inner in workflow.subprocesses.items()}
    moved, _ = restore_workflow(new, rename_state_elements(dump_workflow(workflow, thrown), renames, inside))
    for task in _list_active_tasks(moved):
        task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
    result = dump_workflow(moved, thrown)
    if not before == _build_fingerprint(moved, {}) == _build_fingerprint(restore_workflow(new, result)[0], {}):
        raise CannotMove(_CHANGED)
    return result


_CHANGED = Text("迁移会改变办件已办的部分，已放弃。", "Moving would change what was already done; it was given up.")


def _iterate_obstacles(workflow: Any, new: Definition, renames: Renames) -> Iterator[Obstacle]:
    process = new.processes.get(workflow.spec.name)
    for part in list_workflows(workflow):
        name = part.spec.name
        spec: Any = None
        if process is not None:
            spec = process.spec if part is workflow else process.inner.get(name)
        if spec is None:
            yield Obstacle(name, name, is_gone=True)
            continue
        for task in part.tasks.values():
            if task.has_state(_REACHED):
                names = renames.get(name, {})
                yield from _compare_task(name, task, spec.task_specs.get(new_name(names, task.task_spec.name)), names)


def _compare_task(process_id: str, task: Any, after: Any, names: Mapping[str, str]) -> Iterator[Obstacle]:
    name = task.task_spec.bpmn_id or task.task_spec.name.split(".")[0]
    if after is None:
        yield Obstacle(process_id, name, is_gone=True)
    elif _build_signature(task, task.task_spec, names) != _build_signature(task, after, {}):
        yield Obstacle(process_id, name, is_gone=False)


def _build_signature(task: Any, spec: Any, names: Mapping[str, str]) -> dict[str, object]:
    """Return what of a spec must stay the same for a task that has reached it, under the names that come after."""
    values: dict[str, object] = {name: getattr(spec, name, None) for name in _PLAIN}
    values |= {name: new_name(names, value) for name in _NAMED if isinstance(value := values[name], str)}
    values["class"] = type(spec).__name__
    if is_stopped(task):
        return values  # what it could not carry out may be put right
    values["choices"] = [(c and c.args[0], new_name(names, name)) for c, name in getattr(spec, "cond_task_specs", ())]
    values["event"] = _describe_event(getattr(spec, "event_definition", None))
    values["items"] = [getattr(getattr(spec, part, None), "bpmn_id", None)
                    for part in ("data_input", "data_output", "input_item", "output_item")]  # fmt: skip
    active = task.has_state(_ACTIVE)
    if not active or isinstance(spec, EventBasedGateway):
        values["outputs"] = sorted(new_name(names, name) for name in spec._outputs)
    if active and isinstance(spec, UnstructuredJoin):
        values["inputs"] = sorted(new_name(names, name) for name in spec._inputs)
    return values


def _describe_event(definition: Any) -> object:
    if isinstance(definition, MultipleEventDefinition):
        return [_describe_event(part) for part in definition.event_definitions]
    return (type(definition).__name__, *(getattr(definition, name, None) for name in _OF_EVENT))


def _build_fingerprint(workflow: Any, renames: Renames) -> dict[str, object]:
    """Return everything a move must preserve: reached tokens with state, data and bookkeeping."""
    return {
        str(task.id): (
            new_name(renames.get(part.spec.name, {}), task.task_spec.name),
            task.state,
            task.data,
            task.internal_data,
        )
        for part in list_workflows(workflow)
        for task in part.tasks.values()
        if task.has_state(_REACHED)
    }


def _list_active_tasks(workflow: Any) -> list[Any]:
    return [task for part in list_workflows(workflow) for task in part.tasks.values() if task.has_state(_ACTIVE)]
