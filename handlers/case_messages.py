"""Messages from one case to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import ChildView, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Tell:
    """Whom to tell what."""

    message: str = field(metadata={"help": "消息名"})
    process: str | None = field(default=None, metadata={"help": "只通知这一类下级办件；空则全部"})
    where: str = field(default="true", metadata={"help": "FEEL 文本，child 为下级办件，例如 child.outcome = null"})
    payload: dict[str, Any] = field(default_factory=dict, metadata={"help": "随消息传递的内容"})


@operation("case.tell", Text("通知下级办件", "Tell the cases below"), result={"count": "number"})
def tell(work: Work, parameters: Tell) -> Mapping[str, Any]:
    """Send a message to the cases below this one that meet the condition."""
    chosen = list(_chosen(work, work.cases.children(parameters.process), parameters.where))
    work.cases.tell(chosen, parameters.message, parameters.payload)
    return {"count": len(chosen)}


def _chosen(work: Work, children: Iterable[ChildView], where: str) -> Iterable[int]:
    return (child.id for child in children if work.evaluate(where, {"child": _seen(child)}) is True)


def _seen(child: ChildView) -> dict[str, Any]:
    own = {"id": child.id, "process": child.process, "title": child.title, "number": child.number}
    return {**child.facts, **own, "status": child.status, "outcome": child.outcome, "subject": dict(child.subject)}


@dataclass(frozen=True, slots=True)
class TellParent:
    """What to tell the case above."""

    message: str = field(metadata={"help": "消息名"})
    payload: dict[str, Any] = field(default_factory=dict, metadata={"help": "随消息传递的内容"})


@operation("case.tell_parent", Text("通知上级办件", "Tell the case above"))
def tell_parent(work: Work, parameters: TellParent) -> None:
    """Send a message to the case above."""
    work.cases.tell_parent(parameters.message, parameters.payload)
