"""Flows and gateways: where the engine would ignore a condition, lose a branch or get stuck."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from service.engine.lint.report import Rule, make
from service.engine.lint.scope import TASKS, Package, Scope
from service.engine.model import EngineProblem
from service.engine.xml import kind

RULES = {
    "one_start": Rule(
        "“{id}”有 {count} 个开始事件，应当恰好一个。", "“{id}” has {count} start events; it needs exactly one.",
        "只保留一个开始事件，用网关分支。", "Keep one start event and branch by a gateway."),
    "no_end": Rule(
        "“{id}”没有结束事件，完成时数据会丢失。", "“{id}” has no end event; its data would be lost.",
        "在每条路径末尾画结束事件。", "Draw an end event at the end of every path."),
    "dead_end": Rule(
        "“{id}”之后没有连线，流程会在此悄悄结束。", "Nothing follows “{id}”; the process would silently end there.",
        "连到下一个节点或结束事件。", "Connect it to the next element or to an end event."),
    "unreachable": Rule(
        "从开始事件走不到“{id}”，它不会被执行也不会被检查。", "“{id}” cannot be reached from the start event.",
        "把它连进流程或删除。", "Connect it or remove it."),
    "dangling_flow": Rule(
        "连线“{id}”的一端不存在或在另一层流程里。", "The flow “{id}” has an end that does not exist in this process.",
        "重新连接这条线。", "Connect the flow again."),
    "fork_without_gateway": Rule(
        "“{id}”有 {count} 条流出连线，但它不是网关。", "“{id}” has {count} outgoing flows but is no gateway.",
        "在其后加一个网关来分支。", "Put a gateway after it."),
    "ignored_condition": Rule(
        "连线“{flow}”从“{id}”流出，其条件会被忽略。", "The condition on flow “{flow}” out of “{id}” would be ignored.",
        "把条件放在排他或包容网关的流出连线上。", "Put the condition on a flow out of an exclusive or inclusive gateway."),
    "missing_default": Rule(
        "网关“{id}”没有默认分支，条件都不成立时流程会出错。", "The gateway “{id}” has no default flow and fails without a match.",
        "把一条流出连线设为默认。", "Make one outgoing flow the default."),
    "missing_condition": Rule(
        "网关“{id}”的连线“{flow}”既不是默认分支也没有条件。",
        "The flow “{flow}” out of “{id}” is neither the default nor has a condition.",
        "给这条连线写条件，或设为默认。", "Give the flow a condition or make it the default."),
    "default_with_condition": Rule(
        "默认分支“{flow}”带有条件，该条件会被忽略。", "The default flow “{flow}” has a condition, which would be ignored.",
        "删除默认分支上的条件。", "Remove the condition from the default flow."),
    "uncontrolled_merge": Rule(
        "并行分支未经合并网关就汇入“{id}”，它会执行多次。", "Parallel branches run into “{id}” unjoined; it would run repeatedly.",
        "在其前面用并行网关合并。", "Join the branches by a parallel gateway first."),
    "join_never_complete": Rule(
        "并行网关“{id}”等待一条不会到来的分支（排他分支或回路）。", "The parallel gateway “{id}” waits for a branch that never comes.",
        "排他分支和回路用排他网关合并。", "Join alternatives and loops by an exclusive gateway."),
    "parallel_same_key": Rule(
        "“{id}”之后的并行分支都写入“{key}”，后完成的会覆盖先完成的。",
        "Parallel branches after “{id}” both write “{key}”; the later one would overwrite the earlier.",
        "每条分支用不同的键，合并后再汇总。", "Use a different key in every branch and combine them after the join."),
}  # fmt: skip

problem = partial(make, RULES)
_CONDITIONAL = frozenset({"exclusiveGateway", "inclusiveGateway"})
_PARALLEL = frozenset({"parallelGateway", "inclusiveGateway"})


def check_flows(package: Package, scope: Scope) -> Iterator[EngineProblem]:
    """Check the flows of one scope."""
    yield from _ends(scope)
    yield from _connected(scope)
    yield from _joins(scope)
    for node_id, node in scope.nodes.items():
        yield from _outgoing(scope, node_id, node)
    for split, branches in _splits(scope):
        yield from _merges(scope, split, branches)
        yield from _same_keys(package, scope, split, branches)


def _ends(scope: Scope) -> Iterator[EngineProblem]:
    starts = len(list(scope.of_kind("startEvent")))
    if starts != 1:
        yield problem("one_start", scope.file, scope.id, count=starts)
    if next(scope.of_kind("endEvent"), None) is None:
        yield problem("no_end", scope.file, scope.id)


def _connected(scope: Scope) -> Iterator[EngineProblem]:
    for flow in scope.flows:
        if flow.source not in scope.nodes or flow.target not in scope.nodes:
            yield problem("dangling_flow", scope.file, flow.id)
    reached: set[str] = set()
    for start in scope.of_kind("startEvent"):
        reached |= scope.reach(start.get("id", ""))
    for node_id, node in scope.nodes.items():
        if node_id not in reached and not _by_event(node):
            yield problem("unreachable", scope.file, node_id)


def _by_event(node: Any) -> bool:
    return bool(node.get("triggeredByEvent") == "true")


def _joins(scope: Scope) -> Iterator[EngineProblem]:
    """Yield the joins that wait for a token which can only come from themselves."""
    starts = [start.get("id", "") for start in scope.of_kind("startEvent")]
    for node in scope.of_kind("parallelGateway"):
        node_id = node.get("id", "")
        before = set[str]().union(*(scope.reach(start, without=node_id) for start in starts))
        sources = [flow.source for flow in scope.incoming.get(node_id, ())]
        if len(sources) > 1 and any(source not in before for source in sources):
            yield problem("join_never_complete", scope.file, node_id)


def _outgoing(scope: Scope, node_id: str, node: Any) -> Iterator[EngineProblem]:
    name, out = kind(node), scope.outgoing.get(node_id, [])
    if not out and name != "endEvent" and not _by_event(node):
        yield problem("dead_end", scope.file, node_id)
    if name in _CONDITIONAL:
        yield from _conditions(scope, node_id, node)
        return
    for flow in out:
        if flow.condition is not None:
            yield problem("ignored_condition", scope.file, node_id, flow=flow.id)
    if len(out) > 1 and (name in TASKS or name.endswith("Event")):
        yield problem("fork_without_gateway", scope.file, node_id, count=len(out))


def _conditions(scope: Scope, node_id: str, node: Any) -> Iterator[EngineProblem]:
    out, default = scope.outgoing.get(node_id, []), node.get("default")
    if len(out) == 1:
        if out[0].condition is not None:
            yield problem("missing_default", scope.file, node_id)
        return
    if out and default not in {flow.id for flow in out}:
        yield problem("missing_default", scope.file, node_id)
    for flow in out:
        if flow.id == default and flow.condition is not None:
            yield problem("default_with_condition", scope.file, node_id, flow=flow.id)
        elif flow.id != default and not flow.condition:
            yield problem("missing_condition", scope.file, node_id, flow=flow.id)


Branches = list[set[str]]


def _splits(scope: Scope) -> Iterator[tuple[Any, Branches]]:
    """Yield every split with the nodes that lie in one branch only; attached events split where they do not interrupt."""
    for node_id, node in scope.nodes.items():
        out = scope.outgoing.get(node_id, [])
        if kind(node) in _PARALLEL | {"exclusiveGateway"} and len(out) > 1:
            yield node, _own([scope.reach(flow.target, without=node_id) for flow in out])
        beside = [e.get("id", "") for e in scope.attached.get(node_id, ()) if e.get("cancelActivity") == "false"]
        if beside:
            main = set[str]().union(*(scope.reach(flow.target, without=node_id) for flow in out)) | {node_id}
            yield node, _own([main, *(scope.reach(event) for event in beside)])


def _own(reached: Branches) -> Branches:
    return [nodes.difference(*(other for other in reached if other is not nodes)) for nodes in reached]


def _merges(scope: Scope, split: Any, branches: Branches) -> Iterator[EngineProblem]:
    alternatives, gateway = kind(split) == "exclusiveGateway", kind(split).endswith("Gateway")
    for node_id, node in scope.nodes.items():
        arriving = {i for f in scope.incoming.get(node_id, ()) for i, own in enumerate(branches) if f.source in own}
        if gateway:
            arriving |= {i for i, f in enumerate(scope.outgoing[split.get("id")]) if f.target == node_id}
        if len(arriving) < 2 or kind(node) == "endEvent":
            continue
        if alternatives and kind(node) == "parallelGateway":
            yield problem("join_never_complete", scope.file, node_id)
        if not alternatives and kind(split) != "inclusiveGateway" and kind(node) not in _PARALLEL:
            yield problem("uncontrolled_merge", scope.file, node_id)


def _same_keys(package: Package, scope: Scope, split: Any, branches: Branches) -> Iterator[EngineProblem]:
    if kind(split) == "exclusiveGateway":
        return
    seen: set[str] = set()
    for own in branches:
        written = set[str]().union(*(package.writes(scope.nodes[node_id]) for node_id in own))
        for key in sorted(written & seen):
            yield problem("parallel_same_key", scope.file, split.get("id"), key=key)
        seen |= written
