"""Undo the last save of a file, also when the editor that made it was closed long ago."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import visible_draft
from service.casework.studio.draft_tree import tree_at
from service.casework.studio.restore_revision import restore_revision
from service.casework.studio.view_history import RevisionView, view_revision
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction


@guarded("draft.view")
def view_last_save(desk: Desk, actor: Actor, draft: int, path: str) -> RevisionView | None:
    """Return what the last save of file ``path`` changed; None where there is none, or the file came with it; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        revision = _last(tx, draft, path)
        there_before = bool(revision) and tree_at(desk, tx, draft, revision - 1).opened(path) is not None
    return view_revision(desk, actor, draft, revision) if there_before else None


@guarded("draft.edit")
def undo_last_save(desk: Desk, actor: Actor, draft: int, path: str, revision: int) -> int:
    """Make file ``path`` what it was before its last save, number ``revision``; returns the new revision, undone alike.

    Raises:
        Conflict: the file was saved again since, so that more would be undone than was told; or the draft is closed.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft, "draft.edit")
        last = _last(tx, draft, path)
    if not last or last != revision:
        raise Conflict(
            Text(
                "这个文件刚刚又保存过，没有恢复。请重新打开本页，看清最后一次改了什么再恢复。",
                "The file was saved again just now; nothing was restored. Reopen the page and see what the last save changed.",
            )
        )
    return restore_revision(desk, actor, draft, revision - 1, path)


def _last(tx: Transaction, draft: int, path: str) -> int:
    row = tx.package_drafts.of_path(draft, path, tx.package_drafts.brief(draft).revision)
    return row.revision if row else 0
