"""Drafts as the studio lists them, the files of one, its history, and an earlier revision brought back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.reading.published import published
from service.casework.studio.drafts.draft_access import (
    awaits_review_by,
    base_withdrawn,
    is_edited_by_another,
    may_edit,
    may_see_draft,
    newer_version,
    open_for_change,
    visible_draft,
)
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_at, tree_of
from service.casework.studio.drafts.save_file import write_files
from service.catalog import Package
from service.catalog.patterns.patterns import pattern_of, uses_of
from service.catalog.pieces.piece_kinds import Origin, PieceKind, is_pattern, kind_of, names_apart, title_of
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text
from service.domain.values.bounds import Utf8
from service.store import Transaction
from service.store.models import DefinitionRow, DraftRevisionRow, PackageDraftRow, PackageEventRow


@dataclass(frozen=True, slots=True)
class StudioPlace:
    """A package that can be edited, with its published version and the drafts that the reader sees.

    ``to_review``: the numbers of those that wait for the reader's review.
    """

    key: str
    city: Text
    award: Text
    version: str
    published_at: datetime | None
    published_by: str
    drafts: tuple[PackageDraftRow, ...]
    editable: bool
    to_review: frozenset[int] = frozenset()


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
        publications = published(desk, tx)
        rows = {row.package: row for row in tx.definitions.all_current()}
        drafts = [draft for draft in tx.package_drafts.alive() if may_see_draft(actor, draft)]
        to_review = frozenset(draft.id for draft in drafts if awaits_review_by(tx, actor, draft))
    packages = [p for p in publications.packages if GUARDS["draft.view"].admits(actor, p.jurisdiction.id)]
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
            to_review,
        )
        for package in packages
    ]
    fresh = sorted({draft.package for draft in drafts} - {package.key for package in packages})
    for key in fresh:
        package_drafts = tuple(draft for draft in drafts if draft.package == key)
        places.append(
            StudioPlace(
                key,
                Text(package_drafts[0].title, package_drafts[0].title),
                Text("尚未发布", "Not published yet"),
                "",
                None,
                "",
                package_drafts,
                False,
                to_review,
            )
        )
    return tuple(sorted(places, key=lambda place: not place.drafts))


@guarded("draft.view")
def view_draft(desk: Desk, actor: Actor, draft: int) -> DraftView:
    """Return a draft with every file that belongs to its package, and those of its folders that nothing uses yet."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        touched = {change.path for change in tx.draft_revisions.newest(draft)}
        newer = newer_version(tx, row)
        withdrawn = newer is not None and base_withdrawn(tx, row, newer)
    paths = _list_paths(tree, row.package)
    names = names_apart(
        ((path, kind_of(path), title_of(tree.package, path, tree.filled)) for path in paths), tree.package
    )
    files = [_build_file(tree, path, names[path], path in touched) for path in paths]
    allowed, locked = may_edit(actor, row), is_edited_by_another(actor, row, desk.clock.now())
    return DraftView(
        row,
        tree.revision,
        tree.package,
        tuple(sorted(files, key=_get_file_order)),
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


def _list_paths(tree: DraftTree, key: str) -> list[str]:
    city = key.partition("/")[0]
    city_folders = (f"processes/{key}/", f"forms/{city}/")
    return sorted({*tree.package.files, *(path for path in tree.filled if path.startswith(city_folders))})


def _build_file(tree: DraftTree, path: str, name: str, changed: bool) -> DraftFile:
    content = tree.opened(path)
    assert content is not None
    return DraftFile(path, kind_of(path), name, hash_of(content), origin_of(tree, path), changed)


def _get_file_order(file: DraftFile) -> tuple[str, bool, str]:
    return (file.kind.value, file.origin is Origin.SHARED, file.path)


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


@guarded("draft.view")
def view_history(desk: Desk, actor: Actor, draft: int, before: int | None = None) -> DraftHistory:
    """Return what was changed in ``draft``, newest first, below revision ``before``; raises NotFound."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        rows = tx.draft_revisions.select("-revision", after=before, limit=PAGE, draft_id=draft)
        events = tuple(e for e in tx.package_events.select(package=row.package) if e.draft_id == draft)
    more = rows[-1].revision if rows and rows[-1].revision > 1 else None
    return DraftHistory(tuple(_build_line(tree, each) for each in rows), more, events)


def _build_line(tree: DraftTree, row: DraftRevisionRow) -> HistoryLine:
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
    row = tx.draft_revisions.find("-revision", draft_id=draft, path=path, revision__le=until)
    return row.revision if row else 0
