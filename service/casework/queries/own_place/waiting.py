"""How much waits for a person besides tasks: signatures asked of them, and what they are to read."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.store import WaitingFor


@guarded("task.list")
def waiting_for(desk: Desk, actor: Actor) -> WaitingFor:
    """Return it in one statement, cases of organisations apart from which the actor is recused."""
    if actor.person_id is None:
        return WaitingFor(0, 0)
    with desk.store.read() as tx:
        return tx.signs.waiting(actor.person_id, actor.recused)
