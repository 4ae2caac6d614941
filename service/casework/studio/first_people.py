"""The first people of a place that was begun in the studio: without them nobody could draw on, or give roles there."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import ADMINISTRATOR, DESIGNER, Actor
from service.casework.people.seats import NewSeat, give
from service.casework.studio.draft_access import HOME, jurisdiction_of
from service.catalog import Package
from service.store import Transaction
from service.store.rows import PackageDraftRow


def seat_first_people(tx: Transaction, actor: Actor, row: PackageDraftRow, package: Package, at: datetime) -> None:
    """Let the author of the first version draw in the new place; who publishes it administers it who does so at home.

    Nobody gets more than they have in the jurisdiction from which the place was begun.
    """
    if not (row.details or {}).get(HOME):
        return
    place = package.jurisdiction.id
    office = next((body for body in tx.people.bodies(place) if body.kind == "office"), None)
    if office is None:
        return
    give(tx, row.person_id, NewSeat(place, DESIGNER, office.id), at)
    if actor.person_id is not None and actor.administers(jurisdiction_of(row)):
        give(tx, actor.person_id, NewSeat(place, ADMINISTRATOR, office.id), at)
