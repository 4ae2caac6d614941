"""What a list that has nothing to show says instead: what comes next for the reader, and when."""

from __future__ import annotations

from service.casework.access.guards import GUARDS
from service.casework.queries.own_place.next_up import NextUp, view_next
from service.web.frame.requests.current import the_actor, the_desk


def next_up_unless(shows: object) -> NextUp | None:
    """Return what comes next for the reader where a list shows nothing, for who has tasks at all."""
    if shows or not GUARDS["task.list"].admits(the_actor()):
        return None
    return view_next(the_desk(), the_actor())
