"""Verify the hash chain of a case's history."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk


@guarded("audit.verify")
def verify_case(desk: Desk, actor: Actor, case_id: int) -> int | None:
    """Return the number of the first event that was changed or is missing, None when the chain holds."""
    with desk.store.read() as tx:
        demand_case(actor, tx.cases.get(case_id), tx)
        return tx.history.verify(case_id)
