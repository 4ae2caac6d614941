"""Amend the register of a draft by a decision (修改决定): proposed first, then what was confirmed is written."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import open_for_change, visible_draft
from service.casework.studio.draft_tree import DraftTree, tree_of
from service.casework.studio.remove_clause import ClauseInUse
from service.casework.studio.save_files import FileChange, save_files, text_of
from service.catalog.clause_uses import ClauseUse, uses_of_clause
from service.catalog.law_text.amend import ClauseAct, ClauseChange, proposed_changes
from service.catalog.law_text.decision import read_decision
from service.catalog.law_text.register import add_clauses, change_clause, remove_clause
from service.domain.errors import Invalid
from service.domain.text import Text

_SAID = ("article", "summary", "text")


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A change of the register, and the lines that name the clause it changes or takes away."""

    number: int
    change: ClauseChange
    uses: tuple[ClauseUse, ...]


@guarded("draft.view")
def propose_amendment(desk: Desk, actor: Actor, draft: int, decision: str) -> tuple[ProposedChange, ...]:
    """Return what ``decision`` changes in the register of a draft; nothing is written. Raises Invalid."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    return _proposed(tree, row.package.partition("/")[0], decision)


@guarded("draft.edit")
def confirm_amendment(desk: Desk, actor: Actor, draft: int, decision: str, chosen: Collection[int]) -> int:
    """Write the changes whose numbers are ``chosen``; returns how many. Raises ClauseInUse, Invalid."""
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    city = row.package.partition("/")[0]
    wanted = [p for p in _proposed(tree, city, decision) if p.number in chosen and p.change.act is not ClauseAct.LOOK]
    if not wanted:
        raise Invalid(Text("没有选中任何修改。请至少勾选一项。", "Nothing is ticked: tick at least one change."))
    path = f"processes/{city}/law.yaml"
    before = text = text_of(tree, path)
    for proposed in wanted:
        if proposed.change.act is ClauseAct.REMOVE and proposed.uses and proposed.change.before is not None:
            raise ClauseInUse(proposed.change.before.id, proposed.uses)
        text = _written(text, proposed.change)
    save_files(desk, actor, draft, [FileChange(path, before, text)], f"按修改决定修改条款{len(wanted)}处")
    return len(wanted)


def _proposed(tree: DraftTree, city: str, decision: str) -> tuple[ProposedChange, ...]:
    points = read_decision(decision)
    if not points:
        raise Invalid(
            Text(
                "没有读出修改内容。修改决定的每一项应写成“将第十三条修改为：……”“删去第十条”“增加一条，作为第二十一条：……”。",
                "No change was found: points read “将第十三条修改为：…”, “删去第十条”, “增加一条，作为第二十一条：…”.",
            )
        )
    return tuple(
        ProposedChange(number, change, uses_of_clause(tree.filled, city, change.before.id) if change.before else ())
        for number, change in enumerate(proposed_changes(tree.package.law, points), 1)
    )


def _written(text: str, change: ClauseChange) -> str:
    if change.after is None:
        return remove_clause(text, change.before.id) if change.before else text
    if change.before is None:
        return add_clauses(text, [change.after])
    before, after = change.before, change.after
    said = {key: getattr(after, key) or None for key in _SAID if getattr(after, key) != getattr(before, key)}
    return change_clause(text, before.id, said)
