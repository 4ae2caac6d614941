"""A draft as the folders of its city: taken out, and brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.save_file import demand_own_place, demand_storable_file, write_files
from service.catalog.layout.drawn import as_kept
from service.catalog.tree import Files


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: the files that it changed, and those it removed; the rest was the same."""

    revision: int
    changed: tuple[str, ...]
    removed: tuple[str, ...]


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
    desk: Desk, actor: Actor, draft: int, files: Mapping[str, bytes], note: str = "导入文件夹"
) -> Imported:
    """Make ``draft`` hold ``files`` in the stable format, as one step that can be undone.

    ``note`` stands with every revision and in the record: it says when a command did it in somebody's name.
    Where they hold the award.yaml they are the whole folder, and what is not among them is removed; else the rest stays.

    Raises:
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
    revision = write_files(desk, actor, row, tree, changes, note).revision
    with desk.store.write() as tx:
        text = f"{note}：修改 {len(changed)} 个文件，移除 {len(gone)} 个。"
        record_event(tx, actor, desk.clock.now(), row.package, "imported", text, draft, {"revision": revision})
    return Imported(revision, tuple(changed), tuple(gone))


def _own(key: str) -> tuple[str, ...]:
    city = key.partition("/")[0]
    return (f"processes/{city}/", f"forms/{city}/")


def _formed(tree: DraftTree, key: str, path: str, data: bytes) -> bytes:
    """Return a file in the stable format; one that is there already stays as it is written."""
    demand_storable_file(path, data)
    demand_own_place(key, path)
    before = tree.files.get(path)
    return data if before == data else as_kept(path, data, before)
