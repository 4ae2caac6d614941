"""The monitor: key figures, incidents, and what waits at which element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import processes_of
from service.casework.queries.cases.former_steps import FormerStep, former_steps
from service.casework.queries.monitoring.monitor_figures import Figures, figures_of, places_of_incidents
from service.casework.reading.published import Published, administered, overseen, published
from service.catalog import Package
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import ElementCount, Transaction
from service.store.models import IncidentRow

SHOWN = 50
"""So many of the newest incidents stand on the monitor itself; the incident desk has all of them."""


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident in plain words; ``remediable`` when the reader may retry it, ``queued_at`` since when that is under way.

    ``alike`` are all those open incidents of the jurisdiction that the same remedy settles, itself included; ``over``
    where the case has ended.
    """

    id: int
    case_id: int | None
    case_title: str
    step: str
    what: Mapping[str, str]
    consequence: Mapping[str, str]
    remedy: Mapping[str, str]
    since: datetime
    count: int
    detail: str
    remediable: bool
    alike: int
    queued_at: datetime | None
    over: bool


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
    process: str
    processes: tuple[tuple[str, str, int], ...]
    steps: tuple[StepCount, ...]
    incidents: tuple[IncidentView, ...]
    at: datetime


@guarded("monitor.view")
def view_monitor(
    desk: Desk, actor: Actor, jurisdiction: str = "", package_key: str = "", process: str = ""
) -> MonitorView:
    """Return the monitor; raises NotFound for a jurisdiction the actor does not oversee."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        known = published(desk, tx)
        places = places_of(actor, known, jurisdiction)
        packages = [p for p in known.packages if p.jurisdiction.id in places]
        everywhere = tx.tallies.by_element(places)
        package = next((p for p in packages if p.key == package_key), _liveliest(packages, everywhere))
        counts = [c for c in everywhere if package and c.jurisdiction == package.jurisdiction.id]
        chain = _chain(package)
        chosen = process or _busiest(chain, counts)
        return MonitorView(
            figures=figures_of(tx, actor, known, places, jurisdiction, now),
            jurisdictions=tuple((p.jurisdiction.id, p.jurisdiction.text) for p in _one_per_city(known, actor)),
            jurisdiction=jurisdiction,
            packages=tuple(
                (
                    p.key,
                    Text(f"{p.jurisdiction.name} · {p.award.name}", f"{p.jurisdiction.name_en} · {p.award.name_en}"),
                )
                for p in packages
            ),
            package=package,
            process=chosen,
            processes=tuple((i, n, sum(c.tasks for c in counts if c.process_id == i)) for i, n in chain),
            steps=_steps(package, counts, former_steps(desk, tx, known, counts)),
            incidents=_incidents(desk, tx, actor, known, places_of_incidents(actor, places, jurisdiction)),
            at=now,
        )


def demand_overseer(actor: Actor, jurisdiction: str) -> None:
    """Raise NotFound unless the actor oversees the jurisdiction: others shall not learn that it exists."""
    if not actor.oversees(jurisdiction):
        raise NotFound(Text("没有这个辖区，或者您不负责它。", "There is no such jurisdiction, or it is not yours."))


def places_of(actor: Actor, known: Published, jurisdiction: str) -> list[str]:
    """Return ``jurisdiction``, or every one that the actor oversees where it is empty; raises NotFound."""
    places = list(overseen(actor, known.jurisdictions()))
    if not jurisdiction:
        return places
    demand_overseer(actor, jurisdiction)
    return [jurisdiction]


def overseen_places(actor: Actor, known: Published) -> tuple[tuple[str, Text], ...]:
    """Return every place that the actor oversees, id and name, in the order of their ids."""
    every = sorted({p.jurisdiction.id: p.jurisdiction.text for p in known.packages}.items())
    return tuple((ident, name) for ident, name in every if actor.oversees(ident))


def _one_per_city(known: Published, actor: Actor) -> Sequence[Package]:
    seen = {p.jurisdiction.id: p for p in reversed(known.packages) if actor.oversees(p.jurisdiction.id)}
    return list(reversed(seen.values()))


def _chain(package: Package | None) -> tuple[tuple[str, str], ...]:
    if package is None:
        return ()
    return tuple(dict(pair for kind in package.award.processes for pair in processes_of(package, kind)).items())


def _busiest(chain: Sequence[tuple[str, str]], counts: Sequence[ElementCount]) -> str:
    """Return the diagram with most open tasks: the first to show."""
    waiting = {ident: sum(c.tasks for c in counts if c.process_id == ident) for ident, _ in chain}
    return max(waiting, key=lambda ident: waiting[ident], default="")


def _liveliest(packages: Sequence[Package], counts: Sequence[ElementCount]) -> Package | None:
    """Return the package whose city has most open tasks: the first to show to overseers of several cities."""
    waiting: dict[str, int] = {}
    for c in counts:
        waiting[c.jurisdiction] = waiting.get(c.jurisdiction, 0) + c.tasks + c.messages + c.timers
    return max(packages, key=lambda p: waiting.get(p.jurisdiction.id, 0), default=None)


def _steps(
    package: Package | None, counts: Sequence[ElementCount], former: Iterable[FormerStep]
) -> tuple[StepCount, ...]:
    """Return what waits at each step of the package's diagrams; what only older versions have is called as they do."""
    if package is None:
        return ()
    found, names = [], {step.count: step.names[0] for step in former}
    for c in counts:
        diagram = package.processes.get(c.process_id)
        if c.jurisdiction != package.jurisdiction.id or diagram is None:
            continue
        element = diagram.elements.get(c.element)
        name = element.name if element and element.name else names.get(c, c.element)
        found.append(StepCount(c.process_id, diagram.name, c.element, name, c.tasks, c.messages, c.timers))
    return tuple(sorted(found, key=lambda s: (-s.tasks, s.process_name, s.name)))


def _incidents(
    desk: Desk, tx: Transaction, actor: Actor, known: Published, places: Sequence[str]
) -> tuple[IncidentView, ...]:
    mine = {*administered(actor, known.jurisdictions()), *(["*"] if actor.administers("*") else [])}
    rows = tx.incidents.list_open(places, SHOWN) if places else []
    alike = {(c.jurisdiction, c.cause): c.count for c in tx.incidents.causes(places)} if rows else {}
    return tuple(_incident(desk, tx, row, row.jurisdiction in mine, alike[row.jurisdiction, row.cause]) for row in rows)


def _incident(desk: Desk, tx: Transaction, row: IncidentRow, remediable: bool, alike: int) -> IncidentView:
    title, step, over = "", row.element or "", False
    if row.case_id is not None:
        case = tx.cases.get(row.case_id)
        title, over = case.title, case.status == "ended"
        package = desk.packages.get(case.definition, tx)
        named = (d.elements[step].name for d in package.processes.values() if step in d.elements)
        step = next(named, step)
    return IncidentView(
        row.id,
        row.case_id,
        title,
        step,
        row.what or {},
        row.consequence or {},
        row.remedy or {},
        row.since,
        row.count,
        row.detail,
        remediable,
        alike,
        row.queued_at,
        over,
    )
