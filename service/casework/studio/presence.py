"""Who else has a draft open, and which file."""

from __future__ import annotations

from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import visible_draft
from service.store.rows import DraftPresenceRow

_STILL_THERE = timedelta(minutes=2)
_LONGEST = 300


@guarded("draft.view")
def note_presence(desk: Desk, actor: Actor, draft: int, path: str) -> tuple[DraftPresenceRow, ...]:
    """Note that ``actor`` has file ``path`` of ``draft`` open ("": the draft itself); returns the others of the last two minutes."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        visible_draft(tx, actor, draft)
        assert actor.person_id is not None
        tx.package_drafts.meet(
            DraftPresenceRow(draft_id=draft, person_id=actor.person_id, name=actor.name, path=path[:_LONGEST], at=now)
        )
        seen = tx.package_drafts.present(draft, now - _STILL_THERE)
    return tuple(row for row in seen if row.person_id != actor.person_id)
