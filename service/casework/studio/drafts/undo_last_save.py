"""Undo the last save of a file, also when the editor that made it was closed long ago."""

from __future__ import annotations

from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_at, tree_of
from service.casework.studio.drafts.restore_revision import restore_revision
from service.domain.values.bounds import Between, Path
from service.store import Transaction
from service.store.models import DraftRevisionRow


@guarded("draft.view")
def view_last_save(desk: Desk, actor: Actor, draft: int, path: str) -> DraftRevisionRow | None:
    """Return the last save of file ``path``; None where there is none, or the file came with it; raises NotFound.

    What it changed is told by `view_revision`, which reads the whole draft twice: every opening of an editor asks this.
    """
    with desk.store.read() as tx:
        until = visible_draft(tx, actor, draft).revision
        row = tx.package_drafts.of_path(draft, path, until)
        return row if row and _was_there(desk, tx, draft, path, row.revision - 1) else None


@guarded("draft.edit")
def undo_last_save(
    desk: Desk, actor: Actor, draft: int, path: Path, revision: Annotated[int, Between(1, 10_000_000)]
) -> int:
    """Make file ``path`` what it was before its last save, number ``revision``; returns the new revision, undone alike.

    Raises:
        Conflict: the file was saved again since, so that more would be undone than was told; or the draft is closed.
    """
    return restore_revision(desk, actor, draft, revision - 1, path, last=revision)


def _was_there(desk: Desk, tx: Transaction, draft: int, path: str, revision: int) -> bool:
    """Tell whether ``draft`` had file ``path`` at ``revision``: saved, in what it was opened from, or made by a pattern."""
    if row := tx.package_drafts.of_path(draft, path, revision):
        return row.content is not None or tree_at(desk, tx, draft, revision).opened(path) is not None
    return path in tree_of(desk, tx, draft).base or tree_at(desk, tx, draft, revision).opened(path) is not None
