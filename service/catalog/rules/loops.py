"""Loops: repetitions without a limit, and work items that would lose their results."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Element, Kind
from service.catalog.bpmn.scope import FlowScope, scopes_of
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, Said, check

_SAID = {
    "standard_loop": Said(
        "A repetition is drawn with a gateway, not by a loop marker.", "A standard loop merges its data wrongly.",
        "“{id}”使用标准循环标记，其数据会被错误合并。", "“{id}” has a standard loop marker, which merges data wrongly.",
        "用排他网关画出循环，并写明次数上限。", "Draw the loop with an exclusive gateway and a limit."),
    "half_output": Said(
        "What is done per item collects its results under two names or none.", "Half an output fails or is lost.",
        "多实例“{id}”只写了结果集合或只写了结果项。", "The multi-instance “{id}” declares only half of its output.",
        "在“重复”里把“每一个办完留下什么”和“合起来叫什么”都填上，或者都不填。",
        "Fill in both “What each one leaves” and “Name of them together” under “Repetition”, or neither."),
    "loop_incomplete": Said(
        "A task done several times says over which list, and names its item.", "Without a list nothing would be done.",
        "多实例“{id}”没有集合或没有给每一项命名。", "The multi-instance “{id}” lacks its collection or the name of an item.",
        "在“重复”里填写“对哪些逐一办理”和“其中每一个叫什么”。",
        "Fill in “For each of” and “Name of each” under “Repetition”."),
    "endless_loop": Said(
        "Something waits in every loop.", "A loop that never waits runs without end within one step.",
        "包含“{id}”的循环里没有任何等待，会无限运转。", "The loop through “{id}” never waits and would run without end.",
        "在循环中加入人工任务、服务任务或计时。", "Put a user task, a service task or a timer into the loop."),
    "unbounded_loop": Said(
        "A loop has a limit.", "After some 200 rounds the engine loses its place.",
        "包含“{id}”的循环没有次数上限；约 200 轮后引擎会丢失进度。",
        "The loop through “{id}” has no limit; after some 200 rounds the engine loses its place.",
        "在循环里加一个“轮次计数”服务任务，出口网关的条件写明次数上限，例如“case.corrections < 2”。",
        "Put a service task “Count a round” into the loop and compare in a gateway's condition, such as “case.corrections < 2”."),
}  # fmt: skip
_WAITS = (
    Kind.USER_TASK, Kind.MANUAL_TASK, Kind.SERVICE_TASK, Kind.RULE_TASK, Kind.SEND_TASK, Kind.RECEIVE_TASK, Kind.CALL,
    Kind.SUBPROCESS, Kind.CATCH, Kind.EVENT_GATEWAY,
)  # fmt: skip
_COMPARES = re.compile(r"[<>]")


@check(Extent.DIAGRAM, said=_SAID)
def loops_end(checked: Checked) -> Iterator[Problem]:
    """Loops end, and keep what is done in them."""
    for diagram, element in checked.elements():
        multi = element.multi
        if element.standard_loop:
            yield _build_problem("standard_loop", diagram, element)
        if multi is not None and bool(multi.outputs) != bool(multi.output):
            yield _build_problem("half_output", diagram, element)
        if multi is not None and not (multi.collection and multi.item):
            yield _build_problem("loop_incomplete", diagram, element)
    for diagram in checked.diagrams.values():
        for scope in scopes_of(diagram):
            for ring in _iterate_rings(scope):
                yield from _check_ring(scope, ring)


def _build_problem(rule: str, diagram: Diagram, element: Element) -> Problem:
    return _SAID[rule].problem(diagram.file, element.id, rule, id=label_of(diagram, element.id))


def _iterate_rings(scope: FlowScope) -> Iterator[set[str]]:
    """Yield the sets of nodes that can reach each other and themselves."""
    reach = {ident: scope.reach(*scope.next_of(ident)) for ident in scope.nodes}
    seen: set[str] = set()
    for ident in scope.nodes:
        if ident in reach[ident] and ident not in seen:
            ring = {other for other in reach[ident] if ident in reach.get(other, ())}
            seen |= ring
            yield ring


def _check_ring(scope: FlowScope, ring: set[str]) -> Iterator[Problem]:
    ordered = [node for ident, node in scope.nodes.items() if ident in ring]
    if not any(node.kind in _WAITS for node in ordered):
        yield _build_problem("endless_loop", scope.diagram, ordered[0])
        return
    leaving = [flow for node in ordered if node.kind.decides for flow in scope.outgoing.get(node.id, ())]
    if not any(_COMPARES.search(flow.condition) for flow in leaving):
        yield _build_problem("unbounded_loop", scope.diagram, ordered[0])
