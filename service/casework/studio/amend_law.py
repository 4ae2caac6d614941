"""Amend the register of a draft by a decision (修改决定): proposed first, then what was confirmed is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
from service.catalog.law_text.amended_values import AmendedValue, amended_values
from service.catalog.law_text.decision import read_decision
from service.catalog.law_text.register import add_clauses, change_clause, remove_clause
from service.catalog.parameter_entries import change_parameter, is_exact, set_value
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text

_SAID = ("article", "summary", "text")


@dataclass(frozen=True, slots=True)
class ProposedValue:
    """A parameter that takes the new number of its clause."""

    amended: AmendedValue

    @property
    def key(self) -> str:
        """What chooses it, the same for the same change alone: notice_days:5:7."""
        return f"{self.amended.parameter.id}:{self.amended.old}:{self.amended.new}"


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """A change of the register, the lines that name the clause it changes or takes away, and the values that follow it."""

    number: int
    change: ClauseChange
    uses: tuple[ClauseUse, ...]
    values: tuple[ProposedValue, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendmentProposal:
    """What a decision changes; ``running`` counts the cases of the award that have not ended."""

    changes: tuple[ProposedChange, ...]
    running: int


@guarded("draft.view")
def propose_amendment(desk: Desk, actor: Actor, draft: int, decision: str) -> AmendmentProposal:
    """Return what ``decision`` changes in the register and the parameters of a draft; nothing is written. Raises Invalid."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        place, _, award = row.package.partition("/")
        running = tx.cases.count_behind(place, award, "")
    return AmendmentProposal(_proposed(tree, place, decision), running)


@guarded("draft.edit")
def confirm_amendment(
    desk: Desk, actor: Actor, draft: int, decision: str, chosen: Collection[int], keys: Collection[str] = ()
) -> int:
    """Write the changes whose numbers are ``chosen`` and the values of these ``keys``; returns how many.

    Raises:
        ClauseInUse: a clause that goes is cited.
        Invalid: nothing is chosen, or one parameter would become two numbers.
        Conflict: a value is not proposed any more, since the draft was changed.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    city = row.package.partition("/")[0]
    proposals = _proposed(tree, city, decision)
    wanted = [p for p in proposals if p.number in chosen and p.change.act is not ClauseAct.LOOK]
    values = _chosen_values(proposals, keys)
    if not wanted and not values:
        raise Invalid(Text("没有选中任何修改。请至少勾选一项。", "Nothing is ticked: tick at least one change."))
    path = f"processes/{city}/law.yaml"
    before = text = text_of(tree, path)
    for proposed in wanted:
        if proposed.change.act is ClauseAct.REMOVE and proposed.uses and proposed.change.before is not None:
            raise ClauseInUse(proposed.change.before.id, proposed.uses)
        text = _written(text, proposed.change)
    files = [FileChange(path, before, text)] if wanted else []
    files += [_with_values(tree, values)] if values else []
    save_files(desk, actor, draft, files, f"按修改决定修改条款{len(wanted)}处、参数{len(values)}个")
    return len(wanted) + len(values)


def _proposed(tree: DraftTree, city: str, decision: str) -> tuple[ProposedChange, ...]:
    points = read_decision(decision)
    if not points:
        raise Invalid(
            Text(
                "没有读出修改内容。修改决定的每一项应写成“将第十三条修改为：……”“删去第十条”“增加一条，作为第二十一条：……”。",
                "No change was found: points read “将第十三条修改为：…”, “删去第十条”, “增加一条，作为第二十一条：…”.",
            )
        )
    changes = proposed_changes(tree.package.law, points)
    parameters = tree.package.award.parameters
    return tuple(
        ProposedChange(
            number,
            change,
            uses_of_clause(tree.filled, city, change.before.id) if change.before else (),
            tuple(ProposedValue(amended) for amended in amended_values(parameters, change)),
        )
        for number, change in enumerate(changes, 1)
    )


def _chosen_values(proposals: Iterable[ProposedChange], keys: Collection[str]) -> list[AmendedValue]:
    """Return the values that the ``keys`` choose, each once; raises Conflict, Invalid."""
    offered = {value.key: value.amended for proposed in proposals for value in proposed.values}
    if not offered.keys() >= set(keys):
        raise Conflict(
            Text(
                "参数刚刚被改过，勾选的修改与现在的取值对不上，没有写入。请重新读取修改决定再勾选。",
                "The parameters were changed just now, and what is ticked does not fit them; nothing was written. Read the "
                "decision again.",
            )
        )
    values = [amended for key, amended in offered.items() if key in keys]
    becomes: dict[str, int] = {}
    for one in values:
        if becomes.setdefault(one.parameter.id, one.new) != one.new:
            name, first = one.parameter.text, becomes[one.parameter.id]
            raise Invalid(
                Text(
                    f"参数“{name.zh}”不能同时改为{first}和{one.new}。请只勾选一项。",
                    f"“{name.en}” cannot become {first} and {one.new}: tick one of them.",
                )
            )
    return values


def _with_values(tree: DraftTree, values: Iterable[AmendedValue]) -> FileChange:
    """Return parameters.yaml with new values and bounds; one key that says all three follows its value."""
    path = tree.package.parameters_file
    before = text = text_of(tree, path)
    for one in values:
        ident = one.parameter.id
        if one.value:
            text = set_value(text, ident, one.new)
        if not is_exact(text, ident):
            text = change_parameter(text, ident, dict.fromkeys(one.bounds, one.new))
    return FileChange(path, before, text)


def _written(text: str, change: ClauseChange) -> str:
    if change.after is None:
        return remove_clause(text, change.before.id) if change.before else text
    if change.before is None:
        return add_clauses(text, [change.after])
    before, after = change.before, change.after
    said = {key: getattr(after, key) or None for key in _SAID if getattr(after, key) != getattr(before, key)}
    return change_clause(text, before.id, said)
