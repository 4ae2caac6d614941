"""A running case that waits for nothing, and a message that nobody catches: each gets an incident."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.step.incident import Incident, open_incident
from service.casework.step.step import Step
from service.catalog import Kind, Package
from service.domain.text import Text

STANDSTILL = "standstill"
"""Kind of the incident of a case that nothing can advance any more."""
_WHOLE = "case"


def stands_still(step: Step) -> bool:
    """Return whether the case is running and neither person, program, timer nor message can advance it."""
    waiting = step.instance
    if waiting.completed or step.case.status != "running" or step.changes.get("status", "running") != "running":
        return False
    return not (waiting.person_tasks() or waiting.message_waits() or waiting.timers() or waiting.service_calls())


def report_standstill(step: Step) -> None:
    """Open an incident where nothing can advance the case any more."""
    if not stands_still(step):
        return
    tokens = [token.element_id for token in step.instance.tokens()]
    names = "、".join(dict.fromkeys(tokens)) or "—"
    what = Text(
        f"“{step.case.title}”仍在办理，但是没有任何待办、期限或消息在等待（停在：{names}）。",
        f"“{step.case.title}” runs on, but no task, time limit or message waits (it stands at: {names}).",
    )
    incident = Incident(
        STANDSTILL,
        what,
        Text(
            "没有人能再办理它，它也不会自己结束；等待它的办件会一直等下去。",
            "Nobody can act on it and it does not end by itself; cases that wait for it wait for ever.",
        ),
        Text(
            "多半是流程图的汇合等不到某条分支：改正流程图并发布，再把办件转到新版本；改正之后点“重试”。",
            "Most often a join of the diagram waits for a branch that never comes: correct and publish it, move the case "
            "to the new version, then press “Retry”.",
        ),
        names,
        f"{STANDSTILL}/{step.case.process}/{tokens[0] if tokens else ''}",
    )
    open_incident(step, _WHOLE, tokens[0] if tokens else "", incident)


UNCAUGHT = "message"
"""Kind of the incident of a message that no diagram waits for."""
_ENGINE_ID = 36
_WAITING = (Kind.CATCH, Kind.BOUNDARY, Kind.START, Kind.RECEIVE_TASK)


def report_uncaught(step: Step, message: str, element: str, targets: Sequence[int]) -> None:
    """Open an incident where none of the cases ``targets`` can ever catch ``message``, sent at ``element``.

    It is kept for them all the same: moved to a version that waits for it, they find it.
    """
    if not targets or catches_message(step.package, message):
        return
    versions = {step.tx.cases.get(target).definition for target in targets}
    if any(catches_message(step.desk.packages.get(version, step.tx), message) for version in versions):
        return
    name = next((d.elements[element].name for d in step.package.processes.values() if element in d.elements), "")
    incident = Incident(
        UNCAUGHT,
        Text(
            f"“{name or element or message}”发出的消息“{message}”没有任何办件接收。",
            f"Nobody catches message “{message}”, sent at “{name or element or message}”.",
        ),
        Text(
            "收件的办件不会因此前进，消息为它们保存着。",
            "The cases it went to do not move by it; it is kept for them.",
        ),
        Text(
            "多半是收件办件的流程版本里没有等待它的事件：把它们转到有这个事件的版本，消息随即送达；不需要的，写明原因跳过。",
            "Most often their version has no event that waits for it: move them to one that has, and it arrives; "
            "where it is not needed, skip it with a reason.",
        ),
        message,
        f"{UNCAUGHT}/{message}"[:200],
    )
    open_incident(step, message[:_ENGINE_ID], element, incident)


def catches_message(package: Package, message: str) -> bool:
    """Return whether any diagram of the package waits for the message; those that throw it name it too."""
    return any(
        element.message == message and element.kind in _WAITING
        for diagram in package.processes.values()
        for element in diagram.elements.values()
    )
