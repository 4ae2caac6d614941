"""Loops: repetitions without a limit, and work items that would lose their results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from service.engine.lint.report import Rule, make
from service.engine.lint.scope import Package, Scope
from service.engine.model import EngineProblem
from service.engine.xml import kind, tag

RULES = {
    "standard_loop": Rule(
        "“{id}”使用标准循环标记，其数据会被错误合并。", "“{id}” has a standard loop marker, which merges data wrongly.",
        "用排他网关画出循环，并写明次数上限。", "Draw the loop with an exclusive gateway and a limit."),
    "half_output": Rule(
        "多实例“{id}”只写了结果集合或只写了结果项。", "The multi-instance “{id}” declares only half of its output.",
        "同时填写 loopDataOutputRef 和 outputDataItem，或都不填。",
        "Declare both loopDataOutputRef and outputDataItem, or neither."),
    "no_item": Rule(
        "多实例“{id}”没有集合或没有给每一项命名。", "The multi-instance “{id}” lacks its collection or the name of an item.",
        "填写 loopDataInputRef 和 inputDataItem。", "Fill in loopDataInputRef and inputDataItem."),
    "endless_loop": Rule(
        "包含“{id}”的循环里没有任何等待，会无限运转。", "The loop through “{id}” never waits and would run without end.",
        "在循环中加入人工任务、服务任务或计时。", "Put a user task, a service task or a timer into the loop."),
    "unbounded_loop": Rule(
        "包含“{id}”的循环没有次数上限；约 200 轮后引擎会丢失进度。",
        "The loop through “{id}” has no limit; after some 200 rounds the engine loses its place.",
        "计数并在网关条件中比较，例如“attempt.count < 50”。", "Count the rounds and compare in a gateway's condition."),
}  # fmt: skip

problem = partial(make, RULES)
_WAITS = frozenset(
    {"userTask", "manualTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "callActivity",
     "subProcess", "intermediateCatchEvent", "eventBasedGateway"}
)  # fmt: skip
_COMPARES = re.compile(r"[<>]")


def check_loops(_package: Package, scope: Scope) -> Iterator[EngineProblem]:
    """Check the loops of one scope."""
    for node_id, node in scope.nodes.items():
        if node.find(tag("standardLoopCharacteristics")) is not None:
            yield problem("standard_loop", scope.file, node_id)
        loop = node.find(tag("multiInstanceLoopCharacteristics"))
        if loop is not None:
            yield from _items(scope, node_id, loop)
    for ring in _rings(scope):
        yield from _ring(scope, ring)


def _items(scope: Scope, node_id: str, loop: Any) -> Iterator[EngineProblem]:
    has = {name: loop.find(tag(name)) is not None for name in
           ("loopDataOutputRef", "outputDataItem", "loopDataInputRef", "inputDataItem", "loopCardinality")}  # fmt: skip
    if has["loopDataOutputRef"] != has["outputDataItem"]:
        yield problem("half_output", scope.file, node_id)
    if not has["loopCardinality"] and not (has["loopDataInputRef"] and has["inputDataItem"]):
        yield problem("no_item", scope.file, node_id)


def _rings(scope: Scope) -> Iterator[set[str]]:
    """Yield the sets of nodes that can reach each other and themselves."""
    reach = {
        node_id: set[str]().union(*(scope.reach(following) for following in scope.next_of(node_id)))
        for node_id in scope.nodes
    }
    seen: set[str] = set()
    for node_id in scope.nodes:
        if node_id in reach[node_id] and node_id not in seen:
            ring = {other for other in reach[node_id] if node_id in reach.get(other, ())}
            seen |= ring
            yield ring


def _ring(scope: Scope, ring: set[str]) -> Iterator[EngineProblem]:
    ordered = [node_id for node_id in scope.nodes if node_id in ring]
    if not any(kind(scope.nodes[node_id]) in _WAITS for node_id in ordered):
        yield problem("endless_loop", scope.file, ordered[0])
        return
    leaving = [flow for node_id in ordered for flow in scope.outgoing.get(node_id, ()) if _decides(scope, flow.source)]
    if not any(flow.condition and _limits(flow.condition) for flow in leaving):
        yield problem("unbounded_loop", scope.file, ordered[0])


def _decides(scope: Scope, node_id: str) -> bool:
    return kind(scope.nodes[node_id]) in ("exclusiveGateway", "inclusiveGateway")


def _limits(condition: str) -> bool:
    return bool(_COMPARES.search(condition))
