"""The history of a draft: who changed which file when, and bringing an earlier revision back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_at, tree_of
from service.casework.studio.drafts.save_file import write_files
from service.catalog import Package
from service.catalog.differences.differences import FileDifference, file_difference
from service.catalog.patterns.patterns import uses_of
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.domain.values.bounds import Between, Path
from service.store import Transaction
from service.store.models import DraftRevisionRow, PackageEventRow

PAGE = 50


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A change of a draft, with what the file is."""

    row: DraftRevisionRow
    kind: PieceKind
    title: str


@dataclass(frozen=True, slots=True)
class DraftHistory:
    """A page of changes, newest first; ``after`` is where the next begins; ``events`` are acts on the draft itself."""

    lines: tuple[HistoryLine, ...]
    after: int | None
    events: tuple[PackageEventRow, ...]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One change in words, None where it left the file as it was; ``before`` and ``after`` say what its ids are called."""

    line: HistoryLine
    difference: FileDifference | None
    before: Package
    after: Package


@guarded("draft.view")
def view_history(desk: Desk, actor: Actor, draft: int, before: int | None = None) -> DraftHistory:
    """Return what was changed in ``draft``, newest first, below revision ``before``; raises NotFound."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        rows = tx.package_drafts.revisions(draft, before, PAGE)
        events = tuple(e for e in tx.package_events.of_package(row.package) if e.draft_id == draft)
    more = rows[-1].revision if rows and rows[-1].revision > 1 else None
    return DraftHistory(tuple(_line(tree, each) for each in rows), more, events)


@guarded("draft.view")
def view_revision(desk: Desk, actor: Actor, draft: int, revision: int) -> RevisionView:
    """Return what change number ``revision`` of ``draft`` did; raises NotFound."""
    with desk.store.read() as tx:
        known = 0 < revision <= visible_draft(tx, actor, draft).revision
        found = tx.package_drafts.revisions(draft, revision + 1, 1) if known else ()
        if not found or found[0].revision != revision:
            raise NotFound(Text(f"草稿没有第 {revision} 次修改。", f"The draft has no revision {revision}."))
        before, after = tree_at(desk, tx, draft, revision - 1), tree_at(desk, tx, draft, revision)
    path = found[0].path
    return RevisionView(
        _line(after if path in after.filled else before, found[0]),
        file_difference(path, before.opened(path), after.opened(path)),
        before.package,
        after.package,
    )


def _line(tree: DraftTree, row: DraftRevisionRow) -> HistoryLine:
    return HistoryLine(row, kind_of(row.path), title_of(tree.package, row.path, tree.filled))


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
