"""Send a message that a case waits for: one that was lost, or one that comes from outside the program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.given import text_of
from service.casework.interventions.intervene import Done, InterventionAsked, apply_intervention, list_concerned_people
from service.casework.step.fill import get_element_label
from service.casework.step.messages import barrier_of
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step
from service.catalog import Kind, Package
from service.catalog.feel import find_constant_value
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.engine import MessageWait
from service.sdk.messages import PLATFORM_MESSAGES

_THROWING = (Kind.THROW, Kind.END, Kind.SEND_TASK)


def action_sending(package: Package, message: str) -> Text | None:
    """Return the action of a role by which a message is sent, None where there is none."""
    return next((a.text for a in package.award.actions.values() if a.message == message), None)


def is_drawn(package: Package, message: str) -> bool:
    """Return whether the program or a diagram of the package sends the message."""
    return message in PLATFORM_MESSAGES or any(
        (e.kind in _THROWING and e.message == message)
        or (e.operation is not None and find_constant_value(e.operation.parameters.get("message", "null")) == message)
        for diagram in package.processes.values()
        for e in diagram.elements.values()
    )


def event_name(package: Package, wait: MessageWait) -> str:
    """Return the name of the event that waits for a message; one behind an event gateway has it, the gateway none."""
    diagram = package.processes.get(wait.process_id)
    drawn = diagram.elements.values() if diagram else ()
    event_names = (e.name for e in drawn if e.message == wait.name and e.kind not in _THROWING and e.name)
    return next(event_names, get_element_label(package, wait.process_id, wait.element_id))


_EVER = ("waiting", "running", "held", "done", "dead", "cancelled")


@guarded("case.message")
def send_message(
    desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]
) -> Effect:
    """Deliver a message to a case that waits for it. ``values``: message.

    Raises:
        NotAllowed: a role or another case decides whether it is sent, and has not.
        Conflict: nothing waits for it now.
    """

    def send_event(step: Step) -> Done:
        name = text_of(values, "message", Text("消息", "the message"))
        wait = next((w for w in step.instance.message_waits() if w.name == name), None)
        if step.case.status != "running" or wait is None:
            raise Conflict(Text(f"办件现在没有等待消息“{name}”。", f"The case does not wait for message “{name}” now."))
        refusal = message_refusal(step, wait)
        if refusal:
            raise NotAllowed(refusal)
        people = list_concerned_people(step)
        event = event_name(step.package, wait)
        step.instance.deliver(name, _find_lost_message(step, name) or {})
        step.audit("message", f"收到消息“{event}”（由管理员发出）", wait.element_id, {"message": name})
        settle_instance(step)
        return Done(Text(f"发出消息“{event}”。", f"message “{event}” was sent."), tell=people, element=wait.element_id)

    return apply_intervention(desk, actor, case_id, request, send_event)


def message_refusal(step: Step, wait: MessageWait) -> Text | None:
    """Return why an administrator may not send what is waited for, None where they may."""
    action = action_sending(step.package, wait.name)
    if action:
        return Text(
            f"这条消息由有权的人以“{action.zh}”发出，管理员不能代替。",
            f"Whoever is entitled sends it by “{action.en}”; an administrator may not do so in their place.",
        )
    if barrier_of(step.package, wait):
        return Text(
            "这里等待的是条件具备，条件具备时自动继续，不能用消息代替。",
            "This waits for a condition and goes on by itself once it holds; no message takes its place.",
        )
    if is_drawn(step.package, wait.name) and _find_lost_message(step, wait.name) is None:
        return Text(
            "这条消息由流程中的其他环节在作出决定后发出，目前还没有发给这个办件，管理员不能代替。",
            "Another step sends it once it has decided, and has not sent it to this case; nobody may do so in its place.",
        )
    return None


def _find_lost_message(step: Step, name: str) -> dict[str, Any] | None:
    """Return the content of the last message of this name that was sent to the case and never caught."""
    sent = [
        item.payload.get("payload") or {}
        for item in step.tx.work.of_case(step.case.id, _EVER)
        if item.kind == "message" and item.payload.get("message") == name
    ]
    caught = sum(
        1
        for e in step.tx.history.select(case_id=step.case.id)
        if e.action == "message" and e.data.get("message") == name
    )
    return dict(sent[-1]) if len(sent) > caught else None
