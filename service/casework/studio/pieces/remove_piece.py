"""Remove a diagram, table, form, document or scenario from a draft; what is still in use stays, and where is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog.patterns.patterns import FORMS, uses_of, without_pattern
from service.catalog.pieces.piece_kinds import PieceKind, kind_of, takers_of_pattern, title_of
from service.catalog.source.formatting import load_yaml
from service.catalog.tree import Places, get_file_stem
from service.catalog.uses.piece_users import (
    PieceUser,
    users_of_diagram,
    users_of_document,
    users_of_edition,
    users_of_form,
    users_of_table,
)
from service.domain.errors import Conflict
from service.domain.text import Text
from service.domain.wording.numbers import counted

_TOLD = 6


def _quote_title(called: str) -> str:
    """Return a title in quotation marks, where it has none of its own: “公布处理决定”的文书."""
    return called if "“" in called else f"“{called}”"


class PieceInUse(Conflict):
    """A piece is still used; ``users`` says where."""

    code = "piece_in_use"

    def __init__(self, path: str, users: tuple[PieceUser, ...], called: str) -> None:
        self.path, self.users = path, users
        self.members = {"errors": [{"path": each.file, "place": each.place, **each.what.as_json()} for each in users]}
        places = "、".join(dict.fromkeys(f"“{user.name}”" for user in users[:_TOLD]))
        super().__init__(
            Text(
                f"{_quote_title(called)}还在使用，没有删除：{places}等 {len(users)} 处用到它。请先在这些地方换成别的，再删除。",
                f"{_quote_title(called)} is still in use and was not removed: {places}, {counted(len(users), 'place')} in all. "
                "Put something else there first.",
            )
        )


class PieceGivesWay(PieceInUse):
    """Another piece would be used in place of one that goes: ``instead`` is its file, ``users`` who would use it."""

    code = "piece_gives_way"

    def __init__(self, path: str, users: tuple[PieceUser, ...], called: str, instead: str) -> None:
        super().__init__(path, users, called)
        self.instead = instead
        self.message = Text(
            f"{_quote_title(called)}还在使用，没有删除：有 {len(users)} 处用到它。删除以后，这些地方改用各地共用的同名一份，"
            f"内容以共用的为准。请先看共用的那一份，确认后再删除。",
            f"{_quote_title(called)} is in use in {counted(len(users), 'place')} and was not removed. Without it they use the one of that name which "
            f"places share, and say what it says. Look at it first, then confirm.",
        )


@guarded("draft.edit")
def remove_piece(
    desk: Desk, actor: Actor, draft: int, path: str, base: str, note: str = "", *, give_way: bool = False
) -> Saved:
    """Remove file ``path``, of which the reader saw the content with hash ``base``.

    Of what is made from a pattern the line goes that says so. ``give_way``: it is meant that another of that name is used
    in its place.

    Raises:
        PieceInUse: something uses this piece, and no other of that name takes its place.
        PieceGivesWay: another of that name would be used in its place, which is not confirmed.
        DraftConflict: somebody changed it meanwhile.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    users, instead = _find_users(tree, path)
    if users and (instead is None or not give_way):
        called = title_of(tree.package, path, tree.filled)
        raise PieceInUse(path, users, called) if instead is None else PieceGivesWay(path, users, called, instead)
    files = tree.files
    if path not in files and (uses := without_pattern(files, path)) is not None:
        remaining_uses = uses if load_yaml(uses.decode()) else None
        return save_file(
            desk, actor, draft, uses_of(path), remaining_uses, hash_of(files[uses_of(path)]), note or "删除"
        )
    return save_file(desk, actor, draft, path, None, base, note or "删除")


def _find_users(tree: DraftTree, path: str) -> tuple[tuple[PieceUser, ...], str | None]:
    """Return who uses the piece at ``path``, and the file that would be used in its place if there is one."""
    if path.startswith(f"{FORMS}/"):
        what = Text("采用这个范本", "takes this pattern")
        takers = takers_of_pattern(tree.files, get_file_stem(path))
        return tuple(PieceUser(taker, get_file_stem(taker), get_file_stem(taker), what) for taker in takers), None
    package, kind, ident = tree.package, kind_of(path), get_file_stem(path)
    now = Places(tree.filled, *package.key.split("/"))
    rest = Places({name: content for name, content in tree.filled.items() if name != path}, *package.key.split("/"))
    if kind is PieceKind.FORM:
        return _find_lookup_users(path, now.forms(), rest.forms(), lambda: users_of_form(package, ident))
    if kind is PieceKind.DOCUMENT:
        return _find_lookup_users(path, now.documents(), rest.documents(), lambda: users_of_document(package, ident))
    if kind is PieceKind.DIAGRAM:
        return users_of_diagram(package, path), None
    if kind is PieceKind.TABLE:
        return users_of_table(package, path), None
    if "/scoring/" in path:
        return _find_lookup_users(path, now.scoring(), rest.scoring(), lambda: users_of_edition(package, ident))
    return (), None


def _find_lookup_users(
    path: str, now: Mapping[str, str], rest: Mapping[str, str], users: Callable[[], tuple[PieceUser, ...]]
) -> tuple[tuple[PieceUser, ...], str | None]:
    """Return who uses what is looked up at ``path``, nobody where another file comes before it, and what comes after it."""
    ident = get_file_stem(path)
    return (users(), rest.get(ident)) if now.get(ident, path) == path else ((), rest[ident])
