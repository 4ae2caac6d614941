"""Who leads a place: heads who see how its rounds stand, though they look at no case by it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.reading.published import Published
from service.catalog import Jurisdiction


def led(actor: Actor, known: Published) -> tuple[str, ...]:
    """Return the ids of the published places whose rounds ``actor`` may see: overseen or led, in order."""
    places = {package.jurisdiction.id: package.jurisdiction for package in known.packages}
    return tuple(sorted(ident for ident, place in places.items() if actor.oversees(ident) or _leads(actor, place)))


def _leads(actor: Actor, place: Jurisdiction) -> bool:
    return any(
        seat.serves(place.id) and seat.role in place.roles and place.roles[seat.role].leads for seat in actor.seats
    )
