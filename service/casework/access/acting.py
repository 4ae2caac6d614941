"""Who acts where nobody is signed in: a person with what they hold now, as for work begun earlier or a command."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import Actor, Seat
from service.store import Acting, Transaction


def actor_of(found: Acting) -> Actor:
    """Return the actor that a row of a person, their seats and their recusals make; without seats once deactivated.

    Whom somebody else must keep away from, their deputy must too, unless they could do the same without them.
    """
    person, given, recused = found
    seats = tuple(Seat(*seat) for seat in given) if person.active else ()
    own = {(s.jurisdiction, s.role, s.body_id) for s in seats if not s.lent}
    added = [s.kept_from for s in seats if s.lent and (s.jurisdiction, s.role, s.body_id) not in own]
    every = recused.union(*added)
    return Actor(person.id, person.name, seats, every, every - recused)


def acting(tx: Transaction, person_id: int, now: datetime) -> Actor:
    """Return a person with what they hold ``now``; raises NotFound."""
    return actor_of(tx.people.sessions.acting(person_id, now))
