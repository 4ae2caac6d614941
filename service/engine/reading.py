"""Read a running workflow: waiting tasks, positions of tokens, visited elements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EndEvent
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, MultiInstanceTask
from SpiffWorkflow.spiff.specs.defaults import ManualTask, NoneTask, UserTask
from SpiffWorkflow.spiff.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from service.engine.interruptions import activity_around
from service.engine.messages import definitions_of, list_startable_events
from service.engine.model import RESUMED, MessageWait, PersonTask, ServiceCall, TimerWait, Token, TokenState
from service.engine.parts import CalledProcess, DeferredTask, InnerProcess
from service.engine.scripts import Scripts
from service.engine.state import is_over
from service.engine.timers import DUE, next_due
from service.engine.workflow import in_state

PERSON = (UserTask, ManualTask, NoneTask)
_ACTIVITY = (*PERSON, DeferredTask, CalledProcess, InnerProcess, LoopTask)
_HOME, _VISITED, _ROUNDS = "laurel_home", "laurel_visited", "laurel_rounds"  # kept beside the library's processes
_REACHED = TaskState.COMPLETED | TaskState.ERROR | TaskState.READY | TaskState.STARTED | TaskState.WAITING


@dataclass(frozen=True, slots=True)
class TokenPosition:
    """Where a token is: its element, the callable process that holds it, and the calls that lead there."""

    element_id: str
    process_id: str
    call_path: tuple[str, ...]


def list_workflows(top: Any) -> list[Any]:
    """Return the outermost workflow and all inside it."""
    return [top, *top.subprocesses.values()]


def all_tasks(top: Any) -> Iterator[Any]:
    """Yield every task of every process of an instance."""
    for workflow in list_workflows(top):
        yield from workflow.tasks.values()


def live_tasks(top: Any, state: int) -> Iterator[Any]:
    """Yield every task in ``state``, which is no finished one: processes that are over have none."""
    for workflow in list_workflows(top):
        if not is_over(workflow):
            yield from in_state(workflow, state)


def place(task: Any) -> TokenPosition:
    """Return where a task is."""
    process_id, path = _get_home(task.workflow)
    return TokenPosition(task.task_spec.bpmn_id or task.task_spec.name, process_id, path)


def _get_home(workflow: Any) -> tuple[str, tuple[str, ...]]:
    """Return the callable process that holds a process and the calls that lead there; they never change."""
    home: tuple[str, tuple[str, ...]] | None = getattr(workflow, _HOME, None)
    if home is None:
        path: list[str] = []
        process_id = None
        inner, activity = workflow, activity_around(workflow.task_tree)
        while activity is not None:
            if isinstance(activity.task_spec, CalledProcess):
                process_id = process_id or inner.spec.name
                path.insert(0, activity.task_spec.bpmn_id)
            inner, activity = activity.workflow, activity_around(activity)
        home = process_id or inner.spec.name, tuple(path)
        setattr(workflow, _HOME, home)
    return home


def person_task(task: Any) -> PersonTask:
    """Describe a task that waits for a person."""
    where = place(task)
    return PersonTask(
        str(task.id), where.element_id, where.process_id, where.call_path, dict(task.data), loop_item(task)
    )


def loop_item(task: Any) -> object | None:
    """Return the item of the nearest multi-instance activity around a task."""
    while task is not None:
        loop = task.parent.task_spec if task.parent is not None else None
        if isinstance(loop, MultiInstanceTask) and loop.task_spec == task.task_spec.name:
            item = loop.input_item.bpmn_id if loop.input_item is not None else None
            value: object = task.data[item] if item in task.data else task.internal_data.get("key_or_index")
            return value
        task = activity_around(task)
    return None


def service_call(task: Any, scripts: Scripts) -> ServiceCall:
    """Describe a task that waits for the program, with its parameters evaluated, or one that waits to be resumed."""
    where, spec = place(task), task.task_spec
    if not isinstance(spec, DeferredTask):
        return ServiceCall(
            str(task.id), where.element_id, where.process_id, where.call_path, RESUMED, {}, None, dict(task.data)
        )
    parameters = {name: scripts.value(text, task.data) for name, text in spec.parameters.items()}
    return ServiceCall(
        str(task.id),
        where.element_id,
        where.process_id,
        where.call_path,
        spec.operation,
        parameters,
        spec.result_variable,
        dict(task.data),
    )


def is_person_task(task: Any) -> bool:
    """Say whether a task waits for a person."""
    return bool(task.state == TaskState.READY and isinstance(task.task_spec, PERSON))


def is_service_call(task: Any) -> bool:
    """Say whether a task waits for the program."""
    return bool(task.state == TaskState.STARTED and isinstance(task.task_spec, DeferredTask))


def is_timer(task: Any) -> bool:
    """Say whether a catcher waits for an instant."""
    return bool(task.state == TaskState.WAITING and task.internal_data.get(DUE) and timer_definition(task.task_spec))


def timer_definition(spec: Any) -> Any:
    """Return the timer a catcher waits for, or None; an event-based gateway has at most one."""
    definition = spec.event_definition
    parts = definition.event_definitions if isinstance(definition, MultipleEventDefinition) else [definition]
    return next((part for part in parts if isinstance(part, TimerEventDefinition)), None)


def timer_wait(task: Any, scripts: Scripts) -> TimerWait:
    """Describe a waiting timer."""
    where, spec = place(task), task.task_spec
    interrupting = bool(spec.cancel_activity) if isinstance(spec, BoundaryEvent) else None
    window = scripts.windows.get(str(task.id))
    due = next_due(task.internal_data[DUE])
    return TimerWait(str(task.id), where.element_id, where.process_id, where.call_path, due, window, interrupting)


def message_waits(top: Any) -> Iterator[MessageWait]:
    """Yield what waits for messages, the starts of event subprocesses included (their id is the element's)."""
    for task in top.event_manager.tasks.values():
        if task.state == TaskState.WAITING:
            where = place(task)
            for definition in definitions_of(task.task_spec):
                yield MessageWait(str(task.id), where.element_id, where.process_id, where.call_path, definition.name)
    for workflow, start in list_startable_events(top, None, MessageEventDefinition):
        where, key = place(workflow.task_tree), f"{workflow.task_tree.id}:{start.name}"
        for definition in definitions_of(start):
            yield MessageWait(key, start.name, where.process_id, where.call_path, definition.name)


def iterate_tokens(top: Any) -> Iterator[Token]:
    """Yield where the instance stands; attached events are no tokens, a loop shows its items."""
    for task in all_tasks(top):
        state = _token_state(task)
        if state is not None and task.task_spec.bpmn_id:
            where = place(task)
            yield Token(where.element_id, where.process_id, where.call_path, state)


def open_calls(top: Any) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the call activities that run, by process id and element id, with the ids of the tasks that call."""
    calls: dict[tuple[str, str], set[str]] = defaultdict(set)
    for task in live_tasks(top, TaskState.STARTED):
        if isinstance(task.task_spec, CalledProcess):
            where = place(task)
            calls[where.process_id, where.element_id].add(str(task.id))
    return {where: frozenset(ids) for where, ids in calls.items()}


def _token_state(task: Any) -> TokenState | None:
    spec = task.task_spec
    if task.state == TaskState.ERROR:
        return TokenState.ERROR
    if isinstance(spec, LoopTask | BoundaryEvent):
        return None
    if task.state == TaskState.STARTED:
        return TokenState.WAITING if isinstance(spec, CalledProcess | InnerProcess) else TokenState.WORKING
    return TokenState.WAITING if task.has_state(TaskState.READY | TaskState.WAITING) else None


def count_visits(top: Any) -> Mapping[tuple[str, str], int]:
    """Count how often each element was reached, by process id and element id; a loop counts once per round."""
    counts: Counter[tuple[str, str]] = Counter()
    for workflow in list_workflows(top):
        counts.update(_visited_in(workflow))
    return counts


def _visited_in(workflow: Any) -> Mapping[tuple[str, str], int]:
    over = is_over(workflow)
    visits: Mapping[tuple[str, str], int] | None = getattr(workflow, _VISITED, None) if over else None
    if visits is None:
        process_id, _ = _get_home(workflow)
        rounds = _list_loop_names(workflow.spec)
        visits = Counter((process_id, spec.bpmn_id) for spec in _iterate_reached_elements(workflow, rounds))
        if over:
            setattr(workflow, _VISITED, visits)
    return visits


def _iterate_reached_elements(workflow: Any, rounds: frozenset[str]) -> Iterator[Any]:
    """Yield the element of each task that was reached; ``rounds`` are the elements that are repeated by a loop."""
    for task in workflow.tasks.values():
        state, spec = task._state, task.task_spec
        if not state & _REACHED and not (state == TaskState.CANCELLED and isinstance(spec, _ACTIVITY)):
            continue
        if not getattr(spec, "bpmn_id", None) or (spec.name in rounds and _is_item(task)):
            continue
        if not isinstance(spec, BoundaryEvent) or state & (TaskState.COMPLETED | TaskState.READY):
            yield spec


def _list_loop_names(spec: Any) -> frozenset[str]:
    """Return the names of what the loops of one process repeat; kept beside its specification."""
    names: frozenset[str] | None = getattr(spec, _ROUNDS, None)
    if names is None:
        names = frozenset(each.task_spec for each in spec.task_specs.values() if isinstance(each, LoopTask))
        setattr(spec, _ROUNDS, names)
    return names


def latest_data(workflow: Any) -> dict[str, object]:
    """Return the data of the element of one process that was completed last, work items aside."""
    done = [t for t in workflow.tasks.values() if t.state == TaskState.COMPLETED and not _is_item(t)]
    latest = max(done, key=lambda task: float(task.last_state_change), default=None)
    return {} if latest is None else dict(latest.data)


def _is_item(task: Any) -> bool:
    """Say whether ``task`` is one round of a multi-instance activity; what follows that activity is its child as well."""
    loop = None if task.parent is None else task.parent.task_spec
    return isinstance(loop, LoopTask) and bool(loop.task_spec == task.task_spec.name)


def reached_ends(top: Any) -> tuple[str, ...]:
    """Return the end events the outermost process has reached, in the order it reached them."""
    ends = [t for t in top.tasks.values() if isinstance(t.task_spec, EndEvent) and t.state == TaskState.COMPLETED]
    return tuple(t.task_spec.bpmn_id for t in sorted(ends, key=lambda task: float(task.last_state_change)))
