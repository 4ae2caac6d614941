"""The cases from which an administrator selects those to intervene in together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import label
from service.casework.reading.published import Published, administered, published
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.rows import CaseRow, InterventionBatchRow

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A step at which cases wait, as the address of the page names it, and how many tasks and limits wait there."""

    at: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Selectable:
    """Cases to select from, newest first, how many there are in all, and what the administrator has begun lately."""

    cases: tuple[CaseRow, ...]
    total: int
    places: tuple[tuple[str, Text], ...]
    batches: tuple[InterventionBatchRow, ...]
    steps: tuple[WaitingStep, ...]


@guarded("case.intervene")
def select_cases(
    desk: Desk, actor: Actor, text: str = "", at: tuple[str, str] | None = None, jurisdiction: str = ""
) -> Selectable:
    """Return the cases that have not ended in the places the actor administers; ``at`` keeps those that wait there."""
    with desk.store.read() as tx:
        known = published(desk, tx)
        mine: Sequence[str] = administered(actor, known.jurisdictions())
        places = [place for place in mine if jurisdiction in ("", place)]
        chosen = CaseFilter(places, live=True, text=text.strip(), recused=sorted(actor.recused), waits_at=at)
        named = {p.jurisdiction.id: p.jurisdiction.text for p in known.packages if p.jurisdiction.id in mine}
        return Selectable(
            tuple(tx.cases.search(chosen, limit=MOST_SHOWN)),
            tx.cases.count(chosen),
            tuple(named.items()),
            tuple(tx.interventions.of_person(actor.person_id or 0)),
            _steps(tx, known, places),
        )


def _steps(tx: Transaction, known: Published, places: Sequence[str]) -> tuple[WaitingStep, ...]:
    found: dict[str, WaitingStep] = {}
    for count in tx.tallies.by_element(places) if places else ():
        package, waiting = known.holding(count.jurisdiction, count.process_id), count.tasks + count.timers
        at = f"{count.process_id}/{count.element}"
        if package is not None and waiting:
            before = found[at].count if at in found else 0
            name = label(package, count.process_id, count.element)
            found[at] = WaitingStep(at, name, before + waiting)
    return tuple(sorted(found.values(), key=lambda step: (-step.count, step.at)))
