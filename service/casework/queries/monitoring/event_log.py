"""The event log of cases for process mining: what happened in each case, when, by which role; as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter, itemgetter

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import processes_of
from service.casework.queries.monitoring.monitor import ChosenDiagram, Monitored, chosen_diagram
from service.catalog import Diagram, Kind
from service.domain.calendar import CHINA, end_of_day, local_date
from service.domain.spreadsheets.spreadsheet_cells import neutralise_cell
from service.store import Store
from service.store.models import TaskRow, VisitRow

_LAST = 2**62
_UNSEEN = (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.COMPLEX, Kind.EVENT_GATEWAY)
"""Gateways are ways, no work: they are left out."""

_ENDS = {"done": "complete", "cancelled": "ate_abort"}
"""How tasks end in the words of XES (IEEE 1849), by their states."""

_DONE, _PASSED, _LEFT = range(3)
"""What comes first of one instant: tasks of before that are done, what the case then passed, tasks that it came to otherwise."""

_Place = tuple[datetime, int, int]


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Something that began or was done at an element of a case; ``resource`` is "" where nobody may be named."""

    case_id: int
    number: str
    kind: str
    activity: str
    element: str
    process: str
    lifecycle: str
    at: datetime
    role: str
    resource: str


@guarded("monitor.view")
def event_log(desk: Desk, actor: Actor, selection: ChosenDiagram, days: int = 365) -> Iterator[LogEvent]:
    """Return what happened in the cases that began in the period, those alone that run through a diagram that is named.

    The period begins with the day so many ``days`` before today. Raises NotFound.

    People are numbers. Who votes or evaluates is never told apart: when somebody cast a vote says more than anybody may
    know.
    """
    with desk.store.read() as tx:
        chosen = chosen_diagram(desk, tx, actor, selection)
    package, process = chosen.package, selection.process and chosen.process
    kinds = [kind for kind in package.award.processes if not process or process in dict(processes_of(package, kind))]
    first = local_date(desk.clock.now()) - timedelta(days=days)
    return _iterate_events(desk.store, chosen, kinds, end_of_day(first - timedelta(days=1)))


def _iterate_events(store: Store, chosen: Monitored, kinds: Collection[str], since: datetime) -> Iterator[LogEvent]:
    place, award, before = chosen.package.jurisdiction.id, chosen.package.award.id, _LAST
    while True:
        with store.read() as tx:
            case_page = tx.durations.cases_of(place, award, kinds, chosen.version or None, since, before)
            if not case_page:
                return
            before = case_page[-1][0]
            ids = [ident for ident, _, _ in case_page]
            visits = tx.visits.select("case_id id", case_id=ids)
            tasks = tx.tasks.select("case_id id", case_id=ids)
        reader = _LogReader(chosen)
        passed = {ident: list(rows) for ident, rows in groupby(visits, key=attrgetter("case_id"))}
        done = {ident: list(rows) for ident, rows in groupby(tasks, key=attrgetter("case_id"))}
        for ident, number, kind in case_page:
            case = (ident, number or str(ident), reader.kind(kind))
            yield from reader.told(case, passed.get(ident, ()), done.get(ident, ()))


@dataclass(frozen=True, slots=True)
class _LogReader:
    """What rows are read with: the names of elements."""

    chosen: Monitored

    def kind(self, kind: str) -> str:
        """Return the name of a kind of case."""
        return self.chosen.package.award.processes[kind].text.zh

    def told(
        self, case: tuple[int, str, str], visits: Sequence[VisitRow], tasks: Iterable[TaskRow]
    ) -> Iterator[LogEvent]:
        """Yield what happened in a case in the order of its diagram: everything that one step did bears the same instant."""
        reached: dict[tuple[str, str, datetime], list[int]] = {}
        placed: list[tuple[_Place, LogEvent]] = []
        for number, row in enumerate(visits):
            reached.setdefault((row.process_id, row.element, row.at), []).append(number)
            if (event := self._build_visit_event(case, row)) is not None:
                placed.append(((row.at, _PASSED, number), event))
        for task in tasks:
            visit_numbers = reached.get((task.process_id, task.element, task.created_at), [])
            came = (
                (task.created_at, _PASSED, visit_numbers.pop(0)) if visit_numbers else (task.created_at, _LEFT, task.id)
            )
            placed += [
                (came if at == task.created_at else (at, _DONE, task.id), e)
                for at, e in self._iterate_task_events(case, task)
            ]
        yield from (event for _, event in sorted(placed, key=itemgetter(0)))

    def _build_visit_event(self, case: tuple[int, str, str], row: VisitRow) -> LogEvent | None:
        """Return an event, a call or a machine's step of a case; what people did is told by their tasks."""
        diagram = self.chosen.package.processes.get(row.process_id)
        element = diagram.elements.get(row.element) if diagram else None
        if element is None or not element.name or element.kind in (*_UNSEEN, Kind.USER_TASK):
            return None
        return LogEvent(*case, element.name, element.id, row.process_id, "complete", row.at, "", "")

    def _iterate_task_events(self, case: tuple[int, str, str], row: TaskRow) -> Iterator[tuple[datetime, LogEvent]]:
        """Yield when a task of a case came, and when it was done or called off."""
        name, role = (
            self._get_step_name(self.chosen.package.processes.get(row.process_id), row),
            self._get_role_name(row),
        )
        place = (*case, name, row.element, row.process_id)
        yield row.created_at, LogEvent(*place, "start", row.created_at, role, "")
        if row.state in _ENDS and row.done_at is not None:
            who = self._format_resource(row) if row.state == "done" else ""
            yield row.done_at, LogEvent(*place, _ENDS[row.state], row.done_at, role, who)

    def _get_step_name(self, diagram: Diagram | None, row: TaskRow) -> str:
        element = diagram.elements.get(row.element) if diagram else None
        return element.name if element and element.name else row.element

    def _get_role_name(self, row: TaskRow) -> str:
        role = self.chosen.package.jurisdiction.roles.get(row.role)
        return role.text.zh if role else row.role

    def _format_resource(self, row: TaskRow) -> str:
        if row.done_by is None or row.kind == "ballot" or row.personal:
            return ""
        return f"人员{row.done_by}"


_COLUMNS = (
    "case:concept:name",
    "case:laurel:id",
    "case:laurel:kind",
    "concept:name",
    "lifecycle:transition",
    "time:timestamp",
    "org:role",
    "org:resource",
    "laurel:element",
    "laurel:process",
)


def as_csv(events: Iterable[LogEvent]) -> Iterator[bytes]:
    """Write the log as a table whose columns process-mining tools know by name; UTF-8 with a mark, for Excel."""
    yield "\ufeff".encode()
    yield _format_row(_COLUMNS)
    for e in events:
        values = (
            e.number,
            e.case_id,
            e.kind,
            e.activity,
            e.lifecycle,
            _format_time(e.at),
            e.role,
            e.resource,
            e.element,
        )
        yield _format_row((*values, e.process))


def _format_row(values: Iterable[object]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow([neutralise_cell(str(value)) for value in values])
    return out.getvalue().encode()


def _format_time(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(timespec="milliseconds")
