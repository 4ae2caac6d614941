"""Save several files of a draft that belong to one act: shown before they are written, written all or none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.drafts.save_file import Saved, demand_storable_file, own_use, write_files
from service.catalog.layout.drawn import as_kept
from service.domain.errors import Conflict
from service.domain.text import Text


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
    after = write_files(desk, actor, row, tree, _contents(tree, wanted), note)
    return tuple(
        Saved(c.path, after.opened(c.path), hash_of(after.opened(c.path)), after.revision) for c in wanted
    )  # fmt: skip


def _contents(tree: DraftTree, wanted: Sequence[FileChange]) -> dict[str, bytes | None]:
    """Return by path what the draft is to hold, in the stable format; what says the same as before is left out."""
    found: dict[str, bytes | None] = {}
    for change in wanted:
        content = change.after.encode()
        demand_storable_file(change.path, content)
        kept = as_kept(change.path, content, tree.opened(change.path))
        if kept != tree.opened(change.path):
            now = {**tree.files, **{path: held for path, held in found.items() if held is not None}}
            found |= {change.path: kept, **own_use(now, change.path)}
    return found


def text_of(tree: DraftTree, path: str) -> str:
    """Return a file of a draft as an editor opens it, as text; "" where there is none."""
    return (tree.opened(path) or b"").decode("utf-8")


def changes_of(tree: DraftTree, after: Mapping[str, str]) -> tuple[FileChange, ...]:
    """Return what differs between a draft and the texts ``after``."""
    found = (FileChange(path, text_of(tree, path), text) for path, text in after.items())
    return tuple(change for change in found if change.before != change.after)
