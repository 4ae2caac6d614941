"""What waits for time in running cases, soonest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import ListSpec, Page, cut_page, read_lines
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.queries.monitoring.monitor import overseen_places, places_of
from service.casework.reading.published import Published, published
from service.domain.calendar import end_of_day
from service.domain.calendar.clock import DAY
from service.domain.text import Text
from service.domain.values.bounds import WorkState
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, WorkItemRow

PAGE = 50


@dataclass(frozen=True, slots=True)
class TimerLine:
    """A timer that runs: what waits for it, until when, and at which moment it fires."""

    case_id: int
    case_title: str
    jurisdiction: str
    place: Text
    name: str
    due_at: datetime
    limit: TimeLimit
    provisional: bool
    state: WorkState


@dataclass(frozen=True, slots=True)
class TimerPage:
    """A page of timers; ``total`` counts all pages; ``places`` are those to choose from."""

    page: Page[TimerLine, tuple[datetime, int]]
    total: int
    places: tuple[tuple[str, Text], ...] = ()


TIMERS: ListSpec[TimerLine] = ListSpec("/monitor/timers", Text("期限清单", "Timers"), (), cursor="after")


@guarded("monitor.view")
def list_timers(
    desk: Desk,
    actor: Actor,
    jurisdiction: str = "",
    after: tuple[datetime, int] | None = None,
    process: str = "",
    award: str = "",
    day: date | None = None,
) -> TimerPage:
    """Return what waits for time in the running cases of the actor's jurisdictions, of one kind if ``process`` names it.

    ``award`` keeps those of one award, ``day`` those that end with one day.

    Raises NotFound for a jurisdiction that is another's.
    """
    with desk.store.read() as tx:
        publications = published(desk, tx)
        places = places_of(actor, publications, jurisdiction)
        running = CaseFilter(places, process or None, live=True, recused=sorted(actor.recused), award=award or None)
        until, since = (end_of_day(day), end_of_day(day - DAY)) if day else (None, None)
        rows = tx.work.timers(running, after, PAGE + 1, until, since)
        timer_page = cut_page(rows, lambda row: (row.due_at, row.id), PAGE)
        ids = sorted({row.case_id for row in timer_page.lines if row.case_id})
        cases = {case.id: case for case in tx.cases.search(CaseFilter(ids=ids))}
        lines = (
            _build_timer_line(desk, tx, publications, row, cases[row.case_id])
            for row in timer_page.lines
            if row.case_id
        )
        page = read_lines(timer_page, lines)
        total = tx.work.count_timers(running, until, since)
    return TimerPage(page, total, overseen_places(actor, publications))


def _build_timer_line(
    desk: Desk, tx: Transaction, publications: Published, row: WorkItemRow, case: CaseRow
) -> TimerLine:
    package = desk.packages.get(case.definition, tx)
    process, element = row.process_id or "", row.element or ""
    name = package.element(process, element).name or element
    calendar = publications.calendar(desk, case.jurisdiction)
    limit = time_limit(calendar, row.due_at, row.payload, desk.clock.now(), state_in(case.status))
    place = package.jurisdiction.text
    return TimerLine(case.id, case.title, case.jurisdiction, place, name, row.due_at, limit, row.provisional, row.state)
