"""Bring a file, or the whole draft, back to an earlier revision: as a new one."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import open_for_change
from service.casework.studio.draft_tree import tree_at, tree_of
from service.casework.studio.save_file import write_files
from service.catalog.pattern_uses import uses_of
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text


@guarded("draft.edit")
def restore_revision(desk: Desk, actor: Actor, draft: int, revision: int, path: str = "") -> int:
    """Make file ``path`` of ``draft`` (every file where it is empty) what it was at ``revision``; returns the new revision.

    Revision 0 is the draft as it was opened. Nothing is lost: what stood there stays in the history.

    Raises:
        Invalid: there is no such revision.
        Conflict: nothing would change, or the draft cannot be changed now.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        now = tree_of(desk, tx, draft)
        if not 0 <= revision <= now.revision:
            raise Invalid(Text(f"草稿没有第 {revision} 次修改。", f"The draft has no revision {revision}."))
        then = tree_at(desk, tx, draft, revision)
    wanted = {path, uses_of(path)} if path in then.filled and path not in then.files else {path}
    paths = sorted(wanted if path else {*now.files, *then.files})
    changes = {each: then.files.get(each) for each in paths if now.files.get(each) != then.files.get(each)}
    if not changes:
        raise Conflict(
            Text("内容与那一次修改之后相同，无需恢复。", "It is what it was then already: there is nothing to restore.")
        )
    note = f"恢复到第 {revision} 次修改之后" if revision else "恢复到草稿建立时"
    return write_files(desk, actor, row, now, changes, note).revision
