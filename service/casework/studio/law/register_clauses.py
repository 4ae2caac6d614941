"""Put confirmed passages of a law into the clause register of a draft."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_files import FileChange, save_files, text_of
from service.catalog.law.law import Clause
from service.catalog.law_text.pieces import LawPiece, clauses_of
from service.catalog.law_text.register import add_clauses, new_register
from service.domain.errors import Invalid
from service.domain.text import Text


@guarded("draft.edit")
def register_clauses(
    desk: Desk, actor: Actor, draft: int, prefix: str, pieces: Sequence[LawPiece], title: str = ""
) -> tuple[Clause, ...]:
    """Add a clause for each of ``pieces`` at the end of law.yaml and return them; raises Invalid where there is none."""
    if not pieces:
        raise Invalid(Text("没有选中任何条款。请至少勾选一条。", "Nothing is ticked: tick at least one passage."))
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    path = f"processes/{row.package.partition('/')[0]}/law.yaml"
    before = text_of(tree, path)
    clauses = clauses_of(prefix, pieces, set(tree.package.law.clauses))
    after = add_clauses(before, clauses) if before else new_register(title or row.title, clauses)
    note = f"登记条款{len(clauses)}条"
    save_files(desk, actor, draft, [FileChange(path, before, after)], note)
    return clauses
