"""Share a draft with the other designers of the city, or keep it to oneself again."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import demand_owner, open_to_edit


@guarded("draft.edit")
def share_draft(desk: Desk, actor: Actor, draft: int, shared: bool) -> None:
    """Let others see and edit ``draft``, or nobody but its author; raises NotFound, NotAllowed, Conflict."""
    with desk.store.write() as tx:
        row = open_to_edit(tx, actor, draft)
        demand_owner(actor, row)
        if row.shared == shared:
            return
        tx.package_drafts.change(draft, {"shared": shared})
        text = f"共享草稿“{row.title}”。" if shared else f"不再共享草稿“{row.title}”。"
        record_event(tx, actor, desk.clock.now(), row.package, "shared" if shared else "unshared", text, draft)
