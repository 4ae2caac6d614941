"""Messages: whatever is waited for can come, whatever is sent is waited for."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Element, Kind, Trigger
from service.catalog.feel import constant
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, error
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text
from service.sdk.messages import PLATFORM_MESSAGES

_CATCHING = {Kind.CATCH, Kind.BOUNDARY, Kind.START, Kind.RECEIVE_TASK}
_THROWING = {Kind.THROW, Kind.END, Kind.SEND_TASK}


def _caught(checked: Checked) -> Iterator[tuple[Diagram, Element]]:
    for diagram, element in checked.elements():
        catches = element.trigger is Trigger.MESSAGE or element.kind is Kind.RECEIVE_TASK
        if element.kind in _CATCHING and catches and element.message:
            yield diagram, element


def _sent(checked: Checked) -> Iterator[tuple[str, str, str]]:
    """Yield (file, place, message) of everything that sends a message."""
    for key, action in checked.package.award.actions.items():
        yield checked.package.award_file, f"actions.{key}.message", action.message
    for diagram, element in checked.elements():
        if element.kind in _THROWING and element.message:
            yield diagram.file, element.id, element.message
        if element.operation and "message" in element.operation.parameters:
            message = constant(element.operation.parameters["message"])
            if isinstance(message, str):
                yield diagram.file, element.id, message


@check(Extent.PACKAGE, "message_never_sent")
def awaited_can_come(checked: Checked) -> Iterator[Problem]:
    """A message that is waited for is sent by an action or a diagram, or caught by its barrier."""
    sent = {message for _, _, message in _sent(checked)} | PLATFORM_MESSAGES.keys()
    for diagram, element in _caught(checked):
        if element.message not in sent and not element.barrier:
            yield error(
                diagram.file, element.id, "message_never_sent",
                f"没有人发送消息“{element.message}”。", f"Nothing sends message “{element.message}”.",
                Text(
                    "在 award.yaml 的 actions 中加一个发送它的动作，由图中的操作发送，或写 barrier。",
                    "Add an action that sends it, send it by an operation, or write a barrier.",
                ),
            )  # fmt: skip


@check(Extent.PACKAGE, "message_never_caught")
def sent_is_awaited(checked: Checked) -> Iterator[Problem]:
    """A message that is sent is caught somewhere in the award."""
    caught = {element.message for _, element in _caught(checked)}
    for file, place, message in _sent(checked):
        if message and message not in caught:
            yield error(
                file, place, "message_never_caught", f"没有图形等待消息“{message}”。", f"Nothing waits for message “{message}”.",
                did_you_mean(message, caught),
            )  # fmt: skip
