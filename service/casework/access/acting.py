"""Who acts where nobody is signed in: a person with what they hold now, as for work begun earlier or a command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import starmap
from operator import attrgetter

from service.casework.access.actor import Actor, Seat
from service.store import Acting, Transaction


def actor_of(found: Acting) -> Actor:
    """Return the actor that a row of a person, their seats and their recusals make; without seats once deactivated.

    Whom somebody else must keep away from, their deputy must too, unless they could do the same without them.
    """
    person, given, recused = found
    seats = tuple(starmap(Seat, given)) if person.active else ()
    lent = tuple(filter(attrgetter("lent"), seats))
    every = recused.union(*_kept_from(seats, lent)) if lent else recused
    return Actor(person.id, person.name, seats, every, every - recused)


def _kept_from(seats: Sequence[Seat], lent: Sequence[Seat]) -> Iterator[frozenset[int]]:
    own = {(s.jurisdiction, s.role, s.body_id) for s in seats if not s.lent}
    return (s.kept_from for s in lent if (s.jurisdiction, s.role, s.body_id) not in own)


def acting(tx: Transaction, person_id: int, now: datetime) -> Actor:
    """Return a person with what they hold ``now``; raises NotFound."""
    return actor_of(tx.people.sessions.acting(person_id, now))
