"""The sittings that are to come for somebody: those they are called to, and all of the places whose office they belong to."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.own_place.next_up import sittings_ahead
from service.store.models import SittingRow

MOST_COMING = 20
"""So many are listed; the rest stand at their cases."""


@guarded("sitting.view")
def coming_sittings(desk: Desk, actor: Actor) -> Sequence[SittingRow]:
    """Return the sittings that go on or are to come, the first first: own ones, and those that one's office called."""
    with desk.store.read() as tx:
        return sittings_ahead(tx, actor, desk.clock.now(), MOST_COMING)
