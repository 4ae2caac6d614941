"""Where a case stands, in one word."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk


@guarded("case.view")
def case_status(desk: Desk, actor: Actor, case_id: int) -> str:
    """Return running, suspended or ended; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        demand_case(actor, case, tx)
        return case.status
