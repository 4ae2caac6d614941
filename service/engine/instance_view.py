"""What can be read of a running instance: what waits in it, what it has passed, its data."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from service.domain.text import Text
from service.engine import reading
from service.engine.errors import is_stopped, step_failed
from service.engine.lost_tokens import results_of_lost
from service.engine.model import MessageWait, PersonTask, ServiceCall, TimerWait, Token
from service.engine.scripts import Scripts
from service.engine.steps import measure_longest_history

#: The library's own walks end at depth 1000, silently; report it well before.
DEPTH_ALARM = 600


class InstanceView:
    """The reading side of an instance; nothing here changes it."""

    _workflow: Any
    _scripts: Scripts

    def person_tasks(self) -> tuple[PersonTask, ...]:
        """Return the user and manual tasks that wait for a person."""
        return tuple(
            reading.person_task(t) for t in self._iterate_live_tasks(TaskState.READY) if reading.is_person_task(t)
        )

    def service_calls(self) -> tuple[ServiceCall, ...]:
        """Return the tasks that wait for the program, with their parameters evaluated now, and what waits to be resumed."""
        started = [
            task
            for task in self._iterate_live_tasks(TaskState.STARTED)
            if reading.is_service_call(task) or is_stopped(task)
        ]
        timers = [task for task in self._workflow.event_manager.tasks.values() if is_stopped(task)]
        with failing():
            return tuple(reading.service_call(task, self._scripts) for task in (*started, *timers))

    def timers(self) -> tuple[TimerWait, ...]:
        """Return the waiting timers with the instants they are due, soonest first.

        Those of one day stand by process and element: the engine holds them in an order that differs from run to run.
        """
        waiting = (task for task in self._workflow.event_manager.tasks.values() if reading.is_timer(task))
        waits = (reading.timer_wait(task, self._scripts) for task in waiting)
        return tuple(sorted(waits, key=lambda timer: (timer.due, timer.process_id, timer.element_id)))

    def message_waits(self) -> tuple[MessageWait, ...]:
        """Return what waits for messages."""
        return tuple(reading.message_waits(self._workflow))

    def calls(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """Return the call activities the instance is in, by process id and element id, with the ids of their rounds."""
        return reading.open_calls(self._workflow)

    def tokens(self) -> tuple[Token, ...]:
        """Return where the instance stands on its diagrams."""
        return tuple(reading.iterate_tokens(self._workflow))

    def any_cancelled(self, task_ids: Collection[str]) -> bool:
        """Return whether one of these tasks or call activities, which stood once, was cancelled."""
        ids = set(task_ids)
        return any(
            str(task.id) in ids and task.state == TaskState.CANCELLED for task in reading.all_tasks(self._workflow)
        )

    def results_of_lost(self, elements: Collection[tuple[str, str]]) -> tuple[object, ...]:
        """Return what service tasks ``elements``, by process id and element id, gave to tokens that were cancelled since."""
        return tuple(results_of_lost(self._workflow, elements))

    def visited(self) -> Mapping[tuple[str, str], int]:
        """Return how often each element was reached, by process id and element id."""
        return reading.count_visits(self._workflow)

    @property
    def completed(self) -> bool:
        """Whether nothing is unfinished (the library's own answer is wrong for deep instances)."""
        return not any(task.has_state(TaskState.NOT_FINISHED_MASK) for task in self._workflow.tasks.values())

    def ends(self) -> tuple[str, ...]:
        """Return the end events of the outermost process that were reached, in order."""
        return reading.reached_ends(self._workflow)

    def data(self) -> dict[str, object]:
        """Return the outermost process's data: the final ones, else those of the last completed element."""
        workflow = self._workflow
        return dict(workflow.data if workflow.completed and workflow.data else reading.latest_data(workflow))

    @property
    def depth(self) -> int:
        """The length of the longest history; report it at ``DEPTH_ALARM``, steps fail at 800."""
        return max(measure_longest_history(workflow) for workflow in reading.list_workflows(self._workflow))

    def _iterate_live_tasks(self, state: int) -> Iterator[Any]:
        return reading.live_tasks(self._workflow, state)


_UNFORESEEN = Text(
    "引擎不能这样执行：数据或者画法不受支持",
    "the engine cannot carry this out: its data or how it is drawn is not supported",
)


class failing:  # noqa: N801  a context manager; as a generator it would cost as much as most of what it surrounds
    """Turn the library's errors into StepFailed."""

    __slots__ = ("_task",)

    def __init__(self, task: Any = None) -> None:
        self._task = task

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, SpiffWorkflowException):
            spec = getattr(error, "task_spec", None) or getattr(self._task, "task_spec", None)
            raise step_failed(getattr(spec, "bpmn_id", None), _UNFORESEEN) from error
