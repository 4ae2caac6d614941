"""Retry an incident: the failed service task or work item."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.open_incidents import open_incident_of
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.standstill import STANDSTILL
from service.casework.step.step import open_step
from service.casework.step.task_row import NO_DUE_DATE, NO_LIMIT
from service.casework.step.undecided import UNDECIDED
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import AuditEvent, Stale, Transaction
from service.store.models import IncidentRow

NOT_TRIED = Text(
    "这类异常没有可以重试的步骤，重试不会改变什么，异常仍然列着。请按处置办法改正；确实不再需要的，写明原因跳过。",
    "There is no step that could be tried again here: nothing was changed and the incident stays open. Do what its remedy "
    "says; where it does not matter any more, skip it with a reason.",
)
"""Why an incident that is neither about a step nor about background work is not settled by trying again."""
_TRIED = ("service", STANDSTILL, UNDECIDED)
_OVER = ("done", "cancelled")


class Retried(Enum):
    """What came of a retry: the incident is closed, its background work is queued again, or it failed again, which is false."""

    DONE = "done"
    QUEUED = "queued"
    FAILED = "failed"

    def __bool__(self) -> bool:
        """Return whether it did not fail again."""
        return self is not Retried.FAILED


@guarded("incident.retry")
def retry_incident(desk: Desk, actor: Actor, incident_id: int) -> Retried:
    """Try the failed service task of an incident again, or put its background work back into the queue; returns which.

    What is put back leaves its incident open until the work went well.

    Raises NotFound, NotAllowed, and Conflict where it is settled already or where there is nothing to try again.
    """
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        if row.work_item_id is None:
            assert row.case_id is not None
            if not can_try(tx, row):
                raise Conflict(NOT_TRIED)
            return Retried.DONE if retry_services(desk, tx, actor, row.case_id, [row]) else Retried.FAILED
        if not put_back(desk, tx, actor, row):
            raise Stale
        called_off = tx.incidents.get(incident_id).resolved_at is not None
        return Retried.DONE if called_off else Retried.QUEUED


def can_try(tx: Transaction, row: IncidentRow) -> bool:
    """Return whether a retry can settle the incident of a case: it is about a step, or what it told of is over."""
    if row.kind in _TRIED:
        return True
    if row.kind != NO_LIMIT or row.case_id is None:
        return False
    tasks = tx.tasks.open_of_case(row.case_id)
    return not any(task.engine_id == row.engine_id and task.due_at == NO_DUE_DATE for task in tasks)


def put_back(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow) -> bool:
    """Let the work item of an incident be done again; returns False where it is at work, and changes nothing.

    The incident stays open, marked as queued, until the work goes well, and counts up where it does not; that of work which was called off
    has nothing left to wait for and is settled.
    """
    assert row.work_item_id is not None
    if row.case_id is not None:
        tx.cases.lock(row.case_id)  # before the item, as whoever does its work
    try:
        tx.work.retry(row.work_item_id, desk.clock.now())
        tx.incidents.queue(row.id, desk.clock.now())
    except Stale:
        if tx.work.get(row.work_item_id).state not in _OVER:
            return False
        tx.incidents.resolve(row.id, desk.clock.now(), actor.person_id)
    if row.case_id is not None:
        told = AuditEvent(
            desk.clock.now(), actor.name, "retried", _story(actor, row), actor.person_id, row.element,
            {"incident": row.id},
        )  # fmt: skip
        tx.history.record(row.case_id, [told])
    return True


def retry_services(desk: Desk, tx: Transaction, actor: Actor, case_id: int, rows: Sequence[IncidentRow]) -> bool:
    """Try the failed steps of a case again in one step; returns whether all of them went well now.

    The incident of one that did not stays open and counts up.
    """
    step = open_step(desk, tx, case_id, actor)
    for row in rows:
        step.audit("retried", _story(actor, row), row.element, {"incident": row.id})
    settle(step)
    save_step(step)
    stopped = {call.id for call in step.instance.service_calls()}
    counts = {one.id: one.count for one in tx.incidents.of_case(case_id)}
    vain = [row for row in rows if (row.engine_id in stopped if row.kind == "service" else counts[row.id] > row.count)]
    for row in rows:
        if row not in vain:
            tx.incidents.resolve(row.id, step.now, actor.person_id)
    return not vain


def _story(actor: Actor, row: IncidentRow) -> str:
    return f"{actor.name}重试：{row.what['zh']}"
