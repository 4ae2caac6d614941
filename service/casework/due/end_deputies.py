"""End what somebody lent to a deputy when its last day is over."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.people.rights.end_deputies import end_rows
from service.store.models import WorkItemRow


def end_what_is_over(desk: Desk, item: WorkItemRow) -> None:
    """End what was lent up to now, unless it was ended before."""
    with desk.store.write() as tx:
        first = tx.deputies.get(int(item.payload["deputy"]))
        rows = [row for row in tx.deputies.of_act(first) if row.ended_at is None and row.until <= desk.clock.now()]
        if rows:
            end_rows(desk, tx, rows, SYSTEM, "委托期限届满", "the period is over")
