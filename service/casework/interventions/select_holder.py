"""Whose tasks are reassigned or taken away over a selection of cases: who has any, and to whom those of each body may go."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import administered, published
from service.store import Transaction
from service.store.models import PersonRow

MOST_LISTED = 500


@dataclass(frozen=True, slots=True)
class TaskHolder:
    """Somebody who has claimed ``count`` open tasks, votes and personal ones aside."""

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class HeldAtBody:
    """What a holder has claimed for one body (0: for none), and who holds a role of it: (id, name)."""

    body: int
    name: str
    roles: tuple[str, ...]
    count: int
    receivers: tuple[tuple[int, str], ...]


@guarded("case.intervene")
def list_holders(desk: Desk, actor: Actor) -> tuple[TaskHolder, ...]:
    """Return who has claimed tasks in the places the actor administers, those with most first."""
    with desk.store.read() as tx:
        mine = administered(actor, published(desk, tx).jurisdictions())
        found = tx.tasks.holders(mine) if mine else {}
        first = sorted(found, key=lambda who: (-found[who], who))[:MOST_LISTED]
        names = tx.people.named(first)
    return tuple(TaskHolder(who, names.get(who, ""), found[who]) for who in first)


@guarded("case.intervene")
def held_by_body(desk: Desk, actor: Actor, holder: int) -> tuple[HeldAtBody, ...]:
    """Return what ``holder`` has claimed in the actor's places, body by body; () where it is nothing."""
    with desk.store.read() as tx:
        known = published(desk, tx)
        mine = administered(actor, known.jurisdictions())
        rows = tx.tasks.held(mine, holder) if mine else ()
        bodies = tx.people.bodies_by_id([row.body_id for row in rows if row.body_id is not None])
        titles = {
            (p.jurisdiction.id, key): role.name for p in known.packages for key, role in p.jurisdiction.roles.items()
        }
        found = []
        for ident in dict.fromkeys(row.body_id for row in rows):
            here = [row for row in rows if row.body_id == ident]
            people = {p.id: p.name for row in here for p in _colleagues(tx, desk, row.jurisdiction, row.role, ident)}
            receivers = tuple((p, name) for p, name in people.items() if p not in (holder, actor.person_id))
            roles = tuple(dict.fromkeys(titles.get((row.jurisdiction, row.role), row.role) for row in here))
            name = bodies[ident].name if ident is not None else ""
            found.append(HeldAtBody(ident or 0, name, roles, sum(row.tasks for row in here), receivers))
    return tuple(found)


def _colleagues(tx: Transaction, desk: Desk, place: str, role: str, body: int | None) -> list[PersonRow]:
    return tx.people.people_with(place, role, body, desk.clock.now())
