"""Save one file of a draft: as a revision of its own, never over what was saved meanwhile."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import require_lawful_diagram
from service.casework.studio.drafts.draft_access import make_editor, open_for_change
from service.casework.studio.drafts.draft_tree import (
    DraftTree,
    cache_draft_tree,
    extend_draft_tree,
    hash_of,
    pack_content,
    tree_of,
    unpack_content,
)
from service.catalog.bpmn.vocabulary import require_size
from service.catalog.differences.differences import file_difference
from service.catalog.layout.drawn import is_diagram, normalise_file
from service.catalog.patterns.patterns import fill_patterns, uses_of, without_pattern
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.source.xml import get_local_name, parse_xml
from service.catalog.tree import Files, is_source
from service.domain.calendar.clock import format_moment
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.bounds import Utf8
from service.store import Stale, Transaction
from service.store.models import DraftRevisionRow, PackageDraftRow

_LARGEST = 8 * 1024 * 1024
_LONGEST_PATH = 300
MOST_REVISIONS = 20_000
"""Changes of one draft, each a file: more than a year of daily work."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A file as the draft holds it now."""

    path: str
    content: Utf8 | None
    hash: str
    revision: int


class DraftConflict(Conflict):
    """The file was saved since the editor opened it; ``hash`` is that of what the draft holds."""

    code = "draft_conflict"

    def __init__(self, title: str, digest: str, author: str, at: datetime, *, same_person: bool) -> None:
        when, who = (
            format_moment(at),
            Text("您在另一个窗口中", "you, in another window,") if same_person else Text(author, author),
        )
        super().__init__(
            Text(
                f"“{title}”打开之后，{when.zh}{who.zh}又保存过，这里的修改没有保存。请先看那一份，再决定怎么改。",
                f"“{title}” was saved again after it was opened, by {who.en} on {when.en}; this change was not saved. "
                "Look at what was saved first.",
            )
        )
        self.hash, self.author, self.at = digest, author, at
        self.members = {"hash": digest, "author": author, "at": at.isoformat()}


@guarded("draft.edit")
def save_file(
    desk: Desk, actor: Actor, draft: int, path: str, content: bytes | None, base: str | None, note: str = ""
) -> Saved:
    """Save ``content`` as file ``path`` of ``draft`` in the stable format; None removes the file.

    ``base`` is the SHA-256 of what the editor had opened, None for a new file. A file that was made of a pattern becomes
    one of its own.

    Raises:
        DraftConflict: the file was saved since ``base``, by another person or in another window; nothing was saved.
        Conflict: the draft cannot be changed any more, or another person edits it.
        Invalid: the path, the size or the content is not what a package can hold, or a diagram says a number beyond the law
            that it did not say before; nothing was saved.
    """
    require_storable_file(path, content)
    require_drawable(path, content or b"")
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        before = tree_of(desk, tx, draft)
        now = before.opened(path)
        wanted = None if content is None else _undone(before.base.get(path), path, normalise_file(path, content, now))
        if wanted != now and hash_of(now) != (base or ""):
            raise conflict_of(tx, actor, before, row, path)
    trial = require_lawful_diagram(desk, row.package, before, path, wanted)
    return write_file(desk, actor, row, before, path, wanted, note, trial)


def _undone(published: bytes | None, path: str, wanted: bytes) -> bytes:
    """Return a diagram as it was ``published`` where it says and shows the same: whoever took a step back changed nothing."""
    if published is None or published == wanted or not is_diagram(path):
        return wanted
    if _list_ways(published, path) != _list_ways(wanted, path):
        return wanted
    difference = file_difference(path, published, wanted)
    return published if difference is not None and difference.only_rewritten else wanted


def _list_ways(content: bytes, path: str) -> dict[str | None, list[str | None]]:
    """Return the ways out of each element in the order in which they are asked; between elements no order says anything."""
    ways: dict[str | None, list[str | None]] = defaultdict(list)
    for node in parse_xml(content, path).iter():
        if get_local_name(node) == "sequenceFlow":
            ways[node.get("sourceRef")].append(node.get("id"))
    return ways


def conflict_of(tx: Transaction, actor: Actor, tree: DraftTree, draft: PackageDraftRow, path: str) -> DraftConflict:
    """Return the refusal that says who saved a file last, and when."""
    last = tx.draft_revisions.find("-revision", draft_id=draft.id, path=path, revision__le=tree.revision)
    person, author, at = (
        (last.person_id, last.author, last.at) if last else (draft.person_id, draft.author, draft.created_at)
    )
    title, digest = title_of(tree.package, path, tree.filled), hash_of(tree.opened(path))
    return DraftConflict(title, digest, author, at, same_person=person == actor.person_id)


@guarded("draft.edit")
def write_file(
    desk: Desk,
    actor: Actor,
    row: PackageDraftRow,
    before: DraftTree,
    path: str,
    wanted: bytes | None,
    note: str,
    trial: DraftTree | None = None,
) -> Saved:
    """Append what makes ``path`` hold ``wanted`` to a draft that stands at ``before``; raises as `write_files`."""
    now = before.opened(path)
    if wanted == now:
        return Saved(path, now, hash_of(now), before.revision)
    after = write_files(desk, actor, row, before, {path: wanted, **drop_pattern_use(before.files, path)}, note, trial)
    return Saved(path, after.opened(path), hash_of(after.opened(path)), after.revision)


@guarded("draft.edit")
def write_files(
    desk: Desk,
    actor: Actor,
    row: PackageDraftRow,
    before: DraftTree,
    changes: dict[str, bytes | None],
    note: str,
    trial: DraftTree | None = None,
) -> DraftTree:
    """Append a revision for each of ``changes`` to a draft that stands at ``before``.

    ``trial`` is put in place where it holds the same files: putting a tree together takes a seventh of a change drawn.
    Raises Stale, Conflict, Invalid.
    """
    files = dict(before.files)
    for path, content in changes.items():
        files.pop(path, None)
        if content is not None:
            require_draft_place(row.package, path)
            require_drawable(path, content)
            files[path] = content
    tree = trial if trial is not None and trial.files == files else extend_draft_tree(desk, row.package, before, files)
    after = replace(tree, revision=before.revision + len(changes))
    with desk.store.write() as tx:
        open_for_change(desk, tx, actor, row.id)
        append_changes(desk, tx, actor, row, before.revision, changes, note)
    cache_draft_tree(desk, row.id, after)
    return after


def append_changes(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    draft: PackageDraftRow,
    revision: int,
    changes: dict[str, bytes | None],
    note: str,
) -> None:
    """Append a revision per changed file to a draft that still stands at ``revision``; raises Stale when it does not.

    Who changes a draft edits it from then on.
    """
    what = note or "、".join(path.rpartition("/")[2] for path in changes)
    place = draft.package.partition("/")[0]
    describe_current_act(f"{draft.package}：修改草稿“{draft.title}”：{what}", place=place)
    make_editor(tx, actor, tx.package_drafts.brief(draft.id), desk.clock.now())
    _require_room(revision + len(changes))
    for number, (path, content) in enumerate(changes.items(), revision + 1):
        row = DraftRevisionRow(
            draft_id=draft.id,
            revision=number,
            path=path,
            content=pack_content(content),
            hash=hash_of(content),
            person_id=actor.signed_in_id,
            author=actor.name,
            at=desk.clock.now(),
            note=note[:_LONGEST_PATH],
        )
        if not tx.draft_revisions.insert_new(row):
            raise Stale
        tx.package_drafts.change(draft.id, revision=number, changed_at=row.at)


def _require_room(revisions: int) -> None:
    if revisions > MOST_REVISIONS:
        raise Conflict(
            Text(
                f"这个草稿已修改 {MOST_REVISIONS} 次，不能再保存。请发布它，或者导出后作废，再打开新的草稿继续。",
                f"This draft was changed {MOST_REVISIONS} times; nothing more is saved. Publish it, or export it, discard it and go on in a new draft.",
            )
        )


def require_storable_file(path: str, content: bytes | None) -> None:
    """Raise Invalid unless ``path`` can be a file of a package and ``content`` is not too large."""
    place = PurePosixPath(path)
    if (
        len(path) > _LONGEST_PATH
        or not is_source(path)
        or ".." in place.parts
        or str(place) != path
        or not path.isprintable()
    ):
        raise Invalid(
            Text(
                f"“{path[:80]}”不是程序包中的位置：文件在 processes/ 或 forms/ 之下，扩展名为 .bpmn、.dmn、.json、.yaml、.docx 或 .typ。",
                f"“{path[:80]}” is no place in a package: files lie below processes/ or forms/ and end with .bpmn, .dmn, .json, .yaml, .docx or .typ.",
            )
        )
    if content is not None and len(content) > _LARGEST:
        raise Invalid(
            Text(
                f"“{path}”有 {len(content) // 1024} KB，最多 {_LARGEST // 1024} KB，没有保存。请拆成几个文件。",
                f"“{path}” has {len(content) // 1024} KB, at most {_LARGEST // 1024} are taken; nothing was saved. Split it.",
            )
        )


def require_drawable(path: str, content: bytes) -> None:
    """Raise Invalid where ``path`` is a diagram with more elements than are drawn."""
    if is_diagram(path):
        require_size(content, path)


def require_draft_place(key: str, path: str) -> None:
    """Raise Invalid where ``path`` is of another city, or begins another award, than package ``key``: no draft changes these."""
    place, city = path.split("/"), key.partition("/")[0]
    other = place[0] == "processes" and place[1] == city and len(place) == 4 and place[3] == "award.yaml"
    if place[1] not in (city, "shared", "scoring") or (other and path != f"processes/{key}/award.yaml"):
        raise Invalid(
            Text(
                f"“{path}”不属于本草稿的奖项（{key}），没有保存。这里只能有本辖区的文件夹和共用件。",
                f"“{path}” does not belong to this draft's award ({key}): nothing was saved. A draft holds the folders of its place and shared pieces.",
            )
        )


def drop_pattern_use(files: Files, path: str) -> dict[str, bytes | None]:
    """Return what else changes when ``path`` becomes a file of its own: it is no longer made of a pattern."""
    uses = without_pattern(files, path)
    return {} if uses is None else {uses_of(path): uses}


def find_content(tx: Transaction, tree: DraftTree, draft: int, path: str, digest: str) -> bytes | None:
    """Return the content with SHA-256 ``digest`` that the editor had opened, None where the draft never held it."""
    row = tx.draft_revisions.find("-revision", draft_id=draft, path=path, hash=digest)
    if row is not None:
        return unpack_content(row.content)
    opened = tree.base[path] if path in tree.base else fill_patterns(tree.base)[0].get(path)
    return opened if hash_of(opened) == digest else None


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file as it is and as it would be; ``before`` "" for a new one."""

    path: str
    before: str
    after: str


@guarded("draft.edit")
def save_files(
    desk: Desk, actor: Actor, draft: int, changes: Iterable[FileChange], note: str = ""
) -> tuple[Saved, ...]:
    """Save every change; raises Conflict, and saves nothing, where one of the files is not what was shown any more."""
    wanted = [change for change in changes if change.before != change.after]
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    for change in wanted:
        if (tree.opened(change.path) or b"") != change.before.encode():
            raise Conflict(
                Text(
                    f"“{change.path}”刚刚被改过，没有保存。请重新预览后再确认。",
                    f"“{change.path}” was changed just now; nothing was saved. Look at the preview again.",
                )
            )
    after = write_files(desk, actor, row, tree, _prepare_contents(tree, wanted), note)
    return tuple(
        Saved(c.path, after.opened(c.path), hash_of(after.opened(c.path)), after.revision) for c in wanted
    )  # fmt: skip


def _prepare_contents(tree: DraftTree, wanted: Sequence[FileChange]) -> dict[str, bytes | None]:
    """Return by path what the draft is to hold, in the stable format; what says the same as before is left out."""
    contents: dict[str, bytes | None] = {}
    for change in wanted:
        content = change.after.encode()
        require_storable_file(change.path, content)
        stored_content = normalise_file(change.path, content, tree.opened(change.path))
        if stored_content != tree.opened(change.path):
            now = {
                **tree.files,
                **{path: new_content for path, new_content in contents.items() if new_content is not None},
            }
            contents |= {change.path: stored_content, **drop_pattern_use(now, change.path)}
    return contents


def text_of(tree: DraftTree, path: str) -> str:
    """Return a file of a draft as an editor opens it, as text; "" where there is none."""
    return (tree.opened(path) or b"").decode("utf-8")


def changes_of(tree: DraftTree, after: Mapping[str, str]) -> tuple[FileChange, ...]:
    """Return what differs between a draft and the texts ``after``."""
    file_changes = (FileChange(path, text_of(tree, path), text) for path, text in after.items())
    return tuple(change for change in file_changes if change.before != change.after)
