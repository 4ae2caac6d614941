"""Run automatic elements (gateways, events, ends) until only waits are left.

The library looks for ready elements by walking the tree of tokens, gives up at depth 1000 without a word, and miscounts
the depth by one for every called process it walks past. Here every token of every running process is looked at.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.exceptions import TaskNotFoundException
from SpiffWorkflow.util.task import TaskState

from service.domain.text import Text
from service.engine.errors import step_failed
from service.engine.state import in_tree_order
from service.engine.workflow import in_state

#: More automatic elements than this in one step is a loop without an end.
STEP_LIMIT = 20_000
#: Beyond this length of history the library's own walks fail.
DEPTH_LIMIT = 800
_ENDLESS = Text("自动环节循环不止", "automatic elements go round without an end")
_TOO_DEEP = Text("循环次数过多，办件历史过长", "it went round too often; the case's history is too long")


def run_automatic(top: Any) -> None:
    """Run automatic elements until only waits are left; raises StepFailed for a loop without an end."""
    done, ran = 0, True
    while ran:
        ran = False
        for workflow in _list_running(top):
            for task in [t for t in in_state(workflow, TaskState.READY) if _is_automatic(t)]:
                if _is_automatic(task) and task.id in workflow.tasks:
                    task.run()
                    done, ran = done + 1, True
                    _check_depth(task, done)
            _notify_activity(top, workflow)


def measure_longest_history(workflow: Any) -> int:
    """Return the length of the longest history in one process."""
    return max(depth for _, depth in in_tree_order(workflow))


def _list_running(top: Any) -> list[Any]:
    inner = [workflow for workflow in top.subprocesses.values() if not workflow.completed]
    return [*sorted(inner, key=lambda workflow: -int(workflow.depth)), top]


def _is_automatic(task: Any) -> bool:
    return bool(task.state == TaskState.READY and not task.task_spec.manual)


def _notify_activity(top: Any, workflow: Any) -> None:
    """Tell the activity around a process that its inside may be done."""
    if workflow.parent_task_id is None or workflow.parent_task_id not in top.subprocesses:
        return
    try:
        activity = top.get_task_from_id(workflow.parent_task_id)
    except TaskNotFoundException:
        return
    activity.task_spec._update(activity)


def _check_depth(task: Any, done: int) -> None:
    if done > STEP_LIMIT:
        raise step_failed(task.task_spec.bpmn_id, _ENDLESS)
    if (
        len(task.workflow.tasks) > DEPTH_LIMIT
        and done % 50 == 0
        and measure_longest_history(task.workflow) > DEPTH_LIMIT
    ):
        raise step_failed(task.task_spec.bpmn_id, _TOO_DEEP)
