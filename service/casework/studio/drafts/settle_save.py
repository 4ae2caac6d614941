"""Choose, difference by difference, what is saved where two people changed the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of, unpack_content
from service.casework.studio.drafts.save_file import Saved, write_file
from service.catalog import Package
from service.catalog.layout.drawn import as_kept
from service.catalog.merge import MergeConflict, Side, merge_file
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import HeldSaveRow


@dataclass(frozen=True, slots=True)
class HeldSave:
    """What somebody wanted to save, with everything that is to be chosen first, and who saved the other side.

    ``package`` says what the ids in it are called.
    """

    row: HeldSaveRow
    kind: PieceKind
    title: str
    author: str
    conflicts: tuple[MergeConflict, ...]
    package: Package


@guarded("draft.view")
def list_held(desk: Desk, actor: Actor, draft: int) -> tuple[HeldSave, ...]:
    """Return what ``actor`` wanted to save in ``draft`` and is still to be chosen, oldest first."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        rows = tx.package_drafts.held(draft, actor.person_id or 0)
        return tuple(_described(tx, tree, row) for row in rows)


@guarded("draft.view")
def count_held(desk: Desk, actor: Actor, draft: int) -> int:
    """Return how much `list_held` lists."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        return len(tx.package_drafts.held(draft, actor.person_id or 0))


@guarded("draft.edit")
def settle_save(desk: Desk, actor: Actor, draft: int, held: int, chosen: Mapping[str, Side]) -> Saved:
    """Save what was held, each conflict as ``chosen``; the rest of both sides is kept.

    Raises:
        NotFound: nothing of that number is held for the person.
        Invalid: not every conflict is chosen; nothing was saved.
        Conflict: the draft cannot be changed any more.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        before, mine = tree_of(desk, tx, draft), _held(tx, actor, draft, held)
    now = before.opened(mine.path)
    merged = merge_file(mine.path, unpack_content(mine.base), unpack_content(mine.ours), now, chosen)
    if merged.conflicts:
        raise Invalid(
            Text(
                f"还有 {len(merged.conflicts)} 处没有选定，尚未保存。请逐处选择采用哪一份。",
                f"{len(merged.conflicts)} differences are not chosen yet; nothing was saved. Choose one side for each.",
            )
        )
    kept = None if merged.content is None else as_kept(mine.path, merged.content, now)
    saved = write_file(desk, actor, row, before, mine.path, kept, "合并两人的修改")
    with desk.store.write() as tx:
        tx.package_drafts.release(held)
    return replace(saved, merged=True)


@guarded("draft.edit")
def give_up_save(desk: Desk, actor: Actor, draft: int, held: int) -> None:
    """Let go of what was held: the draft stays as the other person saved it; raises NotFound."""
    with desk.store.write() as tx:
        visible_draft(tx, actor, draft, "draft.edit")
        tx.package_drafts.release(_held(tx, actor, draft, held).id)


def _held(tx: Transaction, actor: Actor, draft: int, held: int) -> HeldSaveRow:
    for row in tx.package_drafts.held(draft, actor.person_id or 0):
        if row.id == held:
            return row
    raise NotFound(
        Text(
            "没有待选择的修改，可能已经保存。请刷新页面。",
            "There is nothing to choose: it may be saved already. Reload.",
        )
    )


def _described(tx: Transaction, tree: DraftTree, row: HeldSaveRow) -> HeldSave:
    merged = merge_file(row.path, unpack_content(row.base), unpack_content(row.ours), tree.opened(row.path))
    last = tx.package_drafts.of_path(row.draft_id, row.path, tree.revision)
    return HeldSave(
        row,
        kind_of(row.path),
        title_of(tree.package, row.path, tree.filled),
        last.author if last else "",
        merged.conflicts,
        tree.package,
    )
