"""Elements that cannot be carried out yet: each waits, with the reason, until it is tried again."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.engine.errors import StepFailed

STOPPED = "stopped"
"""The key of a task's internal data under which the reason stands."""


class Stopped(LaurelError):
    """An element was tried again and still cannot be carried out."""

    code = "stopped"


def stop(task: Any, error: StepFailed) -> None:
    """Let ``task`` wait with the reason of ``error``."""
    task.internal_data[STOPPED] = {"zh": error.reason.zh, "en": error.reason.en}


def is_stopped(task: Any) -> bool:
    """Say whether a task waits to be tried again."""
    return STOPPED in task.internal_data and task.has_state(TaskState.STARTED | TaskState.WAITING)


def try_again(task: Any) -> None:
    """Carry a stopped task out; raises Stopped, naming the reason, where that still cannot be."""
    task.internal_data.pop(STOPPED)
    again = getattr(task.task_spec, "try_again", task.task_spec._update)
    again(task)
    reason = task.internal_data.get(STOPPED)
    if reason is not None:
        raise Stopped(Text(reason["zh"], reason["en"]))
