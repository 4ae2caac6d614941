"""Take into a draft what was published elsewhere since it was opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files, unpack_files
from service.casework.reading.published import version_name
from service.casework.studio.drafts.draft_access import (
    CHECKED,
    base_withdrawn,
    newer_version,
    open_for_change,
    visible_draft,
)
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.open_draft import files_published
from service.casework.studio.drafts.save_file import append_changes
from service.catalog.law_text.register import AMENDMENT, set_amendment
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, title_of
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.catalog.tree import Files
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import Stale, Transaction
from service.store.models import DefinitionRow, PackageDraftRow

_PARAMETERS = tuple(re.compile(rb"^(?=%s\w+:)" % indent, re.MULTILINE) for indent in (b"  ", b"    "))
"""Where a parameter begins in a file of parameters, and where a setting of it begins in its lines."""


class Side(Enum):
    """Whose file stands where both changed it: ours is the draft's, theirs that of the version."""

    OURS = "ours"
    THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class FileConflict:
    """A file that the draft and the published version both changed."""

    path: str
    kind: PieceKind
    title: str


@dataclass(frozen=True, slots=True)
class PublishedMeanwhile:
    """A version that was published since the draft was opened: which ``files`` it changed, and which of them the draft did too.

    ``withdrawn``: the version that the draft rests on was withdrawn, and this is the one before.
    """

    version: DefinitionRow
    files: tuple[str, ...]
    conflicts: tuple[FileConflict, ...]
    withdrawn: bool


@guarded("draft.view")
def published_meanwhile(desk: Desk, actor: Actor, draft: int) -> PublishedMeanwhile | None:
    """Return what was published since ``draft`` was opened, None where it stands on the current version."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        current = newer_version(tx, row)
        if current is None:
            return None
        tree, theirs = tree_of(desk, tx, draft), _load_sources(desk, tx, current.version)
        withdrawn = base_withdrawn(tx, row, current)
    conflicts = tuple(
        FileConflict(path, kind_of(path), title_of(tree.package, path, tree.filled))
        for path in _iterate_changed_paths(tree.base, theirs)
        if _is_changed_by_both(tree, theirs, path)
    )
    return PublishedMeanwhile(current, tuple(_iterate_changed_paths(tree.base, theirs)), conflicts, withdrawn)


@guarded("draft.edit")
def take_in(desk: Desk, actor: Actor, draft: int, version: str, chosen: Mapping[str, Side]) -> int:
    """Let ``draft`` rest on ``version``, the current one, and return the draft's revision.

    Of a file that only one side changed its change is taken, and so of a parameter; ``chosen`` says by path which stands
    where both did, of parameters only for those that both changed. What the draft says of running cases stays.

    Raises:
        Invalid: not every such file is chosen; nothing was changed.
        Conflict: ``version`` is not the current one any more, or the draft cannot be changed.
    """
    with desk.store.write() as tx:
        row = open_for_change(desk, tx, actor, draft)
        current = tx.definitions.current(row.package)
        if current is None or current.version != version or version == row.base:
            raise Conflict(
                Text("现行版本又有变化，请刷新页面。", "The current version has changed again: reload the page.")
            )
        tree, theirs = tree_of(desk, tx, draft), _load_sources(desk, tx, version)
        wanted = _choose_files(tree, theirs, chosen)
        revision = _rebase_draft(desk, tx, actor, row, tree, theirs, wanted, version)
        text = f"草稿“{row.title}”并入{version_name(tx, row.package, version).zh}。"
        record_event(tx, actor, desk.clock.now(), row.package, "taken_in", text, draft, {"version": version})
    return revision


def _load_sources(desk: Desk, tx: Transaction, version: str) -> Files:
    row = tx.definitions.get(version)
    return unpack_files(row.sources) if row.sources else files_published(desk, row)


def _iterate_changed_paths(first: Files, other: Files) -> Iterator[str]:
    return (path for path in sorted({*first, *other}) if first.get(path) != other.get(path))


def _is_changed_by_both(tree: DraftTree, theirs: Files, path: str) -> bool:
    return _is_changed_here(tree, theirs, path) and _merge_parts(tree, theirs, path) is None


def _is_changed_here(tree: DraftTree, theirs: Files, path: str) -> bool:
    return tree.files.get(path) not in (tree.base.get(path), theirs.get(path))


def _merge_parts(tree: DraftTree, theirs: Files, path: str, side: Side | None = None) -> bytes | None:
    """Return a file with what either side changed of its parts, of those that both did what ``side`` says.

    None of files without parts, and where both changed the same part and no ``side`` is chosen.
    """
    base, ours, others = (files.get(path) for files in (tree.base, tree.files, theirs))
    if base is None or ours is None or others is None:
        return None
    if kind_of(path) is PieceKind.PARAMETERS:
        return _merge_blocks(base, ours, others, side, _PARAMETERS)
    return _merge_register(base, ours, others, side) if kind_of(path) is PieceKind.LAW else None


def _merge_register(before: bytes, here: bytes, there: bytes, side: Side | None) -> bytes | None:
    """Return the clauses of ``side`` with what the draft says of running cases, where it says something of its own.

    Such a statement is of this draft's version alone: what another version said is none of its own.
    """
    base: Any = to_plain_value(parse_yaml(before, "law.yaml"))
    ours: Any = to_plain_value(parse_yaml(here, "law.yaml"))
    said = ours.pop(AMENDMENT, None)
    if said is None or said == base.pop(AMENDMENT, None):
        return None
    if side is None and ours != base:
        return None
    return set_amendment((here if side is Side.OURS else there).decode(), said).encode()


def _merge_blocks(
    before: bytes, here: bytes, there: bytes, side: Side | None, levels: Sequence[re.Pattern[bytes]]
) -> bytes | None:
    """Return the blocks with what either side changed; one that both changed is ``side``'s where its own parts do not part them."""
    base, ours, others = (_split_blocks(content, levels[0]) for content in (before, here, there))
    merged: dict[bytes, bytes | None] = {}
    for name in dict.fromkeys((*ours, *others, *base)):
        was, mine, other = base.get(name), ours.get(name), others.get(name)
        if was in (mine, other) or mine == other:
            merged[name] = other if mine == was else mine
            continue
        finer = _merge_blocks(was, mine, other, None, levels[1:]) if levels[1:] and was and mine and other else None
        if finer is None and side is None:
            return None
        merged[name] = finer or (mine if side is Side.OURS else other)
    return b"".join(block for block in merged.values() if block is not None)


def _split_blocks(content: bytes, begins: re.Pattern[bytes]) -> dict[bytes, bytes]:
    """Return the lines by the name with which their block begins, in their order; b"" is what stands above all."""
    head, *blocks = begins.split(content)
    return {b"": head, **{block.partition(b":")[0]: block for block in blocks}}


def _choose_files(tree: DraftTree, theirs: Files, chosen: Mapping[str, Side]) -> dict[str, bytes]:
    """Return the files that the draft is to hold; raises Invalid."""
    files, undecided_count = dict(tree.files), 0
    for path in _iterate_changed_paths(tree.base, theirs):
        by_both = _is_changed_here(tree, theirs, path)
        merged = _merge_parts(tree, theirs, path, chosen.get(path)) if by_both else None
        if merged is not None:
            files[path] = merged
        elif by_both and path not in chosen:
            undecided_count += 1
        elif not by_both or chosen[path] is Side.THEIRS:
            files.pop(path, None)
            files |= {path: theirs[path]} if path in theirs else {}
    if undecided_count:
        raise Invalid(
            Text(
                f"还有 {undecided_count} 个文件没有选定，尚未并入。请逐个选择采用哪一份。",
                f"{undecided_count} files are not chosen yet; nothing was taken in. Choose one side for each.",
            )
        )
    return files


def _rebase_draft(
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
    touched = {change.path for change in tx.draft_revisions.newest(row.id)}
    over = {**theirs, **{path: tree.files[path] for path in touched if path in tree.files}}
    for path in touched - tree.files.keys():
        over.pop(path, None)
    changes = {path: wanted.get(path) for path in _iterate_changed_paths(over, wanted)}
    if tx.package_drafts.brief(row.id).revision != tree.revision:
        raise Stale
    # what was found of the draft on the version before says nothing of it on this one
    details = {key: detail for key, detail in (row.details or {}).items() if key != CHECKED} or None
    tx.package_drafts.change(row.id, base=version, sources=pack_files(theirs), details=details)
    append_changes(desk, tx, actor, row, tree.revision, changes, f"并入{version_name(tx, row.package, version).zh}")
    return tree.revision + len(changes)
