"""Retry an incident: the failed service task or work item."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import open_step
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store import AuditEvent, Transaction
from service.store.rows import IncidentRow


@guarded("incident.retry")
def retry_incident(desk: Desk, actor: Actor, incident_id: int) -> bool:
    """Try the failed service task or work item of an incident again; returns whether it went well now."""
    with desk.store.write() as tx:
        row = tx.incidents.get(incident_id)
        if not actor.administers(row.jurisdiction):
            raise NotAllowed(Text("异常由本辖区管理员处理。", "Only an administrator of the jurisdiction may do this."))
        if row.resolved_at is not None:
            raise Conflict(Text("这个异常已经处理。", "This incident is settled already."))
        tx.incidents.resolve(row.id, desk.clock.now(), actor.person_id)
        if row.work_item_id is not None:
            _note(desk, tx, actor, row)
            tx.work.retry(row.work_item_id, desk.clock.now())
            return True
        assert row.case_id is not None
        step = open_step(desk, tx, row.case_id, actor)
        step.audit("retried", f"{actor.name}重试：{row.what['zh']}", row.element, {"incident": row.id})
        settle(step)
        save_step(step)
        return all(call.id != row.engine_id for call in step.instance.service_calls())


def _note(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow) -> None:
    """Write into the history of its case who let background work be tried again."""
    if row.case_id is None:
        return
    tx.cases.lock(row.case_id)
    event = AuditEvent(
        desk.clock.now(),
        actor.name,
        "retried",
        f"{actor.name}重试：{row.what['zh']}",
        actor.person_id,
        row.element,
        {"incident": row.id},
    )
    tx.history.record(row.case_id, [event])
