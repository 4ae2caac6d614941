"""A draft as the folders of its city: taken out, and brought in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.drafts.save_file import demand_own_place, demand_storable_file, write_files
from service.catalog.layout.drawn import as_kept
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.tree import Files
from service.domain.errors import Conflict
from service.domain.text import Text

_MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the files that it changed, and those it removed; the rest was the same."""

    revision: int
    changed: tuple[str, ...]
    removed: tuple[str, ...]


class SavedSince(Conflict):
    """The folder was taken out before files that it would change were saved; ``revision`` is the draft's now."""

    code = "saved_since"

    def __init__(self, titles: Sequence[str], revision: int) -> None:
        named, count = [f"“{title}”" for title in titles[:_MOST_NAMED]], len(titles)
        super().__init__(
            Text(
                f"导出这个文件夹之后，草稿中又改过{'、'.join(named)}{f'等{count}个文件' if count > len(named) else ''}，"
                "导入会改回去，没有导入。",
                f"After this folder was exported the draft was changed in {', '.join(named)}"
                f"{f' and others, {count} files in all' if count > len(named) else ''}: importing it would take that back, "
                "so nothing was imported.",
            )
        )
        self.revision = revision


@guarded("draft.view")
def export_draft(desk: Desk, actor: Actor, draft: int) -> Files:
    """Return the files of ``draft`` as they lie in processes/CITY and forms/CITY, with the shared ones that it changed."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    own = _own(row.package)
    return {path: data for path, data in tree.files.items() if path.startswith(own) or tree.base.get(path) != data}


@guarded("draft.edit")
def import_files(
    desk: Desk,
    actor: Actor,
    draft: int,
    files: Mapping[str, bytes],
    note: str = "导入文件夹",
    exported: Mapping[str, str] = MappingProxyType({}),
    seen: int | None = None,
) -> Imported:
    """Make ``draft`` hold ``files`` in the stable format, as one step that can be undone.

    ``note`` stands with every revision and in the record: it says when a command did it in somebody's name.
    Where they hold the award.yaml they are the whole folder, and what is not among them is removed; else the rest stays.
    ``exported`` are the SHA-256 of the files when they were taken out, none where that is not known; ``seen`` is the revision
    of the draft at which the person said that what was saved since may go.

    Raises:
        SavedSince: files that would change are others than those taken out; nothing was imported.
        Invalid: a file is of another city or award, or cannot be read; nothing was imported.
        Conflict: the draft cannot be changed.
    """
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    wanted = {path: _formed(tree, row.package, path, data) for path, data in sorted(files.items())}
    gone: list[str] = []
    if f"processes/{row.package}/award.yaml" in wanted:
        gone = [path for path in sorted(tree.files) if path.startswith(_own(row.package)) and path not in wanted]
    changed = [path for path, data in wanted.items() if tree.files.get(path) != data]
    changes: dict[str, bytes | None] = {**{path: wanted[path] for path in changed}, **dict.fromkeys(gone)}
    if not changes:
        return Imported(tree.revision, (), ())
    if exported and tree.revision != seen:
        _demand_unsaved_since(row.package, tree, changes, exported)
    revision = write_files(desk, actor, row, tree, changes, note).revision
    with desk.store.write() as tx:
        text = f"{note}：修改 {len(changed)} 个文件，移除 {len(gone)} 个。"
        record_event(tx, actor, desk.clock.now(), row.package, "imported", text, draft, {"revision": revision})
    return Imported(revision, tuple(changed), tuple(gone))


def _demand_unsaved_since(key: str, tree: DraftTree, changes: Iterable[str], exported: Mapping[str, str]) -> None:
    own, since = _own(key), []
    for path in sorted(changes):
        # a shared file that the draft had not changed was not taken out
        then = exported.get(path, "" if path.startswith(own) else hash_of(tree.base.get(path)))
        if then != hash_of(tree.files.get(path)):
            since.append(title_of(tree.package, path, tree.filled))
    if since:
        raise SavedSince(since, tree.revision)


def _own(key: str) -> tuple[str, ...]:
    city = key.partition("/")[0]
    return (f"processes/{city}/", f"forms/{city}/")


def _formed(tree: DraftTree, key: str, path: str, data: bytes) -> bytes:
    """Return a file in the stable format; one that is there already stays as it is written."""
    demand_storable_file(path, data)
    demand_own_place(key, path)
    before = tree.files.get(path)
    return data if before == data else as_kept(path, data, before)
