"""Notify a case that its ballot is complete, unless it was counted meanwhile; destroy keys after the count."""

from __future__ import annotations

from datetime import timedelta

from service.casework.ballots.box import COUNTED, VOID
from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.casework.step.messages import receive
from service.casework.step.step import Step
from service.keys.errors import KeyServiceAway
from service.store import KeyFolderGone
from service.store.rows import WorkItemRow

FOLDER_AWAY = timedelta(minutes=10)
"""So long the destruction of keys waits where their folder was moved away, of which the checks tell meanwhile."""


def notify_ballot_complete(step: Step, item: WorkItemRow) -> None:
    """Deliver the message; after the count it is dropped, since it would end the next ballot of the series."""
    row = step.tx.ballots.get(int(item.payload["ballot"]))
    if row.state not in (COUNTED, VOID):
        receive(step, item.effect_key, str(item.payload["message"]), {"ballot": row.id})


def destroy_keys(desk: Desk, item: WorkItemRow) -> None:
    """Destroy what is left of a counted ballot's keys; done again until it is done, however long their folder is away."""
    try:
        urns_of(desk).destroy(str(item.payload["box"]))
    except (KeyFolderGone, KeyServiceAway) as gone:
        with desk.store.write() as tx:
            tx.work.wait_on(item, gone.message.zh, desk.clock.now() + FOLDER_AWAY)
        return
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())
