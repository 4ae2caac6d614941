"""Our versions of SpiffWorkflow's elements, where 3.2.0 loses data or does work in the wrong place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway, InclusiveGateway, ParallelGateway
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.operators import Operator
from SpiffWorkflow.spiff.specs.defaults import CallActivity, SubWorkflowTask
from SpiffWorkflow.spiff.specs.spiff_task import SpiffBpmnTask
from SpiffWorkflow.util.task import TaskState

from service.domain.text import Text
from service.engine.errors import StepFailed, step_failed, stop_task


class DeferredTask(SpiffBpmnTask):  # type: ignore[misc]
    """A task for the program: reaching it only makes it STARTED; the program serves it between engine steps."""

    def __init__(
        self, wf_spec: Any, name: str, operation: str, parameters: Mapping[str, str], result: str | None, **kwargs: Any
    ) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.operation, self.parameters, self.result_variable = operation, parameters, result

    def _run_hook(self, my_task: Any) -> None:
        """Return None, which the library reads as STARTED."""


class Condition(Operator):  # type: ignore[misc]
    """The condition of a flow; only true lets a token pass."""

    def _matches(self, task: Any) -> bool:
        return bool(task.workflow.script_engine.decide(task, self.args[0]))


_NO_WAY = Text("没有一个条件成立，也没有默认分支", "no condition holds and there is no default flow")


class _Deciding:
    """A gateway that waits to be tried again where it cannot decide."""

    def _run_hook(self, my_task: Any) -> bool | None:
        try:
            return bool(super()._run_hook(my_task))  # type: ignore[misc]
        except StepFailed as error:
            stop_task(my_task, error)
        except WorkflowException:
            stop_task(my_task, step_failed(my_task.task_spec.bpmn_id, _NO_WAY))
        return None  # the library reads this as STARTED

    def try_again(self, my_task: Any) -> None:
        """Decide anew."""
        my_task.run()


class Choice(_Deciding, ExclusiveGateway):  # type: ignore[misc]
    """An exclusive gateway."""


class _LateCompletion:
    """Keeps an activity that was interrupted meanwhile from coming back when its inside reports completion."""

    def _on_subworkflow_completed(self, subworkflow: Any, my_task: Any) -> None:
        if not my_task.has_state(TaskState.FINISHED_MASK):
            super()._on_subworkflow_completed(subworkflow, my_task)  # type: ignore[misc]


class InnerProcess(_LateCompletion, SubWorkflowTask):  # type: ignore[misc]
    """An embedded subprocess; it shares the data of its surroundings."""


class CalledProcess(_LateCompletion, CallActivity):  # type: ignore[misc]
    """A call activity: everything is visible inside, only the keys the called process declares come out."""

    returned: tuple[str, ...] = ()

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        """Hand the caller's data in."""
        subworkflow.task_tree.set_data(**my_task.data)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        """Take the declared keys out."""
        last = subworkflow.last_task.data
        my_task.set_data(**{key: deepcopy(last[key]) for key in self.returned if key in last})


class ForkJoin(ParallelGateway):  # type: ignore[misc]
    """A parallel gateway whose join takes from every branch only what that branch changed."""

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        """Say whether a token arrived on every incoming flow since the join last let one pass.

        The library walks all called processes for this and counts their depth wrongly.
        """
        previous = my_task.find_ancestor(self.name)
        awaited = set(self._inputs)
        for task in my_task.workflow.tasks.values():
            if task.task_spec is self and task.parent is not None and task.parent.state == TaskState.COMPLETED:
                earlier = previous is not None and (task is previous or not task.is_descendant_of(previous))
                if not earlier and not my_task.is_descendant_of(task):
                    awaited.discard(task.parent.task_spec.name)
        return not awaited

    def _run_hook(self, my_task: Any) -> bool:
        merge_branches(my_task)
        return True


class _InclusiveJoin(InclusiveGateway):  # type: ignore[misc]
    def _run_hook(self, my_task: Any) -> bool:
        if my_task.state != TaskState.STARTED:  # it is not tried again
            merge_branches(my_task)
        matches, defaults = self._get_matching_outputs(my_task)
        if not matches and not defaults:
            raise WorkflowTaskException("No conditions satisfied on gateway", task=my_task)
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True


class InclusiveForkJoin(_Deciding, _InclusiveJoin):  # type: ignore[misc]
    """An inclusive gateway with the same join."""


class ProcessEnd(_EndJoin):  # type: ignore[misc]
    """The end of a process, where all branches come together, with the same join."""

    def _run_hook(self, my_task: Any) -> bool:
        merge_branches(my_task)
        my_task.workflow.data.update(my_task.data)
        return True


def merge_branches(join: Any) -> None:
    """Give ``join`` the data before the split plus what each incoming branch changed, in the order they arrived."""
    arrived = sorted(_same_round(join), key=lambda task: float(task.last_state_change))
    if not arrived:
        return
    before = _common_ancestor([join, *arrived]).data
    merged = dict(before)
    for branch in [*(task.parent.data for task in arrived), join.parent.data]:
        for key in before.keys() - branch.keys():
            merged.pop(key, None)
        merged.update({key: value for key, value in branch.items() if key not in before or before[key] != value})
    join.data = merged
    for task in arrived:
        if task.has_state(TaskState.COMPLETED):  # left over from before a reset inside a branch
            task._drop_children(force=True)


def _same_round(join: Any) -> Iterable[Any]:
    """The other arrivals at this join since it last let a token pass, in loops."""
    previous = join.find_ancestor(join.task_spec.name)
    for task in join.workflow.tasks.values():
        if task.task_spec is join.task_spec and task is not join and task.has_state(TaskState.FINISHED_MASK):
            ours = previous is None or task.is_descendant_of(previous)
            if ours and not join.is_descendant_of(task) and task.parent.has_state(TaskState.COMPLETED):
                yield task


def _common_ancestor(tasks: list[Any]) -> Any:
    lines = [_list_ancestors(task) for task in tasks]
    common = None
    for level in zip(*lines, strict=False):
        if any(task is not level[0] for task in level):
            break
        common = level[0]
    return common


def _list_ancestors(task: Any) -> list[Any]:
    line = []
    while task is not None:
        line.append(task)
        task = task.parent
    return line[::-1]
