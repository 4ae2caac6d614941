"""Who sends a message, as the package draws it: an action of somebody, the program, a diagram, or nobody."""

from __future__ import annotations

from service.casework.step.element_label import label
from service.catalog import Kind, Package
from service.catalog.feel import constant
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
        or (e.operation is not None and constant(e.operation.parameters.get("message", "null")) == message)
        for diagram in package.processes.values()
        for e in diagram.elements.values()
    )


def event_name(package: Package, wait: MessageWait) -> str:
    """Return the name of the event that waits for a message; one behind an event gateway has it, the gateway none."""
    diagram = package.processes.get(wait.process_id)
    drawn = diagram.elements.values() if diagram else ()
    here = (e.name for e in drawn if e.message == wait.name and e.kind not in _THROWING and e.name)
    return next(here, label(package, wait.process_id, wait.element_id))
