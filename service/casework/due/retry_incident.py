"""Retry an incident: the failed service task or work item."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import open_step
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store import AuditEvent, Stale, Transaction
from service.store.rows import IncidentRow


@guarded("incident.retry")
def retry_incident(desk: Desk, actor: Actor, incident_id: int) -> bool:
    """Try the failed service task or work item of an incident again; returns whether it went well now."""
    with desk.store.write() as tx:
        row = tx.incidents.get(incident_id)
        demand_open(actor, row)
        if row.work_item_id is None:
            assert row.case_id is not None
            return retry_services(desk, tx, actor, row.case_id, [row])
        if not put_back(desk, tx, actor, row):
            raise Stale
        return True


def demand_open(actor: Actor, row: IncidentRow) -> None:
    """Raise NotAllowed for who does not administer the place of an incident, Conflict where it is settled already."""
    if not actor.administers(row.jurisdiction):
        raise NotAllowed(Text("异常由本辖区管理员处理。", "Only an administrator of the jurisdiction may do this."))
    if row.resolved_at is not None:
        raise Conflict(Text("这个异常已经处理。", "This incident is settled already."))


def put_back(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow) -> bool:
    """Let the work item of an incident be done again; returns False where it is at work or done, and changes nothing."""
    assert row.work_item_id is not None
    if row.case_id is not None:
        tx.cases.lock(row.case_id)  # before the item, as whoever does its work
    try:
        tx.work.retry(row.work_item_id, desk.clock.now())
    except Stale:
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
    """Try the failed service tasks of a case again in one step; returns whether all of them went well now."""
    for row in rows:
        tx.incidents.resolve(row.id, desk.clock.now(), actor.person_id)
    step = open_step(desk, tx, case_id, actor)
    for row in rows:
        step.audit("retried", _story(actor, row), row.element, {"incident": row.id})
    settle(step)
    save_step(step)
    still = {call.id for call in step.instance.service_calls()}
    return not any(row.engine_id in still for row in rows)


def _story(actor: Actor, row: IncidentRow) -> str:
    return f"{actor.name}重试：{row.what['zh']}"
