"""Which diagram of which version the pages of the monitor look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.queries.cases.case_diagram import processes_of
from service.casework.queries.monitoring.monitor import demand_overseer
from service.casework.reading.published import published
from service.catalog import Package
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction


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


def chosen_diagram(desk: Desk, tx: Transaction, actor: Actor, asked: ChosenDiagram) -> Monitored:
    """Return the diagram asked for; raises NotFound where there is none, or its place is not the actor's to oversee."""
    mine = [p for p in published(desk, tx).packages if actor.oversees(p.jurisdiction.id)]
    package = next((p for p in mine if p.key == asked.package or not asked.package), None)
    if package is None:
        raise NotFound(Text("没有这个流程，或者您不负责它。", "There is no such procedure, or it is not yours."))
    place = package.jurisdiction.id
    shown = desk.packages.get(asked.version, tx) if asked.version else package
    demand_overseer(actor, shown.jurisdiction.id)
    version = asked.version if shown.key == package.key else ""  # who chooses another award means all its versions
    shown = shown if version else package
    if asked.exact and version != asked.version:
        raise NotFound(
            Text(
                f"版本“{asked.version}”不是“{package.key}”的版本。",
                f"Version “{asked.version}” is none of “{package.key}”.",
            )
        )
    chain = dict(pair for kind in shown.award.processes for pair in processes_of(shown, kind))
    if asked.exact and asked.process and asked.process not in chain:
        raise NotFound(
            Text(
                f"“{shown.key}”中没有流程图“{asked.process}”，有：{'、'.join(chain)}。",
                f"“{shown.key}” has no diagram “{asked.process}”; there are: {', '.join(chain)}.",
            )
        )
    return Monitored(
        shown,
        asked.process if asked.process in chain else _busiest(tx, place, list(chain)),
        version,
        tuple((p.key, _title(p)) for p in mine),
        tuple(chain.items()),
        tuple((row.version, row.published_at) for row in tx.definitions.versions(package.key)),
    )


def _title(package: Package) -> Text:
    place, award = package.jurisdiction, package.award
    return Text(f"{place.name} · {award.name}", f"{place.name_en} · {award.name_en}")


def _busiest(tx: Transaction, place: str, chain: list[str]) -> str:
    """Return the diagram with most open tasks: the first to show."""
    waiting = dict.fromkeys(chain, 0)
    for count in tx.tallies.by_element([place]):
        if count.process_id in waiting:
            waiting[count.process_id] += count.tasks
    return max(waiting, key=lambda ident: waiting[ident], default="")
