"""Flows and gateways: where the engine would ignore a condition, lose a branch or get stuck."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Element, Flow, Kind, Trigger
from service.catalog.bpmn.scope import FlowScope, keys_of, scopes_of
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_warning_problem
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, Said, check
from service.domain.text import Text

_CONNECTED = {
    "one_start": Said(
        "A process has exactly one start.", "The engine begins at every one of several.",
        "“{id}”有 {count} 个开始事件，应当恰好一个。", "“{id}” has {count} start events; it needs exactly one.",
        "只保留一个开始事件，用网关分支。", "Keep one start event and branch by a gateway."),
    "no_end": Said(
        "A process has an end.", "Without one its data are lost when it completes.",
        "“{id}”没有结束事件，完成时数据会丢失。", "“{id}” has no end event; its data would be lost.",
        "在每条路径末尾画结束事件。", "Draw an end event at the end of every path."),
    "dead_end": Said(
        "Everything but an end leads on.", "A token that has nowhere to go is silently gone.",
        "“{id}”之后没有连线，流程会在此悄悄结束。", "Nothing follows “{id}”; the process would silently end there.",
        "连到下一个节点或结束事件。", "Connect it to the next element or to an end event."),
    "unreachable": Said(
        "Everything can be reached from the start.", "The library leaves out what it does not come to.",
        "从开始事件走不到“{id}”，它不会被执行也不会被检查。", "“{id}” cannot be reached from the start event.",
        "把它连进流程或删除。", "Connect it or remove it."),
}  # fmt: skip
_WAYS = {
    "fork_without_gateway": Said(
        "Only a gateway has several ways out.", "Elsewhere all of them are taken.",
        "“{id}”有 {count} 条流出连线，但它不是网关。", "“{id}” has {count} outgoing flows but is no gateway.",
        "在其后加一个网关来分支。", "Put a gateway after it."),
    "ignored_condition": Said(
        "Conditions stand on ways out of a gateway that decides.", "Elsewhere they are ignored.",
        "连线“{flow}”从“{id}”流出，其条件会被忽略。", "The condition on flow “{flow}” out of “{id}” would be ignored.",
        "把条件放在排他或包容网关的流出连线上。", "Put the condition on a flow out of an exclusive or inclusive gateway."),
    "missing_default": Said(
        "A gateway that decides has a default.", "Without a match it fails.",
        "网关“{id}”没有默认分支，条件都不成立时流程会出错。", "The gateway “{id}” has no default flow and fails without a match.",
        "把一条流出连线设为默认。", "Make one outgoing flow the default."),
    "missing_condition": Said(
        "Every way out of a gateway that decides has a condition, except the default.", "It cannot be loaded without.",
        "网关“{id}”的连线“{flow}”既不是默认分支也没有条件。",
        "The flow “{flow}” out of “{id}” is neither the default nor has a condition.",
        "给这条连线写条件，或设为默认。", "Give the flow a condition or make it the default."),
    "default_with_condition": Said(
        "The default has no condition.", "Its condition would be ignored.",
        "默认分支“{flow}”带有条件，该条件会被忽略。", "The default flow “{flow}” has a condition, which would be ignored.",
        "删除默认分支上的条件。", "Remove the condition from the default flow."),
}  # fmt: skip
_JOINED = {
    "uncontrolled_merge": Said(
        "Parallel branches are joined before they go on together.", "Unjoined, what follows runs once for each.",
        "并行分支未经合并网关就汇入“{id}”，它会执行多次。", "Parallel branches run into “{id}” unjoined; it would run repeatedly.",
        "在其前面用并行网关合并。", "Join the branches by a parallel gateway first."),
    "join_never_complete": Said(
        "A parallel join waits for no alternative, no loop and no attached event.", "It waits for a token on every way in.",
        "并行网关“{id}”等待一条可能不会到来的分支（排他分支、回路或者不中断的附加事件）。",
        "The parallel gateway “{id}” waits for a branch that may never come.",
        "排他分支和回路用排他网关合并；附加事件之后的步骤另外结束，或者用多选网关合并。",
        "Join alternatives and loops by an exclusive gateway; end what an attached event begins by itself, or join it by an inclusive gateway."),
    "join_starved": Said(
        "No branch on its way to a parallel join may end elsewhere (BPMN 2.0.2, 13.4.1).", "The join would wait for ever.",
        "并行网关“{id}”等待的一条分支可能在“{end}”结束，汇合就永远不会发生。",
        "A branch that the join “{id}” waits for may end at “{end}”: then it waits for ever.",
        "让该分支的每条路都通到汇合处，或者改用终止结束事件。",
        "Lead every way of the branch to the join, or end the whole process there."),
}  # fmt: skip
_WRITTEN = {
    "parallel_same_key": Said(
        "Parallel branches write different keys.", "The branch that is done later overwrites the other.",
        "“{id}”之后的并行分支都写入“{key}”，后完成的会覆盖先完成的。",
        "Parallel branches after “{id}” both write “{key}”; the later one would overwrite the earlier.",
        "每条分支用不同的键，合并后再汇总。", "Use a different key in every branch and combine them after the join."),
}  # fmt: skip
_ALL = _CONNECTED | _WAYS | _JOINED | _WRITTEN
_PARALLEL = (Kind.PARALLEL, Kind.INCLUSIVE)


def _problem(rule: str, scope: FlowScope, place: str, **values: object) -> Problem:
    return _ALL[rule].problem(scope.diagram.file, place, rule, **{"id": label_of(scope.diagram, place), **values})


def _scopes(checked: Checked) -> Iterator[FlowScope]:
    for diagram in checked.diagrams.values():
        for scope in scopes_of(diagram):
            if scope.element is None or scope.element.kind is Kind.SUBPROCESS:  # others are told by themselves
                yield scope


@check(Extent.DIAGRAM, said=_CONNECTED)
def all_connected(checked: Checked) -> Iterator[Problem]:
    """A process leads from one start to an end."""
    for scope in _scopes(checked):
        yield from _loose(scope)


def _loose(scope: FlowScope) -> Iterator[Problem]:
    """Yield what is cut off: the first elements only, since the rest follows from them."""
    starts = [start.id for start in scope.of(Kind.START)]
    ends = any(scope.of(Kind.END))
    if len(starts) != 1:
        yield _problem("one_start", scope, scope.id, count=len(starts))
    if not ends:
        yield _problem("no_end", scope, scope.id)
    reached = scope.reach(*starts)
    dead = [
        e.id
        for e in scope.nodes.values()
        if e.kind is not Kind.END and not e.event_subprocess and not scope.outgoing.get(e.id)
    ]
    yield from (_problem("dead_end", scope, ident) for ident in dead if ends)
    cut_off = [e.id for e in scope.nodes.values() if e.id not in reached and not e.event_subprocess]
    if starts and not any(ident in reached for ident in dead):
        led_to = {ident for each in cut_off for ident in scope.next_of(each)}
        yield from (
            _problem("unreachable", scope, ident) for ident in cut_off if ident not in led_to or led_to >= {*cut_off}
        )


@check(Extent.DIAGRAM, said=_WAYS)
def ways_decided(checked: Checked) -> Iterator[Problem]:
    """Where a token goes is decided by gateways and their conditions."""
    for scope in _scopes(checked):
        for ident, node in scope.nodes.items():
            ways = scope.outgoing.get(ident, ())
            if node.kind.decides:
                yield from _decided(scope, node, ways)
                continue
            for flow in ways:
                if flow.condition:
                    yield _problem("ignored_condition", scope, ident, flow=label_of(scope.diagram, flow.id))
            if len(ways) > 1 and not node.kind.is_gateway:
                yield _problem("fork_without_gateway", scope, ident, count=len(ways))


def _decided(scope: FlowScope, gateway: Element, ways: tuple[Flow, ...]) -> Iterator[Problem]:
    """Yield what is wrong with the ways out of a gateway; a way without a condition may be the default that is missing."""
    default = next((flow for flow in ways if flow.id == gateway.default_flow), None)
    if len(ways) < 2:
        if ways and ways[0].condition:
            yield _problem("missing_default", scope, gateway.id)
        return
    bare = [flow for flow in ways if not flow.condition and flow is not default]
    if default is None:
        yield _problem("missing_default", scope, gateway.id)
        bare = bare if len(bare) > 1 else []
    for flow in bare:
        gateway_label, flow_label = label_of(scope.diagram, gateway.id), label_of(scope.diagram, flow.id)
        yield _problem("missing_condition", scope, flow.id, id=gateway_label, flow=flow_label)
    if default is not None and default.condition and not bare:
        yield _problem("default_with_condition", scope, default.id, flow=label_of(scope.diagram, default.id))


@check(Extent.DIAGRAM, "gateway_unnamed")
def gateway_named(checked: Checked) -> Iterator[Problem]:
    """A gateway that decides says what it asks, and its ways say the answers."""
    for diagram, element in checked.elements():
        ways = diagram.outgoing(element.id)
        if element.kind is not Kind.EXCLUSIVE or len(ways) < 2:
            continue
        if not element.name or any(not flow.name for flow in ways):
            label = label_of(diagram, element.id)
            yield build_warning_problem(
                diagram.file, element.id, "gateway_unnamed",
                f"网关“{label.zh}”或其出口没有名称。",
                f"Gateway “{label.en}” or one of its ways has no name.",
                Text("网关写问题，出口写答案。", "Name the gateway by its question, the ways by the answers."),
            )  # fmt: skip


@check(Extent.DIAGRAM, said=_JOINED)
def branches_joined(checked: Checked) -> Iterator[Problem]:
    """Branches that go on together are joined, and every branch that should arrive does arrive."""
    for scope in _scopes(checked):
        if any(_loose(scope)):
            continue  # what is cut off starves every join behind it
        stuck = {*_looped(scope), *(each for split, own in _splits(scope) for each in _alternatives(scope, split, own))}
        yield from (_problem("join_never_complete", scope, ident) for ident in scope.nodes if ident in stuck)
        for split, branches in _splits(scope):
            if split.kind not in (Kind.EXCLUSIVE, Kind.INCLUSIVE):
                for ident in _meetings(scope, split, branches):
                    if scope.nodes[ident].kind not in _PARALLEL:
                        yield _problem("uncontrolled_merge", scope, ident)
        for join in scope.of(Kind.PARALLEL):
            end = _starving(scope, join) if join.id not in stuck else ""
            if end:
                yield _problem("join_starved", scope, join.id, end=label_of(scope.diagram, end))


def _looped(scope: FlowScope) -> Iterator[str]:
    """Yield the joins that wait for a token which can only come from themselves."""
    starts = [start.id for start in scope.of(Kind.START)]
    for node in scope.of(Kind.PARALLEL):
        before = scope.reach(*starts, without=node.id)
        sources = [flow.source for flow in scope.incoming.get(node.id, ())]
        if len(sources) > 1 and any(source not in before for source in sources):
            yield node.id


Branches = list[set[str]]


def _splits(scope: FlowScope) -> Iterator[tuple[Element, Branches]]:
    """Yield every split with the nodes that lie in one branch only; attached events split where they do not interrupt."""
    for ident, node in scope.nodes.items():
        ways = scope.outgoing.get(ident, ())
        if node.kind in (*_PARALLEL, Kind.EXCLUSIVE) and len(ways) > 1:
            yield node, _own([scope.reach(flow.target, without=ident) for flow in ways])
        beside = scope.beside(ident)
        if beside:
            main = scope.reach(*(flow.target for flow in ways), without=ident) | {ident}
            yield node, _own([main, *(scope.reach(event) for event in beside)])


def _own(reached: Branches) -> Branches:
    return [nodes.difference(*(other for other in reached if other is not nodes)) for nodes in reached]


def _meetings(scope: FlowScope, split: Element, branches: Branches) -> Iterator[str]:
    """Yield the nodes at which branches of a split meet, ends aside."""
    for ident, node in scope.nodes.items():
        arriving = {i for f in scope.incoming.get(ident, ()) for i, own in enumerate(branches) if f.source in own}
        if split.kind.is_gateway:
            arriving |= {i for i, f in enumerate(scope.outgoing[split.id]) if f.target == ident}
        if len(arriving) > 1 and node.kind is not Kind.END:
            yield ident


def _alternatives(scope: FlowScope, split: Element, branches: Branches) -> Iterator[str]:
    """Yield the joins at which alternatives meet, or what an attached event begins, which may never come."""
    if split.kind is Kind.EXCLUSIVE or not split.kind.is_gateway:
        yield from (ident for ident in _meetings(scope, split, branches) if scope.nodes[ident].kind is Kind.PARALLEL)


def _starving(scope: FlowScope, join: Element) -> str:
    """Return an end at which a branch may be gone that ``join`` waits for, "" where every branch arrives."""
    if len(scope.incoming.get(join.id, ())) < 2:
        return ""
    for split in scope.of(Kind.PARALLEL):
        branches = [_ways_of(scope, flow.target, join.id) for flow in scope.outgoing.get(split.id, ())]
        arriving = [reached for reached in branches if join.id in reached]
        if split is not join and len(arriving) > 1 and not _joined_before(scope, split, join, arriving):
            end = next((ident for reached in arriving for ident in reached if _is_gone(scope.nodes[ident])), "")
            if end:
                return end
    return ""


def _joined_before(scope: FlowScope, split: Element, join: Element, arriving: list[list[str]]) -> bool:
    """Return whether the branches are one again before ``join``: it waits then for branches of a later split."""
    meet = set.intersection(*map(set, arriving)) - {split.id, join.id}
    joins, ways = [ident for ident in meet if scope.nodes[ident].kind is Kind.PARALLEL], scope.outgoing[split.id]
    return any(not any(join.id in _ways_of(scope, flow.target, ident) for flow in ways) for ident in joins)


def _ways_of(scope: FlowScope, start: str, stop: str) -> list[str]:
    """Return what a token can come to, ``stop`` and what interrupts included, nothing behind ``stop``, in order."""
    found: dict[str, None] = {}
    waiting = [start]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found[here] = None
            if here != stop:
                waiting += [flow.target for flow in scope.outgoing.get(here, ())]
                waiting += [event.id for event in scope.attached.get(here, ()) if event.interrupting]
    return list(found)


def _is_gone(element: Element) -> bool:
    """Return whether a token is gone there while the rest of the process goes on."""
    return element.kind is Kind.END and element.trigger not in (Trigger.TERMINATE, Trigger.ERROR, Trigger.CANCEL)


@check(Extent.PACKAGE, said=_WRITTEN)
def check_branch_writes(checked: Checked) -> Iterator[Problem]:
    """Parallel branches do not overwrite one another's data."""
    for scope in _scopes(checked):
        for split, branches in _splits(scope) if not any(_loose(scope)) else ():
            seen: set[str] = set()
            for own in branches if split.kind is not Kind.EXCLUSIVE else ():
                written = {key for ident in own for key in _written(checked, scope.diagram, scope.nodes[ident])}
                for key in sorted(written & seen):
                    yield _problem("parallel_same_key", scope, split.id, key=key)
                seen |= written


def _written(checked: Checked, diagram: Diagram, element: Element) -> Iterator[str]:
    """Yield the keys that an element may set, with what it calls or holds."""
    if element.kind is Kind.CALL and element.multi is None:
        called = checked.package.processes.get(element.called)
        yield from called.outputs if called is not None else ()
    elif element.kind is Kind.SUBPROCESS and element.multi is None:
        inner = (each for each in diagram.elements.values() if each.parent == element.id)
        yield from (key for each in inner for key in _written(checked, diagram, each))
    else:
        yield from keys_of(element)
