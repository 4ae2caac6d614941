"""Events: what the engine would drop, fire at the wrong time or never fire."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from service.engine.lint.report import Rule, make
from service.engine.lint.scope import INNER, TASKS, Package, Scope
from service.engine.model import EngineProblem
from service.engine.xml import extension, kind, tag

RULES = {
    "unsupported_event": Rule(
        "事件“{id}”的类型（{kind}）不受支持，会被忽略或出错。", "The event “{id}” ({kind}) is not supported.",
        "改用消息、计时、错误事件，或直接用连线。", "Use message, timer or error events, or a plain flow."),
    "several_definitions": Rule(
        "事件“{id}”有多个定义。", "The event “{id}” has several definitions.",
        "每个事件只保留一个定义，多种情况用事件网关。", "Keep one definition; use an event-based gateway for several."),
    "start_event": Rule(
        "流程“{id}”以{kind}开始；引擎不会据此新建办件。", "The process “{id}” starts by {kind}, which creates no case.",
        "改为空开始事件，由程序新建办件。", "Use a none start event; the program starts cases."),
    "interrupting_event_subprocess": Rule(
        "事件子流程“{id}”标为中断，但引擎从不中断。", "The event subprocess “{id}” is interrupting, but never interrupts.",
        "设 isInterrupting=false；要中断请在调用活动上附加中断的边界消息事件。",
        "Set isInterrupting=false; to interrupt, attach an interrupting boundary message to a call activity."),
    "event_subprocess_start": Rule(
        "事件子流程“{id}”必须以消息或信号开始，否则会随流程立即开始。",
        "The event subprocess “{id}” must start by a message or signal; otherwise it starts with the process.",
        "改用消息开始事件，计时改用边界计时事件。", "Use a message start; use boundary timers for time."),
    "signal_end": Rule(
        "信号结束事件“{id}”不会发出信号。", "The signal end event “{id}” throws nothing.",
        "在结束前用中间信号事件，或改用消息。", "Throw the signal before the end, or use a message."),
    "uncaught_end": Rule(
        "错误或升级结束事件“{id}”没有边界事件来捕获，流程会显示为正常完成。",
        "Nothing catches the error or escalation end “{id}”; the process would look as if it succeeded.",
        "在调用它的活动上附加同代码的边界事件，或改为普通结束事件。",
        "Attach a boundary event with this code to the calling activity, or use a plain end event."),
    "no_message": Rule(
        "“{id}”没有指定消息，或消息没有名称。", "“{id}” names no message, or the message has no name.",
        "选择一个有名称的消息。", "Choose a message that has a name."),
    "two_timers": Rule(
        "事件网关“{id}”后面有多个计时事件，只有第一个会生效。", "The event gateway “{id}” has several timers; only the first counts.",
        "只保留一个计时事件。", "Keep one timer."),
    "event_gateway_target": Rule(
        "事件网关“{id}”之后必须直接是中间捕获事件。", "An event gateway (“{id}”) must lead straight to catching events.",
        "在网关和任务之间放捕获事件。", "Put catching events right after the gateway."),
    "boundary_target": Rule(
        "边界事件“{id}”没有附在任何任务上。", "The boundary event “{id}” is attached to no activity.",
        "把它附到同一层的任务、子流程或调用活动上。", "Attach it to an activity of the same process."),
    "cycle_target": Rule(
        "循环计时“{id}”只能用在不中断的边界事件上。", "The repeating timer “{id}” only works on a non-interrupting boundary event.",
        "改为不中断的边界事件，或用一次性计时。", "Use a non-interrupting boundary event, or a timer that fires once."),
}  # fmt: skip

problem = partial(make, RULES)
_UNSUPPORTED = frozenset({"link", "compensate", "cancel", "conditional", "multiple"})


def check_events(package: Package, scope: Scope) -> Iterator[EngineProblem]:
    """Check the events of one scope."""
    for node in scope.nodes.values():
        definitions = event_kinds(node)
        if len(definitions) > 1 or node.get("parallelMultiple") == "true":
            yield problem("several_definitions", scope.file, node.get("id"))
        for name in definitions:
            if name in _UNSUPPORTED:
                yield problem("unsupported_event", scope.file, node.get("id"), kind=name)
        yield from _one(package, scope, node, definitions[0] if definitions else "none")
    yield from _starts(scope)
    yield from _event_gateways(scope)


def event_kinds(node: Any) -> list[str]:
    """Return the kinds of event definitions of an event, such as ``message`` or ``timer``."""
    names = (kind(child) for child in node if kind(node).endswith("Event"))
    return [name.removesuffix("EventDefinition") for name in names if name.endswith("EventDefinition")]


def _one(package: Package, scope: Scope, node: Any, event: str) -> Iterator[EngineProblem]:
    element, name = node.get("id"), kind(node)
    if name == "endEvent" and event == "signal":
        yield problem("signal_end", scope.file, element)
    if name == "endEvent" and event in ("error", "escalation") and not _caught(package, scope, node, event):
        yield problem("uncaught_end", scope.file, element)
    if (event == "message" or name in ("receiveTask", "sendTask")) and not _message_named(package, scope, node):
        yield problem("no_message", scope.file, element)
    if name == "boundaryEvent" and not _attached(scope, node):
        yield problem("boundary_target", scope.file, element)
    beside = name == "boundaryEvent" and node.get("cancelActivity") == "false"
    if next(node.iter(tag("timeCycle")), None) is not None and name.endswith("Event") and not beside:
        yield problem("cycle_target", scope.file, element)


def _attached(scope: Scope, node: Any) -> bool:
    target = scope.nodes.get(node.get("attachedToRef", ""))
    return target is not None and kind(target) in TASKS and target.get("triggeredByEvent") != "true"


def _message_named(package: Package, scope: Scope, node: Any) -> bool:
    if kind(node) == "sendTask" and extension(node, "serviceTaskOperator") is not None:
        return True
    definition = next(node.iter(tag("messageEventDefinition")), node)
    wanted = definition.get("messageRef")
    known = {m.get("id"): m.get("name") for m in package.roots[scope.file].iter(tag("message"))}
    return bool(wanted and known.get(wanted))


def _caught(package: Package, scope: Scope, node: Any, event: str) -> bool:
    code = _code(package.roots[scope.file], node, event)
    for other in package.scopes:
        for boundary in other.of_kind("boundaryEvent"):
            if event in event_kinds(boundary) and _encloses(scope, other.nodes.get(boundary.get("attachedToRef", ""))):
                caught = _code(package.roots[other.file], boundary, event)
                if caught in (None, code):
                    return True
    return False


def _encloses(scope: Scope, activity: Any) -> bool:
    """Say whether an activity runs the scope, directly or through what it calls."""
    if activity is None:
        return False
    return kind(activity) == "callActivity" or any(inner.get("id") == scope.id for inner in activity.iter())


def _code(root: Any, node: Any, event: str) -> str | None:
    reference = next(node.iter(tag(f"{event}EventDefinition"))).get(f"{event}Ref")
    found = next((e for e in root.iter(tag(event)) if e.get("id") == reference), None)
    return None if found is None else found.get(f"{event}Code")


def _starts(scope: Scope) -> Iterator[EngineProblem]:
    by_event = scope.node.get("triggeredByEvent") == "true"
    for start in scope.of_kind("startEvent"):
        kinds = event_kinds(start)
        if by_event and (not kinds or kinds[0] not in ("message", "signal")):
            yield problem("event_subprocess_start", scope.file, scope.id)
        if by_event and start.get("isInterrupting") != "false":
            yield problem("interrupting_event_subprocess", scope.file, scope.id)
        if not by_event and kinds:
            yield problem("start_event", scope.file, scope.id, kind=kinds[0])
    if kind(scope.node) in INNER and by_event and scope.node.find(tag("multiInstanceLoopCharacteristics")) is not None:
        yield problem("event_subprocess_start", scope.file, scope.id)


def _event_gateways(scope: Scope) -> Iterator[EngineProblem]:
    for gateway in scope.of_kind("eventBasedGateway"):
        element = gateway.get("id", "")
        targets = [scope.nodes[flow.target] for flow in scope.outgoing.get(element, ()) if flow.target in scope.nodes]
        if sum("timer" in event_kinds(target) for target in targets) > 1:
            yield problem("two_timers", scope.file, element)
        if any(kind(target) not in ("intermediateCatchEvent", "receiveTask") for target in targets):
            yield problem("event_gateway_target", scope.file, element)
