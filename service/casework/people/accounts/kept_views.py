"""What a person chooses for themselves (ways of messages, a city underway): theirs alone, kept over sign-out.

A key names the page and what is chosen there, as ``messages.channels``; the value is JSON. Nothing of a procedure reads it.
"""

from __future__ import annotations

from collections.abc import Callable

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.store.models import Json, PersonSettingRow


@guarded("preference.keep")
def setting_of(desk: Desk, actor: Actor, key: str) -> Json:
    """Return what the actor chose under ``key``; None when they never did."""
    assert actor.person_id is not None
    with desk.store.read(once=True) as tx:
        return tx.preferences.chosen(actor.person_id, key)


@guarded("preference.keep")
def keep_setting(desk: Desk, actor: Actor, key: str, change: Callable[[Json], Json]) -> Json:
    """Keep what ``change`` makes of what the actor chose under ``key`` before (None: nothing); returns what is kept."""
    assert actor.person_id is not None
    with desk.store.write() as tx:
        value = change(tx.preferences.chosen(actor.person_id, key))
        tx.preferences.keep(PersonSettingRow(person_id=actor.person_id, key=key, value=value, at=desk.clock.now()))
    return value
