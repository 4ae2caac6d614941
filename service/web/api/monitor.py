"""Operations of the monitor: figures, heat, timers, the event log, incidents, health, and where a round stands."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.due.settle_incident import hand_over_incident, retry_alike, retry_incident, skip_incident
from service.casework.health.report import CheckState, view_health
from service.casework.queries.monitoring.event_log import as_csv, event_log
from service.casework.queries.monitoring.heat import HeatView, view_heat
from service.casework.queries.monitoring.incident_desk import (
    IncidentGroup,
    IncidentLine,
    view_cause,
    view_incident_desk,
)
from service.casework.queries.monitoring.list_timers import TimerLine, list_timers
from service.casework.queries.monitoring.monitor import StepCount, view_monitor
from service.casework.queries.monitoring.overview import KindLine, WaitedFor, view_overview
from service.casework.queries.rounds.round_board import MOST, PAGE, Card, export_board, page_board
from service.office.workbooks import XLSX, write_book
from service.store import KindOfCase
from service.web.api.arguments import Argument, Query, calendar_day, instant_place, row_place, whole
from service.web.api.derive import offer
from service.web.api.operation import Operation
from service.web.api.shared import HandedFile
from service.web.frame.page.names import translate_name
from service.web.frame.requests.list_query import PERIODS, read_days, read_named

_PLACE: Query = {"jurisdiction": "one place; all that are overseen when empty"}
_FIGURES: Query = {**_PLACE, "package": Argument("jurisdiction/award whose steps are counted").to("package_key")}
_TIMERS: Query = {
    **_PLACE,
    "award": "one award",
    "process": "one kind of case",
    "day": calendar_day("the day with which the limits end"),
    "after": instant_place(),
}
_DIAGRAM: Query = {
    "package": "jurisdiction/award; when empty the first by this name that is overseen",
    "process": "id of a diagram; when empty the busiest, of the log all",
    "version": "a published version; all when empty",
    "days": whole("how many days to look back; 90 when left out, of the log 365", 1, PERIODS[-1]),
}
_INCIDENTS: Query = {
    "jurisdiction": "only this place",
    "award": "only cases of this award",
    "process": "only this kind of case",
    "cause": "all incidents of one cause, with jurisdiction",
    "after": row_place("continue a page of a cause"),
}
_CARDS: Query = {
    "stage": "id of a column: the cards that stand there alone",
    "limit": whole(f"how many cards a page has; {PAGE} when left out", 1, MOST),
    "after": row_place(),
}

offer(StepCount, "process element name tasks messages timers")
offer(
    KindLine,
    "jurisdiction award kind name running waiting overdue incidents finished waits_for votes timers messages until",
)
offer(WaitedFor, "id=role role=name tasks=count")
offer(TimerLine, "case_id case_title jurisdiction name state provisional due_at limit")
offer(
    CheckState,
    "name=result.name colour=result.finding.colour.word label=result.label sentence=result.finding.sentence"
    " remedy=result.finding.remedy since",
)
offer(IncidentGroup, "jurisdiction cause count since what consequence remedy skip receivers lines before")
offer(IncidentLine, "id case_id case_title step what since count handed_to handed_note queued_at correctable")
offer(Card, "id name number holder what since days limit flags ended came")


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    """Open incidents by their cause, the longest standing first; of one cause ``next`` continues the incidents."""

    causes: tuple[IncidentGroup, ...]
    next: int | None


@dataclass(frozen=True, slots=True)
class StartedRetry:
    """How many are tried again, and how many of them failed at once.

    Those of several cases are tried by ``batch``, which GET /interventions/{batch} tells the results of; ``begun_before``
    where somebody had begun that batch, so that nothing was begun now.
    """

    tried: int
    failed: int
    batch: int | None = None
    begun_before: bool = False


def get_heat(desk: Desk, actor: Actor) -> HeatView:
    """Get how many stand where in a diagram, and how long; raises NotFound."""
    return view_heat(desk, actor, read_named(request.args), read_days(request.args))


def get_event_log(desk: Desk, actor: Actor) -> HandedFile:
    """Get the event log as CSV: of the cases that began within ``days`` before today, newest first, what happened in its order.

    As long as nothing happens the same question gets the same log for a whole day. Raises NotFound.
    """
    events = event_log(desk, actor, read_named(request.args), read_days(request.args, 365))
    return HandedFile("event-log.csv", "text/csv", b"".join(as_csv(events)))


def list_incidents(
    desk: Desk,
    actor: Actor,
    jurisdiction: str = "",
    award: str = "",
    process: str = "",
    cause: str = "",
    after: int | None = None,
) -> IncidentsPage:
    """List open incidents by cause; raises NotFound."""
    kind = KindOfCase(award, process)
    if not cause:
        return IncidentsPage(view_incident_desk(desk, actor, jurisdiction, kind), None)
    group = view_cause(desk, actor, jurisdiction, cause, after, kind)
    return IncidentsPage((group,), group.before) if group else IncidentsPage((), None)


def retry_incident_or_alike(desk: Desk, actor: Actor, incident_id: int, alike: bool = False) -> StartedRetry:
    """Retry an incident, or all ``alike``, which have its cause."""
    if not alike:
        return StartedRetry(1, int(not retry_incident(desk, actor, incident_id)))
    begun = retry_alike(desk, actor, incident_id)
    return StartedRetry(begun.incidents, 0, begun.batch, begun.before)


def get_round_book(desk: Desk, actor: Actor, round_id: int) -> HandedFile:
    """Get the board of a round as a spreadsheet."""
    return HandedFile("申报进展.xlsx", XLSX, write_book(export_board(desk, actor, round_id, translate_name)))


_HEAT = "at package=chosen.package.key process=chosen.process days capped lines"
_INCIDENT, _BOARD = "/incidents/{incident_id}", "/cases/{round_id}/board"
OPERATIONS = (
    Operation("GET /monitor", "monitor.view", view_monitor, "at figures steps", _FIGURES),
    Operation("GET /monitor/overview", "monitor.view", view_overview, "at lines days", _PLACE),
    Operation("GET /monitor/heat", "monitor.view", get_heat, _HEAT, _DIAGRAM),
    Operation("GET /monitor/timers", "monitor.view", list_timers, "timers=page.lines total next=page.after", _TIMERS),
    Operation("GET /monitor/log", "monitor.view", get_event_log, query=_DIAGRAM),
    Operation("GET /incidents", "monitor.view", list_incidents, query=_INCIDENTS),
    Operation(f"POST {_INCIDENT}/retry", "incident.retry", retry_incident_or_alike),
    Operation(f"POST {_INCIDENT}/skip", "incident.skip", skip_incident),
    Operation(f"POST {_INCIDENT}/hand-over", "incident.hand_over", hand_over_incident, "name"),
    Operation(f"GET {_BOARD}", "board.view", page_board, "columns=board.columns next=after", _CARDS),
    Operation(f"GET {_BOARD}/list", "applicants.export", get_round_book),
    Operation("GET /health", "health.view", view_health, "checks"),
)
