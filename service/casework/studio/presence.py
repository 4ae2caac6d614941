"""Who else has a draft open, and which file; and what was published since the draft was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publications import APPROVED
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import OPEN, REVIEW, visible_draft
from service.store.rows import DefinitionRow, DraftPresenceRow

_STILL_THERE = timedelta(minutes=2)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Meeting:
    """What somebody at a draft should know: the ``others`` there, and the version ``newer`` than the one it began with."""

    others: tuple[DraftPresenceRow, ...]
    newer: DefinitionRow | None


@guarded("draft.view")
def note_presence(desk: Desk, actor: Actor, draft: int, path: str) -> Meeting:
    """Note that ``actor`` has file ``path`` of ``draft`` open ("": the draft itself); returns the others of the last two minutes."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft)
        assert actor.person_id is not None
        tx.package_drafts.meet(
            DraftPresenceRow(draft_id=draft, person_id=actor.person_id, name=actor.name, path=path[:_LONGEST], at=now)
        )
        seen = tx.package_drafts.present(draft, now - _STILL_THERE)
        current = tx.definitions.current(row.package) if row.state in (OPEN, REVIEW, APPROVED) else None
    newer = current if current is not None and current.version != row.base else None
    return Meeting(tuple(one for one in seen if one.person_id != actor.person_id), newer)
