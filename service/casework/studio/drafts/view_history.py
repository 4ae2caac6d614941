"""The history of a draft: who changed which file when, what each change was, and what became of the draft."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_at, tree_of
from service.catalog import Package
from service.catalog.differences.differences import FileDifference, file_difference
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.domain.errors import NotFound
from service.domain.text import Text
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
