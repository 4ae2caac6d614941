"""Remove a diagram, table, form, document or scenario from a draft; what is still in use stays, and where is told."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import visible_draft
from service.casework.studio.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.save_file import Saved, save_file
from service.catalog.pattern_pieces import takers_of_pattern
from service.catalog.pattern_uses import uses_of, without_pattern
from service.catalog.patterns import FORMS
from service.catalog.piece_kinds import PieceKind, kind_of
from service.catalog.piece_users import (
    PieceUser,
    users_of_diagram,
    users_of_document,
    users_of_edition,
    users_of_form,
    users_of_table,
)
from service.catalog.source.format_yaml import load_yaml
from service.catalog.tree import Places, stem
from service.domain.errors import Conflict
from service.domain.text import Text

_TOLD = 6


class PieceInUse(Conflict):
    """A piece is still used; ``users`` says where."""

    code = "piece_in_use"

    def __init__(self, path: str, users: tuple[PieceUser, ...]) -> None:
        self.path, self.users = path, users
        places = "、".join(dict.fromkeys(f"“{user.name}”" for user in users[:_TOLD]))
        super().__init__(
            Text(
                f"“{path}”还在使用，没有删除：{places}等 {len(users)} 处用到它。请先在这些地方换成别的，再删除。",
                f"“{path}” is still in use and was not removed: {places}, {len(users)} places in all. "
                "Put something else there first.",
            )
        )


@guarded("draft.edit")
def remove_piece(desk: Desk, actor: Actor, draft: int, path: str, base: str, note: str = "") -> Saved:
    """Remove file ``path``, of which the reader saw the content with hash ``base``.

    Of what is made from a pattern the line goes that says so.

    Raises:
        PieceInUse: something uses this piece, and no other of that name takes its place.
        DraftConflict: somebody changed it meanwhile.
    """
    users = what_uses(desk, actor, draft, path)
    if users:
        raise PieceInUse(path, users)
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        files = tree_of(desk, tx, draft).files
    if path not in files and (uses := without_pattern(files, path)) is not None:
        kept = uses if load_yaml(uses.decode()) else None
        return save_file(desk, actor, draft, uses_of(path), kept, hash_of(files[uses_of(path)]), note or "删除")
    return save_file(desk, actor, draft, path, None, base, note or "删除")


@guarded("draft.view")
def what_uses(desk: Desk, actor: Actor, draft: int, path: str) -> tuple[PieceUser, ...]:
    """Return what would miss the piece at ``path`` of a draft if it went."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        return _users(tree_of(desk, tx, draft), path)


def _users(tree: DraftTree, path: str) -> tuple[PieceUser, ...]:
    if path.startswith(f"{FORMS}/"):
        what = Text("采用这个范本", "takes this pattern")
        takers = takers_of_pattern(tree.files, stem(path))
        return tuple(PieceUser(taker, stem(taker), stem(taker), what) for taker in takers)
    without = {name: content for name, content in tree.filled.items() if name != path}
    places = Places(without, *tree.package.key.split("/"))
    if kind_of(path) is PieceKind.FORM:
        return () if stem(path) in places.forms() else users_of_form(tree.package, stem(path))
    if kind_of(path) is PieceKind.DOCUMENT:
        return () if stem(path) in places.documents() else users_of_document(tree.package, stem(path))
    if kind_of(path) is PieceKind.DIAGRAM:
        return users_of_diagram(tree.package, path)
    if kind_of(path) is PieceKind.TABLE:
        return users_of_table(tree.package, path)
    if "/scoring/" in path:
        return () if stem(path) in places.scoring() else users_of_edition(tree.package, stem(path))
    return ()
