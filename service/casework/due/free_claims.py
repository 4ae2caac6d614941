"""Once a day what somebody had claimed and may do no more goes back to its body: a term is over, or who claimed it had left before."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.rights.end_deputies import claimed_and_left, give_back_left
from service.casework.reading.published import published
from service.domain.calendar import local_date
from service.store import NewWork
from service.store.models import WorkItemRow

WORK = "claims_left"
"""Kind of the work item that looks for it."""


@guarded("work.run")
def ask_free_claims(desk: Desk, actor: Actor) -> bool:  # noqa: ARG001  the guard looks at the actor
    """Queue the look of today unless it was queued before; returns whether it was not."""
    now = desk.clock.now()
    key = f"{WORK}:{local_date(now).isoformat()}"
    with desk.store.read() as tx:
        if tx.work.by_key(key) is not None:
            return False
    with desk.store.write() as tx:
        return bool(tx.work.enqueue_many([NewWork(WORK, None, key, {}, now)], now))


def free_claims(desk: Desk, item: WorkItemRow) -> None:
    """Give it back, each person's in a commit of its own, and finish the item."""
    with desk.store.read() as tx:
        holders = tx.tasks.holders(sorted(published(desk, tx).jurisdictions()))
        gone = [person_id for person_id in sorted(holders) if claimed_and_left(desk, tx, person_id)]
    for person_id in gone:
        with desk.store.write() as tx:
            give_back_left(desk, tx, person_id, SYSTEM)
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())
