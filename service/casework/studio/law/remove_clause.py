"""Take a clause out of the register of a draft, or let what cites it cite another."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.save_files import FileChange, changes_of, save_files, text_of
from service.catalog import Package
from service.catalog.coverage.clause_places import ClausePlace, clause_places
from service.catalog.law.clause_uses import ClauseUse, rebound, uses_of_clause
from service.catalog.law_text.register import remove_clause as without
from service.catalog.pieces.piece_kinds import title_of
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.wording.numbers import counted

_MOST_NAMED = 5


class ClauseInUse(Conflict):
    """A clause that something cites cannot be removed; ``uses`` says where."""

    code = "clause_in_use"

    def __init__(self, package: Package, ident: str, uses: tuple[ClauseUse, ...]) -> None:
        places = clause_places(package, uses, (ident,))
        named = "、".join(f"“{_called(package, place)}”" for place in places[:_MOST_NAMED])
        more = f"等{len(places)}处" if len(places) > _MOST_NAMED else ""
        super().__init__(
            Text(
                f"条款“{ident}”正被引用，不能移除：{named}{more}。请先让这些地方改引其他条款，或者取消引用。",
                f"Clause “{ident}” is cited in {counted(len(places), 'place')} and cannot be removed: let them cite another first.",
            )
        )
        self.uses = uses


def _called(package: Package, place: ClausePlace) -> str:
    return place.source.label if place.source else title_of(package, place.path)


@guarded("draft.edit")
def remove_clause(desk: Desk, actor: Actor, draft: int, ident: str) -> None:
    """Remove clause ``ident``; raises ClauseInUse where something cites it, NotFound where it is not there."""
    tree, city = _opened(desk, actor, draft)
    uses = uses_of_clause(tree.filled, city, ident)
    if uses:
        raise ClauseInUse(tree.package, ident, uses)
    path = f"processes/{city}/law.yaml"
    before = text_of(tree, path)
    save_files(desk, actor, draft, [FileChange(path, before, without(before, ident))], f"移除条款 {ident}")


@guarded("draft.edit")
def rebind_clause(desk: Desk, actor: Actor, draft: int, old: str, new: str) -> int:
    """Let everything that cites ``old`` cite ``new``; returns how many files changed. Raises Invalid."""
    tree, city = _opened(desk, actor, draft)
    if new not in tree.package.law.clauses or new == old:
        raise Invalid(
            Text(f"条款登记中没有“{new}”，请从登记中选另一条。", f"There is no other clause “{new}” in the register.")
        )
    sources = {path: data for path, data in tree.files.items() if path in tree.filled}
    changes = changes_of(tree, rebound(sources, city, old, new))
    save_files(desk, actor, draft, changes, f"改引条款 {old} → {new}")
    return len(changes)


def _opened(desk: Desk, actor: Actor, draft: int) -> tuple[DraftTree, str]:
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        return tree_of(desk, tx, draft), row.package.partition("/")[0]
