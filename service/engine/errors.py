"""Errors of running and loading diagrams, in words for people."""

from __future__ import annotations

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


class CannotMove(Conflict):
    """An instance cannot move to another version of its diagrams."""

    code = "cannot_move"


class StepFailed(LaurelError):
    """The diagram could not go on from ``element_id``; drop the instance, keep its last saved state."""

    code = "step_failed"

    def __init__(self, message: Text, element_id: str | None = None) -> None:
        super().__init__(message)
        self.element_id = element_id


def not_waiting(what: Text) -> NotWaiting:
    """Return the error for a task, timer or call that is gone."""
    return NotWaiting(
        Text(
            f"{what.zh}已经不在等待，可能刚刚被别人办理或已被撤销；请刷新页面后再看。",
            f"The {what.en} is no longer waiting: another person finished it or it was withdrawn. Reload the page.",
        )
    )


def unreadable(path: str, reason: str) -> BadDiagram:
    """Return the error for a file that is no diagram."""
    return BadDiagram(
        Text(
            f"流程图文件“{path}”无法读取：{reason}。请用流程编辑器重新保存。",
            f"The diagram “{path}” cannot be read: {reason}. Save it again with the diagram editor.",
        )
    )


def not_found(process: str) -> BadDiagram:
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
    )
