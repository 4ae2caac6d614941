"""Messages: whatever is waited for can come, whatever is sent is waited for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.bpmn.model import Diagram, Element, Kind, Trigger
from service.catalog.feel import find_constant_value
from service.catalog.problems import Problem, did_you_mean, suggest_word
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.formulas import formulas_of
from service.catalog.rules.frames import keys_of_context
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text
from service.sdk.messages import PLATFORM_MESSAGES

_CATCHING = {Kind.CATCH, Kind.BOUNDARY, Kind.START, Kind.RECEIVE_TASK}
_WORD = re.compile(r"\w+")
_THROWING = {Kind.THROW, Kind.END, Kind.SEND_TASK}
_CONTENTS = ("payload", "payload_from")
"""Parameters of operations that hold what a message brings."""


def _iterate_catches(checked: Checked) -> Iterator[tuple[Diagram, Element]]:
    for diagram, element in checked.elements():
        catches = element.trigger is Trigger.MESSAGE or element.kind is Kind.RECEIVE_TASK
        if element.kind in _CATCHING and catches and element.message:
            yield diagram, element


@dataclass(frozen=True, slots=True)
class Sender:
    """What sends a message, with the fields of a ``form`` or the contexts written in ``contents``."""

    file: str
    place: str
    message: str
    form: str = ""
    contents: tuple[str, ...] = ()


def senders_of(checked: Checked) -> tuple[Sender, ...]:
    """Return all that sends a message, the program itself aside."""
    return checked.for_now("senders", lambda: tuple(_find_senders(checked)))


def _find_senders(checked: Checked) -> Iterator[Sender]:
    for key, action in checked.package.award.actions.items():
        yield Sender(checked.package.award_file, f"actions.{key}.message", action.message, action.form or "")
    for diagram, element in checked.elements():
        if element.kind in _THROWING and element.message:
            yield Sender(
                diagram.file, element.id, element.message, contents=(element.payload,) if element.payload else ()
            )
        if element.operation and "message" in element.operation.parameters:
            arguments = element.operation.parameters
            message = find_constant_value(arguments["message"])
            if isinstance(message, str):
                contents = tuple(arguments[name] for name in _CONTENTS if name in arguments)
                yield Sender(diagram.file, element.id, message, contents=contents)


@check(Extent.PACKAGE, "message_never_sent")
def awaited_can_come(checked: Checked) -> Iterator[Problem]:
    """A message that is waited for is sent by an action or a diagram, or caught by its barrier."""
    sent = {sender.message for sender in senders_of(checked)} | PLATFORM_MESSAGES.keys()
    for diagram, element in _iterate_catches(checked):
        if element.message not in sent and not element.barrier:
            yield build_error_problem(
                diagram.file, element.id, "message_never_sent",
                f"没有人发送消息“{element.message}”。", f"Nothing sends message “{element.message}”.",
                Text(
                    "在“地方与奖项”中加一个发送它的动作（award.yaml 的 actions），或者由图中的操作发送。",
                    "Add an action that sends it on the page “Place and award” (actions of award.yaml), or send it by an operation.",
                ),
            )  # fmt: skip


@check(Extent.PACKAGE, "message_never_caught")
def sent_is_awaited(checked: Checked) -> Iterator[Problem]:
    """A message that is sent is caught somewhere in the award."""
    caught = {element.message for _, element in _iterate_catches(checked)}
    for sender in senders_of(checked):
        if sender.message and sender.message not in caught:
            yield build_error_problem(
                sender.file, sender.place, "message_never_caught",
                f"没有图形等待消息“{sender.message}”。", f"Nothing waits for message “{sender.message}”.",
                did_you_mean(sender.message, caught),
            )  # fmt: skip


@check(Extent.PACKAGE, "message_key_misspelt")
def contents_named_alike(checked: Checked) -> Iterator[Problem]:
    """What an operation sends with a message has the name by which it is read where the message lands."""
    landing: dict[str, set[str]] = {}
    for _, element in _iterate_catches(checked):
        landing.setdefault(element.message, set()).add(element.message_variable)
    words = {formula.text: frozenset(_WORD.findall(formula.text)) for formula in formulas_of(checked)}
    for sender in senders_of(checked):
        variables = landing.get(sender.message, set())
        readers = (each for text, each in words.items() if each & variables and text not in sender.contents)
        read = frozenset().union(*readers)
        for key in dict.fromkeys(key for text in sender.contents for key in keys_of_context(text) or ()):
            remedy = suggest_word(key, sorted(read)) if key not in read else None
            if remedy is not None:
                yield build_warning_problem(
                    sender.file, sender.place, "message_key_misspelt",
                    f"随消息“{sender.message}”发出的“{key}”没有公式读取。", f"No formula reads “{key}”, which message “{sender.message}” brings.",
                    remedy,
                )  # fmt: skip
