"""Where an organisation is at home: the place at which it registered, which its own people are shown first."""

from __future__ import annotations

from service.casework.access.actor import APPLICANT_KINDS, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import Published, published
from service.store import Transaction


@guarded("portal.view")
def home_city(desk: Desk, actor: Actor) -> str:
    """Return the place at which the reader's organisation registered; "" for who does more than apply, or nobody knows."""
    if not only_applies(actor):
        return ""
    with desk.store.read() as tx:
        return home_place(tx, actor, published(desk, tx))


def home_place(tx: Transaction, actor: Actor, publications: Published) -> str:
    """Return the same within a unit of work."""
    if not only_applies(actor):
        return ""
    bodies = tx.bodies.by_id({seat.body_id for seat in actor.seats})
    places = {body.registered_in for body in bodies.values() if body.registered_in in publications.jurisdictions()}
    return next(iter(places)) or "" if len(places) == 1 else ""


def only_applies(actor: Actor) -> bool:
    """Return whether somebody does nothing but apply, for their organisation or themselves."""
    return bool(actor.seats) and all(seat.body_kind in APPLICANT_KINDS for seat in actor.seats)
