"""The public notices that end this week."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.monitor import places_of
from service.casework.queries.monitor_figures import this_week
from service.casework.reading.published import published
from service.store.rows import NoticeRow


@guarded("monitor.view")
def list_ending_notices(desk: Desk, actor: Actor, jurisdiction: str = "") -> Sequence[NoticeRow]:
    """Return running notices whose last day lies between today and Sunday, soonest first; raises NotFound."""
    with desk.store.read() as tx:
        places = places_of(actor, published(desk, tx), jurisdiction)
        return tx.notices.ending(places, *this_week(desk.clock.now()))
