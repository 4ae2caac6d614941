"""The sittings that are to come for somebody: those they are called to, and all of the places whose office they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.next_up import UNDER_WAY
from service.casework.review.sittings import is_member, not_recused
from service.store.rows import SittingRow

MOST_COMING = 20
"""So many are listed; the rest stand at their cases."""


@guarded("sitting.view")
def coming_sittings(desk: Desk, actor: Actor) -> Sequence[SittingRow]:
    """Return the sittings that go on or are to come, the first first: own ones, and those that one's office called."""
    if actor.person_id is None:
        return ()
    places = sorted({seat.jurisdiction for seat in actor.seats if seat.in_office and seat.jurisdiction != "*"})
    with desk.store.read() as tx:
        found = tx.sittings.coming(actor.person_id, places, desk.clock.now() - UNDER_WAY, MOST_COMING)
        found = not_recused(tx, actor, found)
    return [row for row in found if row.jurisdiction in places or is_member(actor, row)]
