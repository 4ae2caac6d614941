"""Whether what was just done to a person's rights waits for a second administrator."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk


@guarded("people.manage")
def waiting_request(desk: Desk, actor: Actor, person_id: int) -> int | None:
    """Return the newest request about a person that the actor made and nobody decided, None where there is none."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        rows = tx.rights.waiting_of(person_id)
    return max((row.id for row in rows if row.asked_by == actor.person_id and row.until > now), default=None)
