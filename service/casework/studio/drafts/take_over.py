"""Go on with a draft that another person edits."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import is_edited_by_another, make_editor, open_to_edit


@guarded("draft.edit")
def take_over_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Let ``actor`` edit ``draft`` in place of whoever does; nothing happens where nobody else does.

    The former editor learns it from the next save, which is refused. Raises NotFound, Conflict.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = open_to_edit(tx, actor, draft)
        if is_edited_by_another(actor, row, now):
            make_editor(tx, actor, row, now)
            text = f"接手编辑草稿“{row.title}”，此前由{row.editor}编辑。"
            record_event(tx, actor, now, row.package, "taken_over", text, draft, {"from": row.editor_id})
