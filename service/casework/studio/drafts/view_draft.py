"""Drafts as the studio lists them, and the files of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import published
from service.casework.studio.drafts.draft_access import (
    base_withdrawn,
    is_edited_by_another,
    may_edit,
    newer_version,
    sees,
    visible_draft,
)
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.catalog import Package
from service.catalog.patterns.patterns import pattern_of
from service.catalog.pieces.pattern_pieces import is_pattern
from service.catalog.pieces.piece_kinds import Origin, PieceKind, kind_of, names_apart, title_of
from service.domain.errors import NotFound
from service.domain.text import Text
from service.domain.values.bounds import Utf8
from service.store.models import DefinitionRow, PackageDraftRow


@dataclass(frozen=True, slots=True)
class StudioPlace:
    """A package that can be edited, with its published version and the drafts that the reader sees."""

    key: str
    city: Text
    award: Text
    version: str
    published_at: datetime | None
    published_by: str
    drafts: tuple[PackageDraftRow, ...]
    editable: bool


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of a draft: where it lies, what it is, whose it is, and whether the draft changed it."""

    path: str
    kind: PieceKind
    name: str
    hash: str
    origin: Origin
    changed: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft with its files, by kind and name.

    ``locked``: the reader could change it, but another person edits it. ``newer`` is a version that was published since it
    was opened; ``withdrawn``: that which it rests on was withdrawn, and ``newer`` is the one before.
    """

    row: PackageDraftRow
    revision: int
    package: Package
    files: tuple[DraftFile, ...]
    editable: bool
    locked: bool
    newer: DefinitionRow | None
    withdrawn: bool

    def of(self, kind: PieceKind) -> tuple[DraftFile, ...]:
        """Return the files of one kind."""
        return tuple(file for file in self.files if file.kind is kind)


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """One file of a draft as an editor opens it; ``hash`` is handed back when it is saved."""

    path: str
    content: Utf8
    hash: str
    revision: int


@guarded("draft.view")
def list_drafts(desk: Desk, actor: Actor) -> tuple[StudioPlace, ...]:
    """Return every package that ``actor`` may look at in the studio, with drafts; those that have drafts come first."""
    with desk.store.read() as tx:
        known = published(desk, tx)
        rows = {row.package: row for row in tx.definitions.currents()}
        drafts = [draft for draft in tx.package_drafts.alive() if sees(actor, draft)]
    shown = [p for p in known.packages if GUARDS["draft.view"].admits(actor, p.jurisdiction.id)]
    places = [
        StudioPlace(
            package.key,
            package.jurisdiction.text,
            package.award.text,
            package.version,
            rows[package.key].published_at,
            rows[package.key].published_by,
            tuple(draft for draft in drafts if draft.package == package.key),
            GUARDS["draft.edit"].admits(actor, package.jurisdiction.id),
        )
        for package in shown
    ]
    fresh = sorted({draft.package for draft in drafts} - {package.key for package in shown})
    for key in fresh:
        own = tuple(draft for draft in drafts if draft.package == key)
        places.append(
            StudioPlace(
                key, Text(own[0].title, own[0].title), Text("尚未发布", "Not published yet"), "", None, "", own, False
            )
        )
    return tuple(sorted(places, key=lambda place: not place.drafts))


@guarded("draft.view")
def view_draft(desk: Desk, actor: Actor, draft: int) -> DraftView:
    """Return a draft with every file that belongs to its package, and those of its folders that nothing uses yet."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        touched = {change.path for change in tx.package_drafts.newest(draft)}
        newer = newer_version(tx, row)
        withdrawn = newer is not None and base_withdrawn(tx, row, newer)
    paths = _belonging(tree, row.package)
    names = names_apart((path, kind_of(path), title_of(tree.package, path, tree.filled)) for path in paths)
    files = [_file(tree, path, names[path], path in touched) for path in paths]
    allowed, locked = may_edit(actor, row), is_edited_by_another(actor, row, desk.clock.now())
    return DraftView(
        row,
        tree.revision,
        tree.package,
        tuple(sorted(files, key=_order)),
        editable=allowed and not locked,
        locked=allowed and locked,
        newer=newer,
        withdrawn=withdrawn,
    )


@guarded("draft.view")
def open_file(desk: Desk, actor: Actor, draft: int, path: str) -> OpenedFile:
    """Return one file of a draft; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    content = file_in(tree, path)
    return OpenedFile(path, content, hash_of(content), tree.revision)


def file_in(tree: DraftTree, path: str) -> bytes:
    """Return one file of a tree as an editor opens it; raises NotFound."""
    content = tree.opened(path)
    if content is None:
        raise NotFound(
            Text(
                f"草稿中没有文件“{path}”，可能已被移除或改名。",
                f"The draft has no file “{path}”: it was removed or renamed.",
            )
        )
    return content


def origin_of(tree: DraftTree, path: str) -> Origin:
    """Return whose file it is."""
    shared = path.split("/")[1] in ("shared", "scoring")
    made = path not in tree.files or bool(pattern_of(tree.files, path)) or is_pattern(file_in(tree, path), path)
    return Origin.PATTERN if made else Origin.SHARED if shared else Origin.OWN


def _belonging(tree: DraftTree, key: str) -> list[str]:
    city = key.partition("/")[0]
    own = (f"processes/{key}/", f"forms/{city}/")
    return sorted({*tree.package.files, *(path for path in tree.filled if path.startswith(own))})


def _file(tree: DraftTree, path: str, name: str, changed: bool) -> DraftFile:
    content = tree.opened(path)
    assert content is not None
    return DraftFile(path, kind_of(path), name, hash_of(content), origin_of(tree, path), changed)


def _order(file: DraftFile) -> tuple[str, bool, str]:
    return (file.kind.value, file.origin is Origin.SHARED, file.path)
