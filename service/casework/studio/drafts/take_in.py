"""Take into a draft what was published elsewhere since it was opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.package_events import record_event
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files, unpack_files
from service.casework.reading.version_names import version_name
from service.casework.studio.drafts.draft_access import base_withdrawn, open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.open_draft import files_published
from service.casework.studio.drafts.save_file import append_changes
from service.catalog import Package
from service.catalog.merge import MergeConflict, Side, merge_file
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.catalog.tree import Files
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import Stale, Transaction
from service.store.rows import DefinitionRow, PackageDraftRow


@dataclass(frozen=True, slots=True)
class FileConflicts:
    """A file in which the draft and the published version changed the same things; ``package`` is the draft's."""

    path: str
    kind: PieceKind
    title: str
    conflicts: tuple[MergeConflict, ...]
    package: Package


@dataclass(frozen=True, slots=True)
class PublishedMeanwhile:
    """A version that was published since the draft was opened: which ``files`` it changed, and what meets the draft's changes.

    ``withdrawn``: the version that the draft rests on was withdrawn, and this is the one before.
    """

    version: DefinitionRow
    files: tuple[str, ...]
    conflicts: tuple[FileConflicts, ...]
    withdrawn: bool


@guarded("draft.view")
def published_meanwhile(desk: Desk, actor: Actor, draft: int) -> PublishedMeanwhile | None:
    """Return what was published since ``draft`` was opened, None where it stands on the current version."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        current = tx.definitions.current(row.package)
        if current is None or current.version == row.base:
            return None
        tree, theirs = tree_of(desk, tx, draft), _sources(desk, tx, current.version)
        withdrawn = base_withdrawn(tx, row, current)
    conflicts = tuple(
        FileConflicts(path, kind_of(path), title_of(tree.package, path, tree.filled), merged, tree.package)
        for path, merged in _conflicts(tree, theirs)
    )
    return PublishedMeanwhile(current, tuple(_changed(tree.base, theirs)), conflicts, withdrawn)


@guarded("draft.edit")
def take_in(desk: Desk, actor: Actor, draft: int, version: str, chosen: Mapping[tuple[str, str], Side]) -> int:
    """Merge ``version``, the current one, into ``draft`` and return the draft's revision.

    ``chosen`` says which side a conflict takes, by (path, conflict): ours is the draft.

    Raises:
        Invalid: not every conflict is chosen; nothing was changed.
        Conflict: ``version`` is not the current one any more, or the draft cannot be changed.
    """
    with desk.store.write() as tx:
        row = open_for_change(tx, actor, draft)
        current = tx.definitions.current(row.package)
        if current is None or current.version != version or version == row.base:
            raise Conflict(
                Text("现行版本又有变化，请刷新页面。", "The current version has changed again: reload the page.")
            )
        tree, theirs = tree_of(desk, tx, draft), _sources(desk, tx, version)
        wanted = _merged(tree, theirs, chosen)
        revision = _rebase(desk, tx, actor, row, tree, theirs, wanted, version)
        text = f"草稿“{row.title}”并入{version_name(tx, row.package, version).zh}。"
        record_event(tx, actor, desk.clock.now(), row.package, "taken_in", text, draft, {"version": version})
    return revision


def _sources(desk: Desk, tx: Transaction, version: str) -> Files:
    row = tx.definitions.get(version)
    return unpack_files(row.sources) if row.sources else files_published(desk, row)


def _changed(one: Files, other: Files) -> Iterator[str]:
    return (path for path in sorted({*one, *other}) if one.get(path) != other.get(path))


def _conflicts(tree: DraftTree, theirs: Files) -> Iterator[tuple[str, tuple[MergeConflict, ...]]]:
    for path in _changed(tree.base, theirs):
        merged = merge_file(path, tree.base.get(path), tree.files.get(path), theirs.get(path))
        if merged.conflicts:
            yield path, merged.conflicts


def _merged(tree: DraftTree, theirs: Files, chosen: Mapping[tuple[str, str], Side]) -> dict[str, bytes]:
    """Return the files that the draft is to hold; raises Invalid."""
    files, left = dict(tree.files), 0
    for path in _changed(tree.base, theirs):
        picked = {ident: side for (place, ident), side in chosen.items() if place == path}
        merged = merge_file(path, tree.base.get(path), tree.files.get(path), theirs.get(path), picked)
        left += len(merged.conflicts)
        files.pop(path, None)
        if merged.content is not None:
            files[path] = merged.content
    if left:
        raise Invalid(
            Text(
                f"还有 {left} 处没有选定，尚未并入。请逐处选择采用哪一份。",
                f"{left} differences are not chosen yet; nothing was taken in. Choose one side for each.",
            )
        )
    return files


def _rebase(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    row: PackageDraftRow,
    tree: DraftTree,
    theirs: Files,
    wanted: Mapping[str, bytes],
    version: str,
) -> int:
    """Let the draft stand on ``theirs`` and hold what is ``wanted``."""
    touched = {change.path for change in tx.package_drafts.newest(row.id)}
    over = {**theirs, **{path: tree.files[path] for path in touched if path in tree.files}}
    for path in touched - tree.files.keys():
        over.pop(path, None)
    changes = {path: wanted.get(path) for path in _changed(over, wanted)}
    if tx.package_drafts.brief(row.id).revision != tree.revision:
        raise Stale
    tx.package_drafts.change(row.id, {"base": version, "sources": pack_files(theirs)})
    append_changes(desk, tx, actor, row, tree.revision, changes, f"并入{version_name(tx, row.package, version).zh}")
    return tree.revision + len(changes)
