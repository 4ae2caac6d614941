"""Operations that send messages from one case to another."""

from __future__ import annotations

from collections.abc import Mapping
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
    payload_from: dict[str, str] = field(
        default_factory=dict, metadata={"help": "随消息传递、对每个下级办件计算的内容：名称和 FEEL 文本"}
    )


@operation("case.tell", Text("通知下级办件", "Tell the cases below"), result={"count": "number"})
def tell(work: Work, parameters: Tell) -> Mapping[str, Any]:
    """Send a message to the child cases of this one that meet the condition."""
    children = [_seen(child) for child in work.cases.children(parameters.process)]
    chosen = [child for child in children if work.evaluate(parameters.where, {"child": child}) is True]
    for child in chosen:
        own = {name: work.evaluate(text, {"child": child}) for name, text in parameters.payload_from.items()}
        work.cases.tell([child["id"]], parameters.message, {**parameters.payload, **own})
    return {"count": len(chosen)}


def _seen(child: ChildView) -> dict[str, Any]:
    own = {"id": child.id, "process": child.process, "title": child.title, "number": child.number}
    return {**child.facts, **own, "status": child.status, "outcome": child.outcome, "subject": dict(child.subject)}


@dataclass(frozen=True, slots=True)
class TellParent:
    """What to tell the parent case."""

    message: str = field(metadata={"help": "消息名"})
    payload: dict[str, Any] = field(default_factory=dict, metadata={"help": "随消息传递的内容"})


@operation("case.tell_parent", Text("通知上级办件", "Tell the case above"))
def tell_parent(work: Work, parameters: TellParent) -> None:
    """Send a message to the parent case."""
    work.cases.tell_parent(parameters.message, parameters.payload)
