"""The library's running processes, with its walks over all tokens and all processes made short."""

from __future__ import annotations

import time
from functools import cached_property
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


def in_state(workflow: Any, state: int) -> list[Any]:
    """Return the tasks of one process in exactly this state; the library's own properties are slow where many look on."""
    return [task for task in workflow.tasks.values() if task._state == state]


_NOT_YET = object()
"""In place of the library's own engine for Python, which is slow to make and never asked."""


class UnloggedTask(Task):  # type: ignore[misc]
    """A task of the library that puts no lines together for a log which nobody keeps: that took half of each change of state."""

    _state: int

    def _set_state(self, value: int) -> None:
        if value != self._state:
            self.last_state_change = time.time()
            self._state = value

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Any:
        child = super()._add_child(task_spec, state)
        child.__class__ = UnloggedTask
        return child


class _Waiting:
    """After each completed element the library walks the whole tree of tokens for those that wait."""

    tasks: dict[Any, Any]
    _tree: Any = None

    @property
    def task_tree(self) -> Any:
        """The first task, from which all others come."""
        return self._tree

    @task_tree.setter
    def task_tree(self, first: Any) -> None:
        first.__class__ = UnloggedTask
        self._tree = first

    def update_waiting_tasks(self) -> None:
        """Let whatever waits look again whether it still has to."""
        still_waiting: set[Any] = set()
        for task in in_state(self, TaskState.WAITING):
            if task._state != TaskState.WAITING or task.id not in self.tasks:
                continue
            # Each occurrence of a repeating timer leaves such a join behind: the same walk for all of one activity.
            split = _split_of(task)
            if split is None or split.id not in still_waiting:
                task.task_spec._update(task)
                if split is not None and task._state == TaskState.WAITING:
                    still_waiting.add(split.id)


def _split_of(task: Any) -> Any:
    """The task where an activity and its boundary events began, of the join that waits for them; else None."""
    spec = task.task_spec
    return task.find_ancestor(spec.split_task) if isinstance(spec, BoundaryEventJoin) else None


class InsideWorkflow(_Waiting, BpmnSubWorkflow):  # type: ignore[misc]
    """A called or embedded process that runs."""

    @cached_property
    def parent_workflow(self) -> Any:
        """The process around it, which never changes."""
        return self.top_workflow.get_task_from_id(self.parent_task_id).workflow


class OutermostWorkflow(_Waiting, BpmnWorkflow):  # type: ignore[misc]
    """The outermost process of an instance; its expressions are evaluated by what ``Instance`` gives it."""

    def __init__(self, spec: Any, inner: Any, **kwargs: Any) -> None:
        super().__init__(spec, inner, script_engine=_NOT_YET, **kwargs)

    def create_subprocess(self, my_task: Any, spec_name: str) -> InsideWorkflow:
        """Begin the process that ``my_task`` calls or embeds."""
        inside = InsideWorkflow(self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self)
        self.subprocesses[my_task.id] = inside
        return inside

    def get_task_from_id(self, task_id: Any) -> Any:
        """Return a task of any of the processes; raises the library's TaskNotFoundException."""
        for workflow in (self, *self.subprocesses.values()):
            if task_id in workflow.tasks:
                return workflow.tasks[task_id]
        return super().get_task_from_id(task_id)
