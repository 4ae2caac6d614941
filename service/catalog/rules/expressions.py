"""Expressions that the engine evaluates: they are written, and say an instant as FEEL does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Purpose, Stated
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked
from service.catalog.rules.registry import Extent, Said, check

_SAID = {
    "empty_expression": Said(
        "What is asked for as an expression is written.", "An empty expression cannot be computed and stops the case.",
        "“{id}”的{purpose_zh}没有写表达式。", "The {purpose} of “{id}” is empty.",
        "填写 FEEL 表达式。", "Write a FEEL expression."),
    "raw_iso": Said(
        "A timer is FEEL.", "Bare ISO 8601 is no expression.",
        "“{id}”的计时“{text}”不是 FEEL。", "The timer “{text}” of “{id}” is not FEEL.",
        "写成 workdays(5)、duration(\"P10D\") 或 date(\"2026-03-09\")。",
        "Write workdays(5), duration(\"P10D\") or date(\"2026-03-09\")."),
}  # fmt: skip
PURPOSES = {
    Purpose.CONDITION: "条件", Purpose.TIMER: "计时", Purpose.LOOP: "多实例设置", Purpose.PARAMETER: "参数",
    Purpose.PAYLOAD: "消息内容", Purpose.CORRELATION: "关联表达式",
}  # fmt: skip
_RAW_ISO = re.compile(r"-?P[0-9T].*|R[0-9]*/.*|[0-9]{4}-[0-9]{2}-[0-9]{2}.*")


@check(Extent.PROCESS, said=_SAID)
def expressions_written(checked: Checked) -> Iterator[Problem]:
    """Whatever the engine evaluates is written, and timers are FEEL."""
    for diagram in checked.diagrams.values():
        for ident, stated in diagram.stated():
            rule = _broken(checked, diagram, ident, stated)
            if rule:
                words = {"purpose": stated.purpose.value, "purpose_zh": PURPOSES[stated.purpose], "text": stated.text}
                yield _SAID[rule].problem(diagram.file, ident, rule, **words)


def is_raw_iso(text: str) -> bool:
    """Tell whether a timer is bare ISO 8601, which is told by a rule of its own."""
    return bool(_RAW_ISO.fullmatch(text))


def _broken(checked: Checked, diagram: Diagram, ident: str, stated: Stated) -> str:
    if not stated.text.strip():
        return "" if _told_elsewhere(checked, diagram, ident, stated) else "empty_expression"
    return "raw_iso" if stated.purpose is Purpose.TIMER and is_raw_iso(stated.text) else ""


def _told_elsewhere(checked: Checked, diagram: Diagram, ident: str, stated: Stated) -> bool:
    """Tell whether another rule asks for what was left empty: a way's condition, a list, a required parameter."""
    if stated.purpose is Purpose.CONDITION:
        flow = diagram.flows[ident]
        gateway = diagram.elements.get(flow.source)
        decided = gateway is not None and gateway.kind.decides and len(diagram.outgoing(flow.source)) > 1
        return decided and gateway is not None and gateway.default_flow != ident
    element = diagram.elements[ident]
    if stated.purpose is Purpose.LOOP:
        return element.multi is not None and not element.multi.collection
    call = element.operation
    known = checked.package.operations.get(call.operation) if call and stated.purpose is Purpose.PARAMETER else None
    return (
        any(p.required and not (call and call.parameters.get(p.name, "").strip()) for p in known.parameters)
        if known
        else False
    )
