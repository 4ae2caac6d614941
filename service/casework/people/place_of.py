"""Where a person belongs, as entries of the book are filed."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.book.enter import EVERYWHERE
from service.store import Transaction


def place_of(tx: Transaction, person_id: int, now: datetime) -> str:
    """Return the one jurisdiction in which a person holds something, ``*`` for several or none."""
    places = {membership.jurisdiction for membership in tx.memberships.list_valid(person_id, now)}
    return places.pop() if len(places) == 1 else EVERYWHERE
