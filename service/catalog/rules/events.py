"""Events: what the engine would drop, fire at the wrong time or never fire."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Element, Kind, Purpose, TimerKind, Trigger
from service.catalog.bpmn.scope import FlowScope, scopes_of
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, Said, check

_SAID = {
    "unsupported_event": Said(
        "Events are of a type that is carried out.", "Other types are ignored or fail.",
        "事件“{id}”的类型（{kind}）不受支持，会被忽略或出错。", "The event “{id}” ({kind}) is not supported.",
        "改用消息、计时、错误事件，或直接用连线。", "Use message, timer or error events, or a plain flow."),
    "start_event": Said(
        "A process starts by a none event.", "No other start creates a case.",
        "流程“{id}”以{kind}开始；引擎不会据此新建办件。", "The process “{id}” starts by {kind}, which creates no case.",
        "改为空开始事件，由程序新建办件。", "Use a none start event; the program starts cases."),
    "interrupting_event_subprocess": Said(
        "An event subprocess does not interrupt.", "It never interrupts, whatever is drawn.",
        "事件子流程“{id}”标为中断，但引擎从不中断。", "The event subprocess “{id}” is interrupting, but never interrupts.",
        "改为不中断（isInterrupting=false）；要中断请在调用活动上附加中断的边界消息事件。",
        "Make it not interrupt (isInterrupting=false); to interrupt, attach an interrupting boundary message to a call activity."),
    "event_subprocess_start": Said(
        "An event subprocess starts by a message or signal.", "By anything else it starts with its process.",
        "事件子流程“{id}”必须以消息或信号开始，否则会随流程立即开始。",
        "The event subprocess “{id}” must start by a message or signal; otherwise it starts with the process.",
        "改用消息开始事件，计时改用边界计时事件。", "Use a message start; use boundary timers for time."),
    "signal_end": Said(
        "A signal is thrown before the end.", "A signal end throws nothing.",
        "信号结束事件“{id}”不会发出信号。", "The signal end event “{id}” throws nothing.",
        "在结束前用中间信号事件，或改用消息。", "Throw the signal before the end, or use a message."),
    "no_definition": Said(
        "An event that waits says for what.", "Without a type it cannot be carried out.",
        "事件“{id}”还没有说明等什么。", "The event “{id}” does not say what it waits for.",
        "选定它的类型：计时、消息或者出错。", "Choose its type: timer, message or error."),
    "no_time": Said(
        "A timer states a time.", "Without one it cannot be carried out.",
        "计时“{id}”还没有写时间。", "The timer “{id}” states no time.",
        "写明到某时刻、过一段时间，或者每隔一段时间。", "State a date, a duration or a cycle."),
    "two_times": Said(
        "A timer states one time.", "Of several only one counts.",
        "计时“{id}”写了几种时间，只有一种会生效。", "The timer “{id}” states several times; only one would count.",
        "只留一种：到某时刻、过一段时间，或者每隔一段时间。", "Keep one: a date, a duration or a cycle."),
    "no_message": Said(
        "What sends or awaits a message names one that has a name.", "A message without a name reaches nobody.",
        "“{id}”没有指定消息，或消息没有名称。", "“{id}” names no message, or the message has no name.",
        "选择一个有名称的消息。", "Choose a message that has a name."),
    "two_timers": Said(
        "At most one timer follows an event gateway.", "Only the first one counts.",
        "事件网关“{id}”后面有多个计时事件，只有第一个会生效。", "The event gateway “{id}” has several timers; only the first counts.",
        "只保留一个计时事件。", "Keep one timer."),
    "event_gateway_target": Said(
        "An event gateway leads straight to catching events.", "Anything else would be begun at once.",
        "事件网关“{id}”之后必须直接是中间捕获事件。", "An event gateway (“{id}”) must lead straight to catching events.",
        "在网关和任务之间放捕获事件。", "Put catching events right after the gateway."),
    "boundary_target": Said(
        "A boundary event is attached to an activity.", "Elsewhere it is ignored.",
        "边界事件“{id}”没有附在任何任务上。", "The boundary event “{id}” is attached to no activity.",
        "把它附到同一层的任务、子流程或调用活动上。", "Attach it to an activity of the same process."),
    "cycle_target": Said(
        "A repeating timer stands on a boundary and does not interrupt.", "Elsewhere it fires once or never.",
        "循环计时“{id}”只能用在不中断的边界事件上。", "The repeating timer “{id}” only works on a non-interrupting boundary event.",
        "改为不中断的边界事件，或用一次性计时。", "Use a non-interrupting boundary event, or a timer that fires once."),
}  # fmt: skip
_CAUGHT = {
    "uncaught_end": Said(
        "An error or escalation end is caught by an activity around it.", "Uncaught, the process looks completed.",
        "错误或升级结束事件“{id}”没有边界事件来捕获，流程会显示为正常完成。",
        "Nothing catches the error or escalation end “{id}”; the process would look as if it succeeded.",
        "在调用它的活动上附加同代码的边界事件，或改为普通结束事件。",
        "Attach a boundary event with this code to the calling activity, or use a plain end event."),
}  # fmt: skip
_THROWN = {
    "never_thrown": Said(
        "An error, escalation or signal that is awaited is thrown by something.", "The way behind it is never taken.",
        "没有环节会抛出“{id}”等待的{kind}，它后面的路永远走不到。", "Nothing throws the {kind} that “{id}” awaits: the way behind it is never taken.",
        "在它附着的子流程或者调用的流程里画同代码的结束事件（信号用中间抛出事件），或者改用消息、计时、网关。",
        "Draw an end event of the same code in what it is attached to (a signal is thrown on the way), or use a message, a timer or a gateway."),
    "signal_never_caught": Said(
        "A signal that is thrown is awaited.", "Otherwise it does nothing.",
        "没有环节等待“{id}”发出的信号。", "Nothing awaits the signal that “{id}” throws.",
        "画等待它的事件，或者删去它。", "Draw an event that awaits it, or delete it."),
}  # fmt: skip
_UNSUPPORTED = (Trigger.LINK, Trigger.COMPENSATE, Trigger.CANCEL, Trigger.CONDITIONAL)


@check(Extent.DIAGRAM, said=_SAID)
def events_fire(checked: Checked) -> Iterator[Problem]:
    """Events happen as drawn."""
    for diagram in checked.diagrams.values():
        for scope in scopes_of(diagram):
            for node in scope.nodes.values():
                yield from (_build_problem(rule, diagram, node) for rule in _iterate_event_faults(scope, node))
            yield from _check_starts(scope)
            yield from (
                _build_problem(rule, diagram, node)
                for node in scope.of(Kind.EVENT_GATEWAY)
                for rule in _iterate_way_faults(scope, node)
            )


def _build_problem(rule: str, diagram: Diagram, element: Element) -> Problem:
    kind = element.trigger.text if element.trigger else ""
    return (_SAID | _CAUGHT | _THROWN)[rule].problem(
        diagram.file, element.id, rule, id=label_of(diagram, element.id), kind=kind
    )


def _iterate_event_faults(scope: FlowScope, node: Element) -> Iterator[str]:
    """Yield the rules that an element breaks."""
    if node.trigger in _UNSUPPORTED:
        yield "unsupported_event"
    if node.trigger is None and node.kind in (Kind.BOUNDARY, Kind.CATCH):
        yield "no_definition"
    times = sum(stated.purpose is Purpose.TIMER for stated in node.stated)
    if node.trigger is Trigger.TIMER and times != 1:
        yield "two_times" if times else "no_time"
    if node.kind is Kind.END and node.trigger is Trigger.SIGNAL:
        yield "signal_end"
    served = node.kind is Kind.SEND_TASK and node.operation is not None
    by_message = node.trigger is Trigger.MESSAGE or node.kind in (Kind.RECEIVE_TASK, Kind.SEND_TASK)
    if by_message and not served and not node.message:
        yield "no_message"
    if node.kind is Kind.BOUNDARY and not _is_valid_host(scope.nodes.get(node.attached_to)):
        yield "boundary_target"
    beside = node.kind is Kind.BOUNDARY and not node.interrupting
    if node.timer is not None and node.timer.kind is TimerKind.CYCLE and not beside:
        yield "cycle_target"


def _is_valid_host(host: Element | None) -> bool:
    return host is not None and host.kind.is_activity and not host.event_subprocess


def _check_starts(scope: FlowScope) -> Iterator[Problem]:
    for start in scope.of(Kind.START):
        if scope.by_event and start.trigger not in (Trigger.MESSAGE, Trigger.SIGNAL):
            yield _of_scope("event_subprocess_start", scope, start)
        if scope.by_event and start.interrupting:
            yield _of_scope("interrupting_event_subprocess", scope, start)
        if not scope.by_event and start.trigger is not None:
            yield _of_scope("start_event", scope, start)
    if scope.by_event and scope.element is not None and scope.element.multi is not None:
        yield _build_problem("event_subprocess_start", scope.diagram, scope.element)


def _of_scope(rule: str, scope: FlowScope, start: Element) -> Problem:
    kind = start.trigger.text if start.trigger else ""
    return _SAID[rule].problem(scope.diagram.file, scope.id, rule, id=label_of(scope.diagram, scope.id), kind=kind)


def _iterate_way_faults(scope: FlowScope, gateway: Element) -> Iterator[str]:
    targets = [scope.nodes[flow.target] for flow in scope.outgoing.get(gateway.id, ()) if flow.target in scope.nodes]
    if sum(target.trigger is Trigger.TIMER for target in targets) > 1:
        yield "two_timers"
    if any(target.kind not in (Kind.CATCH, Kind.RECEIVE_TASK) for target in targets):
        yield "event_gateway_target"


@check(Extent.PACKAGE, said=_CAUGHT)
def ends_are_caught(checked: Checked) -> Iterator[Problem]:
    """An error or escalation end is caught."""
    for diagram, end in checked.elements():
        raises = end.kind is Kind.END and end.trigger in (Trigger.ERROR, Trigger.ESCALATION)
        if raises and not any(_is_caught_by(diagram, end, boundary) for boundary in checked.elements()):
            yield _build_problem("uncaught_end", diagram, end)


@check(Extent.PACKAGE, said=_THROWN)
def awaited_is_thrown(checked: Checked) -> Iterator[Problem]:
    """What is awaited is thrown, and signals that are thrown are awaited."""
    every = list(checked.elements())
    ends = [(diagram, node) for diagram, node in every if node.kind is Kind.END]
    thrown = {node.signal for _, node in every if node.kind in (Kind.THROW, Kind.END) and node.signal}
    caught = {node.signal for _, node in every if node.kind not in (Kind.THROW, Kind.END) and node.signal}
    for diagram, node in every:
        throws = node.kind in (Kind.THROW, Kind.END)
        is_raised = node.kind is Kind.BOUNDARY and node.trigger in (Trigger.ERROR, Trigger.ESCALATION)
        is_signalled = node.trigger is Trigger.SIGNAL and not throws
        if (is_signalled and node.signal not in thrown) or (
            is_raised and not any(_is_caught_by(d, end, (diagram, node)) for d, end in ends)
        ):
            yield _build_problem("never_thrown", diagram, node)
        elif node.kind is Kind.THROW and node.trigger is Trigger.SIGNAL and node.signal not in caught:
            yield _build_problem("signal_never_caught", diagram, node)


def _is_caught_by(diagram: Diagram, end: Element, boundary: tuple[Diagram, Element]) -> bool:
    """Tell whether a boundary event stands on what runs ``end``, directly or through what it calls, and has its code."""
    other, event = boundary
    if (
        event.kind is not Kind.BOUNDARY
        or event.trigger is not end.trigger
        or event.error_code not in ("", end.error_code)
    ):
        return False
    host = other.elements.get(event.attached_to)
    within, around = other is diagram, end.parent
    while within and around and around != event.attached_to:
        around = diagram.elements[around].parent
    return host is not None and (host.kind is Kind.CALL or (within and around == event.attached_to))
