"""In which place a change of a person's rights is asked for and decided."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.people.rights.seats import EVERYWHERE, NewSeat, places_of
from service.store import Transaction


def place_of_change(tx: Transaction, actor: Actor, person_id: int, seat: NewSeat | None) -> str:
    """Return the place of the role, else one that ``actor`` rules over and where the person holds or held something.

    An organisation's people belong where it is looked after, an account without any role where its first was asked
    for. Of a person of several places a global administrator's change is decided everywhere (``*``).
    """
    if seat is not None and seat.jurisdiction != EVERYWHERE:
        return seat.jurisdiction
    ruled = places_of(actor)
    held = [] if seat is not None else tx.people.ever_held(person_id)
    local = list(dict.fromkeys(row.jurisdiction for row in held if row.jurisdiction != EVERYWHERE))
    if ruled is None:
        return local[0] if len(local) == 1 and all(row.jurisdiction != EVERYWHERE for row in held) else EVERYWHERE
    bodies = [seat.body_id] if seat is not None else [row.body_id for row in held if row.jurisdiction == EVERYWHERE]
    asked = [] if held or seat is not None else tx.rights.asked_in(person_id)
    looked_after = (place for place in ruled if any(tx.people.is_within(body, [place]) for body in bodies))
    found = next((place for place in (*local, *asked) if place in ruled), None)
    return found or next(looked_after, None) or next(iter(ruled), EVERYWHERE)
