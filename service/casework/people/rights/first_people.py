"""The first people of a place that was begun in the studio: without them nobody could draw on, or give roles there."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.actor import DESIGNER, RULING, Actor
from service.casework.people.rights.seats import NewSeat, grant_seat
from service.catalog import Package
from service.store import Transaction
from service.store.models import PackageDraftRow

HOME = "home"
"""The detail of a draft of a place that begins: the jurisdiction of its author."""
PUBLISHER = "administrator"
"""The detail of such a draft that waits for its day: who publishes it as an administrator at home."""


def jurisdiction_of(row: PackageDraftRow) -> str:
    """Return the jurisdiction whose roles count for a draft: the one it is for.

    Nobody has a role yet in a place that begins: until it is published, those of its author's jurisdiction count.
    """
    return str((row.details or {}).get(HOME) or row.package.partition("/")[0])


def publishing_administrator(actor: Actor, row: PackageDraftRow) -> int | None:
    """Return the person who will administer the place that ``row`` begins: the publisher, who does so at home."""
    home = (row.details or {}).get(HOME)
    return actor.person_id if home and actor.rules(str(home)) else None


def leave_home(tx: Transaction, place: str) -> None:
    """Let the roles of ``place``, which is published now, count for every draft of it that was begun elsewhere."""
    for row in (*tx.package_drafts.alive(), *tx.package_drafts.select(state="discarded")):
        if row.package.partition("/")[0] == place and HOME in (row.details or {}):
            other_details = {key: detail for key, detail in (row.details or {}).items() if key != HOME}
            tx.package_drafts.change(row.id, details=other_details or None)


def seat_first_people(
    tx: Transaction, row: PackageDraftRow, package: Package, administrator: int | None, at: datetime
) -> None:
    """Let the author of the first version draw in the new place, and ``administrator`` administer it.

    Nobody gets more than they have in the jurisdiction from which the place was begun.
    """
    if not (row.details or {}).get(HOME):
        return
    place = package.jurisdiction.id
    office = next((body for body in tx.bodies.list_active(place) if body.kind == "office"), None)
    if office is None:
        return
    grant_seat(tx, row.person_id, NewSeat(place, DESIGNER, office.id), at)
    home = str((row.details or {})[HOME])
    memberships = tx.memberships.list_valid(administrator, at) if administrator is not None else []
    for role in {m.role for m in memberships if m.role in RULING and m.jurisdiction in (home, "*")}:
        grant_seat(tx, memberships[0].person_id, NewSeat(place, role, office.id), at)
