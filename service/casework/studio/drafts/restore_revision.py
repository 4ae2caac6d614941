"""Bring a file, or the whole draft, back to an earlier revision: as a new one."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_at, tree_of
from service.casework.studio.drafts.save_file import write_files
from service.catalog.patterns.pattern_uses import uses_of
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import Transaction


@guarded("draft.edit")
def restore_revision(
    desk: Desk, actor: Actor, draft: int, revision: int, path: str = "", *, last: int | None = None
) -> int:
    """Make file ``path`` of ``draft`` (every file where it is empty) what it was at ``revision``; returns the new revision.

    Revision 0 is the draft as it was opened. Nothing is lost: what stood there stays in the history. ``last`` is the
    last revision that the person saw.

    Raises:
        Invalid: there is no such revision.
        Conflict: nothing would change, the draft cannot be changed now, or the file was saved after ``last``.
        Stale: the draft was changed while this was written.
    """
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        now = tree_of(desk, tx, draft)
        if not 0 <= revision <= now.revision:
            raise Invalid(Text(f"草稿没有第 {revision} 次修改。", f"The draft has no revision {revision}."))
        saved = last_save_of(tx, draft, path, now.revision) if path else now.revision
        if last is not None and saved > last:
            raise Conflict(
                Text(
                    f"{'这个文件' if path else '草稿'}刚刚又保存过，没有恢复。请重新打开本页，看清最后一次改了什么再恢复。",
                    f"The {'file' if path else 'draft'} was saved again just now; nothing was restored. Reopen the page and see what the last save "
                    "changed.",
                )
            )
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


def last_save_of(tx: Transaction, draft: int, path: str, until: int) -> int:
    """Return the revision of ``draft`` that changed file ``path`` last, up to ``until``; 0 where none did."""
    row = tx.package_drafts.of_path(draft, path, until)
    return row.revision if row else 0
