"""The scoring editions of a draft: shown as typed, begun and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_for_entry, tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.casework.studio.drafts.view_draft import DraftView, view_draft
from service.catalog.made_id import choose_id
from service.catalog.scoring.scoring_text import edition_fields, write_edition
from service.catalog.tree import Places
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class ScoringLine:
    """An edition: its id, file, hash and fields as typed; ``own`` tells whether it is the award's alone."""

    ident: str
    path: str
    hash: str
    fields: Mapping[str, str]
    own: bool


@guarded("draft.view")
def view_scoring(desk: Desk, actor: Actor, draft: int) -> tuple[DraftView, tuple[ScoringLine, ...]]:
    """Return the editions that a draft can score by."""
    view = view_draft(desk, actor, draft)
    with desk.store.read() as tx:
        tree = tree_of(desk, tx, draft)
    return view, tuple(_build_line(tree, ident, path) for ident, path in sorted(_build_places(tree).scoring().items()))


@guarded("draft.edit")
def put_scoring(
    desk: Desk,
    actor: Actor,
    draft: int,
    ident: str,
    typed: Mapping[str, str],
    new: bool = False,
    opened: int | None = None,
) -> Saved:
    """Write an edition as typed at revision ``opened`` of the draft; a new one without an id gets it from its name.

    Raises Invalid for what cannot be read or does not add up, Conflict for an id that is taken, NotFound, and DraftConflict
    as `save_file`.
    """
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        tree = tree_for_entry(desk, tx, draft, opened, lambda tree: _find_edition(tree, ident))
    paths_by_edition = _build_places(tree).scoring()
    if not typed.get("name", "").strip():
        raise Invalid(Text("请填写评分标准的名称。", "Enter the name of the scoring edition."))
    typed = {**typed, "edition": typed.get("edition", "").strip() or typed["name"].strip()}
    if not new:
        if ident not in paths_by_edition:
            raise NotFound(Text(f"没有评分标准“{ident}”。", f"There is no scoring edition “{ident}”."))
        before = tree.filled[paths_by_edition[ident]]
        content = write_edition(before, typed, paths_by_edition[ident], ident)
        return save_file(desk, actor, draft, paths_by_edition[ident], content, hash_of(before), "评分标准")
    ident = choose_id(ident, typed["name"], paths_by_edition, otherwise="scoring")
    path = f"{_build_places(tree).award}/scoring/{ident}.yaml"
    return save_file(desk, actor, draft, path, write_edition(b"", typed, path, ident), None, "评分标准")


def _find_edition(tree: DraftTree, ident: str) -> bytes | None:
    return tree.filled.get(_build_places(tree).scoring().get(ident, ""))


def _build_places(tree: DraftTree) -> Places:
    return Places(tree.files, *tree.package.key.split("/"))


def _build_line(tree: DraftTree, ident: str, path: str) -> ScoringLine:
    content = tree.filled[path]
    return ScoringLine(
        ident, path, hash_of(content), edition_fields(content), path.startswith(f"processes/{tree.package.key}/")
    )
