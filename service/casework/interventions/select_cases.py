"""The cases from which an administrator selects those to intervene in together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import administered, published
from service.domain.text import Text
from service.store import CaseFilter
from service.store.rows import CaseRow, InterventionBatchRow

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Selectable:
    """Cases to select from, newest first, how many there are in all, and what the administrator has begun lately."""

    cases: tuple[CaseRow, ...]
    total: int
    places: tuple[tuple[str, Text], ...]
    batches: tuple[InterventionBatchRow, ...]


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
        )
