"""Messages between cases: delivered to a waiting event or kept for a later one; barriers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from service.casework.step.behind_gateway import events_behind
from service.casework.step.decide import decide_condition, open_undecided
from service.casework.step.standstill import report_uncaught
from service.casework.step.step import Step
from service.catalog import Element, Package
from service.catalog.bpmn.vocabulary import UNKNOWN, UNKNOWN_IS_DEFAULT
from service.catalog.called_processes import with_called
from service.domain.text import Text
from service.engine import MessageWait
from service.store import NewWork
from service.store.models import InboxRow

BESIDE = "siblings|beside"
"""What a barrier reads that counts cases beside its own."""


def barrier_of(package: Package, wait: MessageWait) -> str:
    """Return the barrier of what waits for a message, "" where it has none."""
    event = _event_of(package, wait)
    return event.barrier if event else ""


def may_be_unknown(package: Package, wait: MessageWait) -> bool:
    """Return whether a barrier that comes to null stays shut, as its event says."""
    event = _event_of(package, wait)
    return event is not None and event.properties.get(UNKNOWN) == UNKNOWN_IS_DEFAULT


def _event_of(package: Package, wait: MessageWait) -> Element | None:
    events = list(events_behind(package, wait.process_id, wait.element_id))
    return next((event for event in events if len(events) == 1 or event.message == wait.name), None)


def kinds_waiting_for(package: Package, parent: str, names: str) -> tuple[str, ...]:
    """Return the kinds of cases below the kind ``parent`` whose barriers read one of ``names``, which | parts."""
    return package.derived(("waiting for", parent, names), lambda: tuple(_waiting_for(package, parent, names)))


def _waiting_for(package: Package, parent: str, names: str) -> Iterator[str]:
    names_read = re.compile(rf"\b(?:{names})\b")
    for kind, info in package.award.processes.items():
        drawn = with_called(package, info.process) if info.parent == parent else ()
        elements = (element for process in drawn for element in package.processes[process].elements.values())
        if any(names_read.search(element.barrier) for element in elements):
            yield kind


def receive_case_message(step: Step, inbox_key: str, name: str, payload: Mapping[str, Any]) -> bool:
    """Deliver message ``name`` to the case, or keep it until it is caught; returns whether it was caught."""
    meaning = _get_meaning(step, name)
    if step.instance.deliver(name, payload):
        step.audit("message", meaning, None, {"message": name})
        return True
    if step.tx.inbox.insert_new(
        InboxRow(case_id=step.case.id, message=name, payload=dict(payload), effect_key=inbox_key)
    ):
        step.projection.kept.append(name)
    return False


def deliver_stored_message(step: Step) -> bool:
    """Deliver the oldest kept message that an event now waits for; returns whether there was one."""
    if not step.projection.kept:
        return False
    waiting = {w.name for w in step.instance.message_waits()}.intersection(step.projection.kept)
    if not waiting:
        return False
    for message in step.tx.inbox.select(case_id=step.case.id, caught_at=None):
        meaning = _get_meaning(step, message.message)
        if message.message in waiting and step.instance.deliver(message.message, message.payload):
            step.tx.inbox.change(message.id, caught_at=step.now)
            step.projection.kept.remove(message.message)
            step.audit("message", meaning, None, {"message": message.message})
            return True
    return False


def _get_meaning(step: Step, name: str) -> str:
    """Return the meaning of a message where it is caught: the name of the event that waits for it on the diagram."""
    names = (step.element(w.process_id, w.element_id).name for w in step.instance.message_waits() if w.name == name)
    return f"接到“{next(filter(None, names), name)}”的通知"


def send_thrown(step: Step) -> bool:
    """Queue the messages the diagram threw for the parent case and the child cases; returns whether there were any."""
    sent = step.instance.thrown()
    for index, thrown in enumerate(sent):
        targets = _list_targets(step)
        report_uncaught(step, thrown.name, thrown.element_id, targets)
        for target in targets:
            key = f"message:{step.case.id}:{step.case.version}:{thrown.element_id}:{index}:{target}"
            step.queue("message", key, {"message": thrown.name, "payload": thrown.payload}, case_id=target)
    return bool(sent)


def _list_targets(step: Step) -> list[int]:
    parent = [] if step.case.parent_id is None else [step.case.parent_id]
    return parent + [c.id for c in step.tx.cases.select(parent_id=step.case.id) if c.status != "ended"]


LOOK_AGAIN = timedelta(minutes=5)
"""When to re-evaluate a barrier that was true while a message to one of the counted cases was still under way."""


def try_barriers(step: Step) -> bool:
    """Catch every waiting barrier whose condition over the records is true; returns whether one was.

    While a message to a child case is under way, that case's record may be out of date: the barrier stays shut.
    """
    caught = False
    for wait in step.instance.message_waits():
        barrier = barrier_of(step.package, wait)
        if barrier and _is_open(step, wait, barrier):
            if step.tx.work.messages_below(step.case.id):
                due = step.now + LOOK_AGAIN
                key = f"barrier:{step.case.id}:again:{due.isoformat()}"
                step.tx.work.enqueue_many([NewWork("barrier", step.case.id, key, {}, due)], step.now)
                return caught
            caught = step.instance.deliver(wait.name, {}) or caught
            step.audit("barrier", _describe_opening(step, wait), wait.element_id)
    return caught


def _describe_opening(step: Step, wait: MessageWait) -> str:
    """Return what the history says of a barrier: whether the case stood before it, or found it open."""
    name = step.element(wait.process_id, wait.element_id).name
    if wait.id not in step.projection.waits:
        return f"核对“{name}”：没有须等待的，继续办理" if name else "没有须等待的，继续办理"
    return f"等到“{name}”，继续办理" if name else "等待的条件已经具备，继续办理"


def _is_open(step: Step, wait: MessageWait, barrier: str) -> bool:
    verdict = decide_condition(barrier, step.scope, step.environment, step.desk.functions)
    if isinstance(verdict, bool):
        return verdict
    if not (may_be_unknown(step.package, wait) and isinstance(step.evaluate(barrier), bool | None)):
        name = step.element(wait.process_id, wait.element_id).name or wait.element_id
        open_undecided(step, wait.id, wait.element_id, Text(name, name), verdict)
    return False
