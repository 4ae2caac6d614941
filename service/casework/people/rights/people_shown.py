"""To which place and body a list of people is narrowed, among those that its reader administers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.people.rights.seats import places_of
from service.casework.reading.published import Published, ruled
from service.domain.text import Text
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class PeopleShown:
    """To what a list of people is narrowed, and to what it can be: ``places`` where there are several, the bodies of one place.

    ``place`` and ``body`` are None where the list is not narrowed to one.
    """

    place: str | None = None
    body: int | None = None
    places: tuple[tuple[str, Text], ...] = ()
    bodies: tuple[tuple[int, str], ...] = ()


def narrowed(tx: Transaction, actor: Actor, known: Published, place: str | None, body: int | None) -> PeopleShown:
    """Return what is shown when ``place`` and ``body`` are asked for; one that is not the actor's to choose is left out."""
    own = [one for one in ruled(actor, known.jurisdictions()) if known.of(one)]
    chosen = place if place in own else None
    near = chosen or (own[0] if len(own) == 1 else None)
    bodies = sorted(tx.people.bodies_of([near]), key=lambda row: row.id) if near else []
    offered = tuple((row.id, row.name) for row in bodies if row.jurisdiction == near)
    names = tuple((one, known.of(one)[0].jurisdiction.text) for one in own) if len(own) > 1 else ()
    return PeopleShown(chosen, body if body in dict(offered) else None, names, offered)


def within(actor: Actor, shown: PeopleShown) -> Collection[str] | None:
    """Return the places whose people are listed, None for all."""
    return places_of(actor) if shown.place is None else (shown.place,)
