"""Operations that start child cases and send messages from one case to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.sdk import Conflict, Invalid, Text, Work, operation


@dataclass(frozen=True, slots=True)
class Start:
    """Which kind of case, for whom, with which facts."""

    process: str = field(metadata={"help": "办件种类，即 award.yaml 中 processes 的键"})
    rows: str = field(default="[{}]", metadata={"formula": True, "help": "FEEL 文本，每一行发起一个办件；空则一个"})
    subject_from: str = field(
        default="subject.id", metadata={"formula": True, "help": "FEEL 文本，给出组织编号；row 为当前行"}
    )
    facts_from: dict[str, str] = field(
        default_factory=dict,
        metadata={"formula": True, "help": "事实名和 FEEL 文本，row 为当前行，例如 {tier: row.tier}"},
    )
    key_from: str = field(
        default='""', metadata={"formula": True, "help": "FEEL 文本，同一组织和相同的键只发起一次；空则每次发起"}
    )
    beneath: str | None = field(
        default=None,
        metadata={"help": "在同届同一组织的哪一种办件之下发起，即 award.yaml 中 processes 的键；空则在本办件之下"},
    )
    beneath_where: str = field(
        default="true",
        metadata={
            "formula": True,
            "help": "FEEL 文本，其中哪一个，child 为该办件，row 为当前行，例如 child.award = row.award",
        },
    )
    after_end: bool = field(
        default=False,
        metadata={"help": "与 beneath 同用：那一个办件已经办结的也在它之下发起，例如奖项已经撤销、又查实更重的情形"},
    )
    join: list[str] = field(
        default_factory=list,
        metadata={
            "help": "事实名：同一组织已有以其余事实相同发起的同种办件、还没有人填写过的，不另发起，这些事实（文字）并入该办件；空则每次另行发起"
        },
    )
    in_turn: bool = field(
        default=False,
        metadata={
            "help": "与 join 同用：同一组织就同一奖项已有同种办件的（包括已暂停的、由人发起的），等它办结后再发起；所涉奖项届时已经撤销的，不再发起"
        },
    )
    after: dict[str, str] = field(
        default_factory=dict,
        metadata={
            "help": '与 in_turn 同用：就同一奖项还等哪些种类的办件办结，种类和事实名；已经记下这一事实的才等，例如 {misuse: "misuse"}'
        },
    )


@operation("case.start", Text("发起下级办件", "Start cases below"), result={"count": "number"})
def start(work: Work, parameters: Start) -> Mapping[str, Any]:
    """Queue a child case of this one, or of the one ``beneath``, for every row; it starts after the commit, once per key.

    None starts beneath a case that has ended, unless it is to ``after_end``: that is put on record, and what was found
    stays with this one. One that
    starts ``in_turn`` waits for one that is being handled, as whoever is accused there was not heard on these facts.
    """
    rows, count = work.rows(parameters.rows), 0
    for index, row in enumerate(rows):
        scope = {"row": row}
        facts = {name: work.evaluate(text, scope) for name, text in parameters.facts_from.items()}
        key = str(work.evaluate(parameters.key_from, scope) or f"{work.element.id}:{work.case.id}:{work.now}:{index}")
        subject = _parse_body_id(work.evaluate(parameters.subject_from, scope))
        above = None
        if parameters.beneath is not None and (above := _find_running_parent(work, parameters, subject, scope)) is None:
            work.audit(f"该组织的“{parameters.beneath}”已经结束，没有在它之下发起“{parameters.process}”", facts)
            continue
        work.cases.start(
            parameters.process,
            subject=subject,
            facts=facts,
            key=key,
            beneath=above,
            joining=parameters.join,
            in_turn=parameters.in_turn,
            after=parameters.after,
        )
        count += 1
    return {"count": count}


def _find_running_parent(work: Work, parameters: Start, subject: int | None, scope: Mapping[str, Any]) -> int | None:
    """Return the newest case that ``beneath`` means and that has not ended, None where all have; raises Conflict."""
    beside = [{**c.facts, "id": c.id, "status": c.status} for c in work.cases.beside(str(parameters.beneath), subject)]
    chosen = [c for c in beside if work.selects(parameters.beneath_where, {**scope, "child": c})]
    if not chosen:
        raise Conflict(
            Text(
                f"该组织在本届还没有办件种类“{parameters.beneath}”，不能在它之下发起“{parameters.process}”；有了以后请重试。",
                f"The organisation has no case “{parameters.beneath}” here yet, below which “{parameters.process}” could"
                " start: try again once there is one.",
            )
        )
    return max((int(c["id"]) for c in chosen if parameters.after_end or c["status"] != "ended"), default=None)


def _parse_body_id(value: Any) -> int | None:
    if value is None:
        return None
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Invalid(
            Text(
                f"发起下级办件时给出的组织“{value}”不是组织编号，请改正 subject_from。",
                f"“{value}” is no organisation's number: correct subject_from.",
            )
        ) from None


@dataclass(frozen=True, slots=True)
class Tell:
    """Whom to tell what."""

    message: str = field(metadata={"help": "消息名"})
    process: str | None = field(default=None, metadata={"help": "只通知这一类下级办件；空则全部"})
    where: str = field(
        default="true", metadata={"formula": True, "help": "FEEL 文本，child 为下级办件，例如 child.outcome = null"}
    )
    payload: dict[str, Any] = field(default_factory=dict, metadata={"help": "随消息传递的内容"})
    payload_from: dict[str, str] = field(
        default_factory=dict,
        metadata={"formula": True, "help": "随消息传递、对每个下级办件计算的内容：名称和 FEEL 文本"},
    )


@operation("case.tell", Text("通知下级办件", "Tell the cases below"), result={"count": "number"})
def tell(work: Work, parameters: Tell) -> Mapping[str, Any]:
    """Send a message to the child cases of this one that meet the condition."""
    children = [child.row for child in work.cases.children(parameters.process)]
    chosen = [child for child in children if work.selects(parameters.where, {"child": child})]
    for child in chosen:
        extra_payload = {name: work.evaluate(text, {"child": child}) for name, text in parameters.payload_from.items()}
        work.cases.tell([child["id"]], parameters.message, {**parameters.payload, **extra_payload})
    return {"count": len(chosen)}


@dataclass(frozen=True, slots=True)
class TellParent:
    """What to tell the parent case."""

    message: str = field(metadata={"help": "消息名"})
    payload: dict[str, Any] = field(default_factory=dict, metadata={"help": "随消息传递的内容"})


@operation("case.tell_parent", Text("通知上级办件", "Tell the case above"))
def tell_parent(work: Work, parameters: TellParent) -> None:
    """Send a message to the parent case."""
    work.cases.tell_parent(parameters.message, parameters.payload)


@operation(
    "case.tell_parent_anew", Text("通知上级办件及其另行启动的办件", "Tell the case above and what was begun anew")
)
def tell_parent_anew(work: Work, parameters: TellParent) -> None:
    """Send a message to the parent case and, once it ended, to the like case that its organisation began anew beside it."""
    work.cases.tell_parent(parameters.message, parameters.payload, anew=True)
