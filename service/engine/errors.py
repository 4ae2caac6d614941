"""Errors of running and loading diagrams, and elements that wait because of one until they are tried again."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from service.domain.errors import Conflict, Invalid, LaurelError
from service.domain.text import Text


class NotWaiting(Conflict):
    """The task, timer or message does not wait any more."""

    code = "not_waiting"


class BadData(Invalid):
    """A value that a running instance cannot keep."""

    code = "bad_data"


class BadDiagram(Invalid):
    """A diagram that cannot be loaded at all."""

    code = "bad_diagram"


class UnreadableElement(BadDiagram):
    """A diagram whose ``element``, "" where it is not known which, the library cannot carry out."""

    def __init__(self, file: str, element: str) -> None:
        self.file, self.element = file, element
        self.reason = Text(
            f"引擎不能执行“{element or file}”：它的类型或者所指的内容不受支持",
            f"the engine cannot carry out “{element or file}”: its type, or what it refers to, is not supported",
        )
        super().__init__(
            Text(
                f"流程图“{file}”：{self.reason.zh}。用 laurel check 或编辑器的“检查”查看原因，改正后再试。",
                f"Diagram “{file}”: {self.reason.en}. See the reason by laurel check or “Check” in the editor, and mend it.",
            )
        )


class CannotMove(Conflict):
    """An instance cannot move to another version of its diagrams."""

    code = "cannot_move"


class StepFailed(LaurelError):
    """The diagram could not go on; ``element_id`` says from where. Drop the instance, keep its last saved state."""

    code = "step_failed"

    def __init__(self, message: Text, element_id: str | None = None, reason: Text | None = None) -> None:
        super().__init__(message)
        self.element_id = element_id
        self.reason = reason or message


def not_waiting(what: Text) -> NotWaiting:
    """Return the error for a task, timer or call that is gone."""
    return NotWaiting(
        Text(
            f"{what.zh}已经不在等待，可能刚刚被别人办理或已被撤销；请刷新页面后再看。",
            f"The {what.en} is no longer waiting: another person finished it or it was withdrawn. Reload the page.",
        )
    )


def build_unreadable_error(reason: Text) -> BadDiagram:
    """Return the error for a file that is no diagram; the ``reason`` names the file."""
    return BadDiagram(
        Text(
            f"流程图读不出来：{reason.zh}请改正，或从流程编辑器重新导出。",
            f"A diagram cannot be read: {reason.en} Mend it, or export it again from the diagram editor.",
        )
    )


def build_missing_process_error(process: str) -> BadDiagram:
    """Return the error for a call of a process that no file holds."""
    return BadDiagram(
        Text(
            f"被调用的流程“{process}”不在程序包里：请检查调用活动的编号，通用流程须在同一棵目录的 processes/shared/ 中。",
            f"The called process “{process}” is not in the package: check the call activity; shared diagrams must lie in "
            "processes/shared/ of the same tree.",
        )
    )


def step_failed(element_id: str | None, reason: Text) -> StepFailed:
    """Return the error for an element that cannot be carried out, with the ``reason``."""
    where = element_id or "?"
    return StepFailed(
        Text(
            f"流程在节点“{where}”处无法继续：{reason.zh}。请检查该节点的表达式和所用数据，修正后重试。",
            f"The process cannot go on at “{where}”: {reason.en}. Check its expressions and data, then retry.",
        ),
        element_id,
        reason,
    )


STOPPED = "stopped"
"""The key of a task's internal data under which the reason stands."""


class Stopped(LaurelError):
    """An element was tried again and still cannot be carried out."""

    code = "stopped"


def stop_task(task: Any, error: StepFailed) -> None:
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
