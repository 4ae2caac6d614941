"""Note anew what everything is searched by, from the rows themselves."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.found_by import wrongly_found


@guarded("soundness.prove")
def note_anew(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard reads the actor
    """Make the search table as the rows say; the service must stand still meanwhile."""
    with desk.store.write() as tx:
        for case_id, findable in wrongly_found(desk, tx):
            tx.search.note_findable(case_id, findable)
        tx.soundness.note_anew()
