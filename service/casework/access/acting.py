"""Who acts where nobody is signed in: a person with what they hold now, as for work begun earlier or a command."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import Actor, Seat
from service.store import Acting, Transaction


def actor_of(found: Acting) -> Actor:
    """Return the actor that a row of a person, their seats and their recusals make; without seats once deactivated."""
    person, seats, recused = found
    return Actor(person.id, person.name, tuple(Seat(*seat) for seat in seats) if person.active else (), recused)


def acting(tx: Transaction, person_id: int, now: datetime) -> Actor:
    """Return a person with what they hold ``now``; raises NotFound."""
    return actor_of(tx.people.sessions.acting(person_id, now))
