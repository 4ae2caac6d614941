"""Retry all incidents of one kind: after a mail server or a template was mended, nobody clicks a hundred times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.retry_incident import retry_incident
from service.domain.errors import Conflict, LaurelError, NotAllowed
from service.domain.text import Text
from service.store.rows import IncidentRow

MOST = 500
"""So many are tried in one go; the others stay open and can be tried by the next."""
_PAGE = 100


@dataclass(frozen=True, slots=True)
class RetriedIncidents:
    """How many incidents were tried again, and how many of them failed again."""

    tried: int
    failed: int


@guarded("incident.retry")
def retry_alike(desk: Desk, actor: Actor, incident_id: int) -> RetriedIncidents:
    """Retry every open incident of the jurisdiction that is like ``incident_id``, the oldest first, each by itself.

    Raises NotFound, NotAllowed, and Conflict when it is settled already.
    """
    with desk.store.read() as tx:
        row = tx.incidents.get(incident_id)
    if not actor.administers(row.jurisdiction):
        raise NotAllowed(Text("异常由本辖区管理员处理。", "Only an administrator of the jurisdiction may do this."))
    if row.resolved_at is not None:
        raise Conflict(Text("这个异常已经处理。", "This incident is settled already."))
    alike = [one.id for one in _open_of(desk, row.jurisdiction, row.cause)]
    tried = sorted(alike)[:MOST]
    return RetriedIncidents(len(tried), sum(not _tried(desk, actor, ident) for ident in tried))


def _open_of(desk: Desk, jurisdiction: str, cause: str) -> Iterator[IncidentRow]:
    before: int | None = None
    while True:
        with desk.store.read() as tx:
            page = tx.incidents.of_cause(jurisdiction, cause, _PAGE, before)
        yield from page
        if len(page) < _PAGE:
            return
        before = page[-1].id


def _tried(desk: Desk, actor: Actor, incident_id: int) -> bool:
    """Try one; one that fails otherwise than before, or was settled meanwhile, does not keep back the others."""
    try:
        return retry_incident(desk, actor, incident_id)
    except LaurelError:
        return False
