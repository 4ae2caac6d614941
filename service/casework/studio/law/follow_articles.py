"""Let what a draft writes name articles by the numbers that an amendment gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.save_files import FileChange, changes_of, save_files, text_of
from service.catalog.law.law import Law, Renumbering
from service.catalog.law_text.amend import ClauseAct, ClauseChange
from service.catalog.law_text.moved_places import place_now
from service.catalog.law_text.register import set_renumbering
from service.catalog.law_text.renumber import MovedArticles
from service.catalog.law_text.renumbered_files import files_followed, files_naming
from service.catalog.tree import Files
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Followed:
    """The new texts by path, and what the register notes as left; None where nothing moved."""

    texts: dict[str, str]
    left: Renumbering | None


@guarded("draft.edit")
def follow_articles(desk: Desk, actor: Actor, draft: int, path: str = "") -> int:
    """Let the file ``path`` name the new numbers, every file that waits for it without one; returns how many changed.

    A place that names an article that is gone, or perhaps one of another regulation, stays and is to be looked at. Raises
    Conflict where the file waits no more.
    """
    tree, city, left = _opened(desk, actor, draft, path)
    paths = frozenset({path} if path else left.follow)
    after = following(tree, city, MovedArticles(left.articles), paths & set(left.follow))
    look = [one for one in (after.left.look if after.left else ()) if one in paths]
    rest = Renumbering(left.articles, tuple(p for p in left.follow if p not in paths), _joined(left.look, look))
    _save(desk, actor, draft, tree, city, rest, changes_of(tree, after.texts), "改成条文的新编号")
    return len(after.texts)


@guarded("draft.edit")
def keep_articles(desk: Desk, actor: Actor, draft: int, path: str) -> None:
    """Note that somebody looked at the articles that the file ``path`` names: it stays as it is. Raises Conflict."""
    tree, city, left = _opened(desk, actor, draft, path)
    rest = Renumbering(left.articles, _without(left.follow, path), _without(left.look, path))
    _save(desk, actor, draft, tree, city, rest, (), "已核对条文的编号")


@guarded("draft.view")
def articles_left(desk: Desk, actor: Actor, draft: int) -> tuple[str, ...]:
    """Return the files of a draft that still name articles by old numbers."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        left = tree_of(desk, tx, draft).package.law.renumbered
    return (*left.follow, *left.look) if left else ()


def own_files(tree: DraftTree) -> Files:
    """Return the files of a draft as they are edited: what patterns make of them follows by itself."""
    return {path: data for path, data in tree.files.items() if path in tree.filled}


def following(tree: DraftTree, city: str, moved: MovedArticles, paths: frozenset[str]) -> Followed:
    """Return the texts of the files ``paths`` with the new numbers, and what else names moved articles as left."""
    files, title = own_files(tree), tree.package.law.title
    naming = files_naming(files, city, title, moved.numbers)
    texts = files_followed(files, city, title, moved.numbers, paths)
    follow = tuple(one.path for one in naming if one.path not in paths and any(place.after for place in one.places))
    look = tuple(one.path for one in naming if one.path not in follow and not one.clear)
    return Followed(texts, Renumbering(moved.numbers, follow, look))


def moves_articles(
    law: Law, changes: Sequence[ClauseChange], taken: Sequence[ClauseChange], moved: MovedArticles
) -> bool:
    """Tell whether the changes ``taken`` of all ``changes`` move articles or take some away.

    Raises:
        Invalid: some of what moves articles is taken and some is not, or an earlier amendment is not followed yet.
    """
    if not moved.numbers:
        return False
    whole = [one for one in changes if one.act is ClauseAct.RENUMBER or one.placed or _goes(one, moved)]
    among = [one for one in whole if one in taken]
    if among and len(among) < len(whole) and any(moved.numbers.values()):
        raise Invalid(
            Text(
                "条文的编号要一起改：增加、删去整条和由此改编号的各项，请都勾选，或者都不勾选。"
                "删去的条款还有引用的，勾选“删去的条款，连同上面列出的一起写入”；要由您决定的，先到那里改引别的条款，再回来写入。",
                "Articles get their numbers together: tick every article that is added, removed or numbered anew, or none of "
                "them. Where a clause that goes is still cited, tick that it goes with what is listed; what is yours to decide "
                "cites another first.",
            )
        )
    if among and law.renumbered is not None:
        raise Invalid(
            Text(
                "上一次修改决定改了编号，还有文件没有跟着改。请先在“问题”中处理完，再写入这一次的。",
                "Files have not yet followed the numbers of the amendment before: see to them under Problems first.",
            )
        )
    return bool(among)


def _goes(change: ClauseChange, moved: MovedArticles) -> bool:
    place = change.before.article if change.before is not None else ""
    return change.act is ClauseAct.REMOVE and place_now(place, moved.numbers) is None


def _opened(desk: Desk, actor: Actor, draft: int, path: str) -> tuple[DraftTree, str, Renumbering]:
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    left = tree.package.law.renumbered
    if left is None or (path and path not in (*left.follow, *left.look)):
        raise Conflict(
            Text(
                f"“{path or '这份草稿'}”中已经没有要改的条文编号，可能刚刚有人处理过。请刷新页面。",
                f"Nothing waits for new numbers of articles in “{path or 'this draft'}”: reload the page.",
            )
        )
    return tree, row.package.partition("/")[0], left


def _save(
    desk: Desk,
    actor: Actor,
    draft: int,
    tree: DraftTree,
    city: str,
    rest: Renumbering,
    changes: Sequence[FileChange],
    note: str,
) -> None:
    register = f"processes/{city}/law.yaml"
    before = text_of(tree, register)
    save_files(desk, actor, draft, [FileChange(register, before, set_renumbering(before, rest)), *changes], note)


def _without(paths: Sequence[str], path: str) -> tuple[str, ...]:
    return tuple(one for one in paths if one != path)


def _joined(first: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))
