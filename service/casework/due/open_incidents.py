"""The open incident that an administrator settles, and what the history says of it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.desk.desk import Desk
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store import AuditEvent, Transaction
from service.store.models import IncidentRow


def open_incident_of(tx: Transaction, actor: Actor, incident_id: int) -> IncidentRow:
    """Return an incident that is not settled yet; raises NotFound, NotAllowed for another place's, Conflict."""
    row = tx.incidents.get(incident_id)
    if not actor.administers(row.jurisdiction):
        raise NotAllowed(Text("异常由本辖区管理员处理。", "Only an administrator of the jurisdiction may do this."))
    if row.resolved_at is not None:
        raise Conflict(Text("这个异常已经处理。", "This incident is settled already."))
    case = tx.cases.titles([row.case_id])[row.case_id] if row.case_id is not None else ""
    tell("：".join(filter(None, (case, row.what["zh"]))), place=row.jurisdiction)
    return row


def note_settled(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow, action: str, text: str) -> None:
    """Write into the history of its case, if it has one, what was done about an incident."""
    if row.case_id is None:
        return
    tx.cases.lock(row.case_id)
    event = AuditEvent(desk.clock.now(), actor.name, action, text, actor.person_id, row.element, {"incident": row.id})
    tx.history.record(row.case_id, [event])
