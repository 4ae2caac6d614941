"""The monitor: key figures, incidents, and what waits at which element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import bpmn_of, processes_of
from service.casework.queries.tasks.task_list import Ahead, TaskQuery, look_ahead, task_filter
from service.casework.reading.published import Published, published, select_overseen_places
from service.catalog import Package
from service.domain.calendar import local_date
from service.domain.errors import NotFound
from service.domain.text import Text, text_of
from service.store import CaseFilter, ElementCount, Transaction


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures: running cases, tasks that wait, overdue, due today or within five working days, timers, incidents, notices that end this week."""

    running: int
    waiting: int
    overdue: int
    today: int
    soon: int
    timers: int
    incidents: int
    notices: int


def figures_of(
    tx: Transaction, actor: Actor, publications: Published, places: Sequence[str], jurisdiction: str, ahead: Ahead
) -> Figures:
    """Return the figures of ``places``, which are ``jurisdiction`` alone or all; each counts what its list holds."""
    if not places:
        return Figures(0, 0, 0, 0, 0, 0, 0, 0)
    queries = [TaskQuery("visible", due=due, jurisdiction=jurisdiction) for due in ("", "late", "today", "soon")]
    lists = [task_filter(actor, publications, query, ahead) for query in queries]
    running = CaseFilter(places, live=True, recused=sorted(actor.recused))
    waiting, overdue, today, soon = (tx.tasks.count(chosen) for chosen in lists)
    return Figures(
        running=tx.cases.count(running),
        waiting=waiting,
        overdue=overdue,
        today=today,
        soon=soon,
        timers=tx.work.count_timers(running),
        incidents=tx.incidents.count_rows(
            resolved_at=None, jurisdiction=places_of_incidents(actor, places, jurisdiction)
        ),
        notices=tx.notices.count_rows(**ending_notices(places, ahead.now)),
    )


def places_of_incidents(actor: Actor, places: Sequence[str], jurisdiction: str) -> list[str]:
    """Return where incidents are looked for: with all places, what belongs to none, as a mail about an account does."""
    return [*places, "*"] if not jurisdiction and actor.oversees("*") else [*places]


def ending_notices(places: Sequence[str], now: datetime) -> dict[str, Any]:
    """Return the conditions of the public notices that run and whose last day lies between today and Sunday."""
    today = local_date(now)
    sunday = today + timedelta(days=7 - today.isoweekday())
    running = {"audience": "public", "state": "running", "jurisdiction": places}
    return {**running, "last_day__ge": today, "last_day__le": sunday}


@dataclass(frozen=True, slots=True)
class IncidentBrief:
    """Open incidents of one cause, as the newest of them tells it; the incident desk settles them."""

    jurisdiction: str
    count: int
    since: datetime
    what: Text
    consequence: Text


@dataclass(frozen=True, slots=True)
class UnmannedTasks:
    """Open tasks that nobody can do: ``role`` is held by nobody for ``bodies``, or, where these are none, in the city."""

    city: Text
    role: Text
    bodies: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class StepCount:
    """The number of cases that wait at one element of a diagram."""

    process: str
    process_name: str
    element: str
    name: str
    tasks: int
    messages: int
    timers: int


@dataclass(frozen=True, slots=True)
class MonitorView:
    """The monitor of the jurisdictions the reader oversees, seen through one package."""

    figures: Figures
    jurisdictions: tuple[tuple[str, Text], ...]
    jurisdiction: str
    packages: tuple[tuple[str, Text], ...]
    package: Package | None
    steps: tuple[StepCount, ...]
    incidents: tuple[IncidentBrief, ...]
    unmanned: tuple[UnmannedTasks, ...]
    at: datetime


@guarded("monitor.view")
def view_monitor(desk: Desk, actor: Actor, jurisdiction: str = "", package_key: str = "") -> MonitorView:
    """Return the monitor; raises NotFound for a jurisdiction the actor does not oversee."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        publications = published(desk, tx)
        places = places_of(actor, publications, jurisdiction)
        packages = [p for p in publications.packages if p.jurisdiction.id in places]
        everywhere = tx.tallies.by_element(places)
        package = next((p for p in packages if p.key == package_key), _find_liveliest(packages, everywhere))
        counts = [c for c in everywhere if package and c.jurisdiction == package.jurisdiction.id]
        return MonitorView(
            figures=figures_of(tx, actor, publications, places, jurisdiction, look_ahead(publications, desk, actor)),
            jurisdictions=tuple(
                (p.jurisdiction.id, p.jurisdiction.text) for p in _list_city_packages(publications, actor)
            ),
            jurisdiction=jurisdiction,
            packages=tuple(
                (
                    p.key,
                    Text(f"{p.jurisdiction.name} · {p.award.name}", f"{p.jurisdiction.name_en} · {p.award.name_en}"),
                )
                for p in packages
            ),
            package=package,
            steps=_count_steps(desk, tx, package, counts),
            incidents=_list_incidents(tx, places_of_incidents(actor, places, jurisdiction)),
            unmanned=_list_unmanned(tx, publications, places, now),
            at=now,
        )


def require_overseer(actor: Actor, jurisdiction: str) -> None:
    """Raise NotFound unless the actor oversees the jurisdiction: others shall not learn that it exists."""
    if not actor.oversees(jurisdiction):
        raise NotFound(Text("没有这个辖区，或者您不负责它。", "There is no such jurisdiction, or it is not yours."))


def places_of(actor: Actor, publications: Published, jurisdiction: str) -> list[str]:
    """Return ``jurisdiction``, or every one that the actor oversees where it is empty; raises NotFound."""
    places = list(select_overseen_places(actor, publications.jurisdictions()))
    if not jurisdiction:
        return places
    require_overseer(actor, jurisdiction)
    return [jurisdiction]


def overseen_places(actor: Actor, publications: Published) -> tuple[tuple[str, Text], ...]:
    """Return every place that the actor oversees, id and name, in the order of their ids."""
    every = sorted({p.jurisdiction.id: p.jurisdiction.text for p in publications.packages}.items())
    return tuple((ident, name) for ident, name in every if actor.oversees(ident))


def _list_city_packages(publications: Published, actor: Actor) -> Sequence[Package]:
    seen = {p.jurisdiction.id: p for p in reversed(publications.packages) if actor.oversees(p.jurisdiction.id)}
    return list(reversed(seen.values()))


def _find_liveliest(packages: Sequence[Package], counts: Sequence[ElementCount]) -> Package | None:
    """Return the package whose city has most open tasks: the first to show to overseers of several cities."""
    waiting: dict[str, int] = {}
    for c in counts:
        waiting[c.jurisdiction] = waiting.get(c.jurisdiction, 0) + c.tasks + c.messages + c.timers
    return max(packages, key=lambda p: waiting.get(p.jurisdiction.id, 0), default=None)


def _count_steps(
    desk: Desk, tx: Transaction, package: Package | None, counts: Sequence[ElementCount]
) -> tuple[StepCount, ...]:
    """Return what waits at each step of the package's diagrams."""
    if package is None:
        return ()
    found = []
    for c in counts:
        diagram = package.processes.get(c.process_id)
        if c.jurisdiction != package.jurisdiction.id or diagram is None:
            continue
        element = diagram.elements.get(c.element)
        name = (element.name if element else _former_name(desk, tx, c)) or c.element
        found.append(StepCount(c.process_id, diagram.name, c.element, name, c.tasks, c.messages, c.timers))
    return tuple(sorted(found, key=lambda s: (-s.tasks, s.process_name, s.name)))


def _list_unmanned(
    tx: Transaction, publications: Published, places: Sequence[str], now: datetime
) -> tuple[UnmannedTasks, ...]:
    """Return the tasks that nobody can do, by place and role."""
    groups = groupby(tx.tallies.without_people(places, now), key=lambda line: line[:2])
    found = []
    for (place, role), lines in groups:
        city = publications.of(place)[0].jurisdiction
        bodies, counts = zip(*((name, count) for _, _, name, count in lines), strict=True)
        named = city.roles[role].text if role in city.roles else Text(role, role)
        found.append(UnmannedTasks(city.text, named, tuple(filter(None, bodies)), sum(counts)))
    return tuple(found)


def _former_name(desk: Desk, tx: Transaction, count: ElementCount) -> str:
    """Return what a step that only older versions have is called where the newest of its cases runs."""
    for version in tx.search.versions_at(count.jurisdiction, count.process_id, count.element):
        diagram = desk.packages.get(version, tx).processes.get(count.process_id)
        if diagram is not None and count.element in diagram.elements:
            return diagram.elements[count.element].name
    return ""


def _list_incidents(tx: Transaction, places: Sequence[str]) -> tuple[IncidentBrief, ...]:
    causes = tx.incidents.causes(places) if places else []
    newest = {row.id: row for row in tx.incidents.select(id=[cause.newest for cause in causes])} if causes else {}
    return tuple(
        IncidentBrief(c.jurisdiction, c.count, c.since, text_of(row.what), text_of(row.consequence))
        for c in causes
        if (row := newest.get(c.newest)) is not None
    )


@dataclass(frozen=True, slots=True)
class ChosenDiagram:
    """What was asked for; what is empty or elsewhere is chosen for the reader, an empty version means all.

    Where it is ``exact``, as for a program, which would take other figures for those it asked for, nothing is chosen
    instead of what was named.
    """

    package: str = ""
    process: str = ""
    version: str = ""
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Monitored:
    """A diagram to look at, and what else could be chosen."""

    package: Package
    process: str
    version: str
    packages: tuple[tuple[str, Text], ...]
    processes: tuple[tuple[str, str], ...]
    versions: tuple[tuple[str, datetime], ...]


def chosen_diagram(desk: Desk, tx: Transaction, actor: Actor, selection: ChosenDiagram) -> Monitored:
    """Return the diagram asked for; raises NotFound where there is none, or its place is not the actor's to oversee."""
    mine = [p for p in published(desk, tx).packages if actor.oversees(p.jurisdiction.id)]
    package = next((p for p in mine if p.key == selection.package or not selection.package), None)
    if package is None:
        raise NotFound(Text("没有这个流程，或者您不负责它。", "There is no such procedure, or it is not yours."))
    place = package.jurisdiction.id
    diagram_package = desk.packages.get(selection.version, tx) if selection.version else package
    require_overseer(actor, diagram_package.jurisdiction.id)
    version = (
        selection.version if diagram_package.key == package.key else ""
    )  # who chooses another award means all its versions
    diagram_package = diagram_package if version else package
    if selection.exact and version != selection.version:
        raise NotFound(
            Text(
                f"版本“{selection.version}”不是“{package.key}”的版本。",
                f"Version “{selection.version}” is none of “{package.key}”.",
            )
        )
    chain = dict(pair for kind in diagram_package.award.processes for pair in processes_of(diagram_package, kind))
    if selection.exact and selection.process and selection.process not in chain:
        raise NotFound(
            Text(
                f"“{diagram_package.key}”中没有流程图“{selection.process}”，有：{'、'.join(chain)}。",
                f"“{diagram_package.key}” has no diagram “{selection.process}”; there are: {', '.join(chain)}.",
            )
        )
    return Monitored(
        diagram_package,
        selection.process if selection.process in chain else _busiest_diagram(tx, place, list(chain)),
        version,
        tuple((p.key, _format_title(p)) for p in mine),
        tuple(chain.items()),
        tuple((row.version, row.published_at) for row in tx.definitions.of_package(package.key)),
    )


def _format_title(package: Package) -> Text:
    place, award = package.jurisdiction, package.award
    return Text(f"{place.name} · {award.name}", f"{place.name_en} · {award.name_en}")


def _busiest_diagram(tx: Transaction, place: str, chain: list[str]) -> str:
    """Return the diagram with most open tasks: the first to show."""
    waiting = dict.fromkeys(chain, 0)
    for count in tx.tallies.by_element([place]):
        if count.process_id in waiting:
            waiting[count.process_id] += count.tasks
    return max(waiting, key=lambda ident: waiting[ident], default="")


@guarded("monitor.view")
def monitor_diagram(desk: Desk, actor: Actor, package_key: str, process: str, version: str = "") -> bytes:
    """Return the BPMN of a diagram of a version, of the current one when none is named; raises NotFound."""
    with desk.store.read() as tx:
        package = desk.packages.get(version, tx) if version else desk.packages.current(package_key, tx)
    require_overseer(actor, package.jurisdiction.id)
    return bpmn_of(package, process)
