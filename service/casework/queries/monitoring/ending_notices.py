"""The public notices that end this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.monitor import places_of
from service.casework.queries.monitoring.monitor_figures import this_week
from service.casework.reading.published import published
from service.store.models import NoticeRow

PAGE = 100


@dataclass(frozen=True, slots=True)
class EndingPage:
    """A page of notices; ``after`` continues it: the last day and the number of its last one."""

    rows: tuple[NoticeRow, ...]
    after: tuple[date, int] | None


@guarded("monitor.view")
def list_ending_notices(
    desk: Desk, actor: Actor, jurisdiction: str = "", after: tuple[date, int] | None = None
) -> EndingPage:
    """Return running notices whose last day lies between today and Sunday, soonest first; raises NotFound."""
    with desk.store.read() as tx:
        places = places_of(actor, published(desk, tx), jurisdiction)
        rows = tx.notices.ending(places, *this_week(desk.clock.now()), PAGE + 1, after)
    shown = rows[:PAGE]
    return EndingPage(tuple(shown), (shown[-1].last_day, shown[-1].id) if len(rows) > PAGE else None)
