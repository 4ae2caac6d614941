"""Amend the register of a draft by a decision (修改决定): proposed first, then what was confirmed is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, grown, tree_of
from service.casework.studio.drafts.save_files import FileChange, changes_of, save_files, text_of
from service.casework.studio.law.follow_articles import Followed, following, moves_articles, own_files
from service.casework.studio.law.remove_clause import ClauseInUse
from service.catalog.coverage.clause_withdrawal import Withdrawal, withdrawn
from service.catalog.law.clause_uses import ClauseUse, uses_of_clause
from service.catalog.law_text.amend import ClauseAct, ClauseChange, proposed_changes
from service.catalog.law_text.amended_register import register_amended
from service.catalog.law_text.amended_values import AmendedValue, LeftValue, amended_values, left_values
from service.catalog.law_text.decision import in_force_on, read_decision
from service.catalog.law_text.renumber import MovedArticles, moved_articles
from service.catalog.law_text.renumbered_files import NamingFile, files_naming
from service.catalog.law_text.worded_files import (
    WordedFile,
    files_reworded,
    files_saying,
    reworded,
    words_throughout,
)
from service.catalog.parameters.parameter_entries import change_parameter, is_exact, set_value
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store.rows import PackageDraftRow

MOST_ORDERS = 500
"""So many orders of a decision are read at once: each is shown with the point that it stands in."""


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
    """A change of the register, the lines that name the clause it changes or takes away, and the values that follow it.

    ``left`` are parameters that have a number which the clause says no more. A new number of its article alone has none of
    them: the clause says what it said.
    """

    number: int
    change: ClauseChange
    uses: tuple[ClauseUse, ...]
    values: tuple[ProposedValue, ...] = ()
    left: tuple[LeftValue, ...] = ()


@dataclass(frozen=True, slots=True)
class AmendmentProposal:
    """What a decision changes; ``running`` counts the cases of the award that have not ended.

    ``moved`` are the articles that get other numbers or go, ``naming`` the files that name them by the old ones.
    ``withdrawal`` is what becomes of what cites the clauses that go, None where nothing does; ``since`` the day from which
    the decision says it is in force; ``worded`` are the files that say words which change throughout the text.
    """

    changes: tuple[ProposedChange, ...]
    running: int
    moved: MovedArticles
    naming: tuple[NamingFile, ...]
    withdrawal: Withdrawal | None = None
    since: date | None = None
    worded: tuple[WordedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedAmendment:
    """What the ``count`` chosen changes of a decision make of the files of a draft, and what its history says of it."""

    changes: tuple[FileChange, ...]
    note: str
    count: int


@guarded("draft.view")
def propose_amendment(desk: Desk, actor: Actor, draft: int, decision: str) -> AmendmentProposal:
    """Return what ``decision`` changes in the register and the parameters of a draft; nothing is written. Raises Invalid."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        place, _, award = row.package.partition("/")
        running = tx.cases.count_behind(place, award, "")
    changes, moved = _proposed(tree, place, decision)
    naming = files_naming(own_files(tree), place, tree.package.law.title, moved.numbers)
    going = frozenset(_going(p for p in changes if p.uses))
    away = withdrawn(tree.files, tree.filled, tree.package, going) if going else None
    points = read_decision(decision)
    worded = files_saying(own_files(tree), place, words_throughout(points))
    return AmendmentProposal(changes, running, moved, naming, away, in_force_on(points), worded)


@guarded("draft.edit")
def confirm_amendment(
    desk: Desk,
    actor: Actor,
    draft: int,
    decision: str,
    chosen: Collection[int],
    keys: Collection[str] = (),
    follow: Collection[str] = (),
    reword: Collection[str] = (),
    *,
    renumber: bool = False,
    away: bool = False,
    since: date | None = None,
) -> int:
    """Write the changes whose numbers are ``chosen`` and the values of these ``keys``; returns how many.

    ``renumber``: also every clause of which only numbers change. ``away``: what rests on the clauses that go alone goes with
    them, what rests on others too cites those alone. ``since`` is the first day of the values, None to put each in the place of
    the one before. Where articles get other numbers, the files ``follow`` name the new ones; every other file that names the old ones is
    noted in the register, and a problem of the draft until somebody has seen to it. The files ``reword`` say the words that
    change throughout as the decision says them.

    Raises:
        ClauseInUse: a clause that goes is cited.
        Invalid: nothing is chosen, one parameter would become two numbers, only a part of what moves articles is chosen, or a
            value begins on a later day already.
        Conflict: a value is not proposed any more, since the draft was changed.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    plan = planned_amendment(
        desk, tree, row, decision, chosen, keys, follow, reword, renumber=renumber, away=away, since=since
    )
    save_files(desk, actor, draft, plan.changes, plan.note)
    return plan.count


def planned_amendment(
    desk: Desk,
    tree: DraftTree,
    row: PackageDraftRow,
    decision: str,
    chosen: Collection[int],
    keys: Collection[str],
    follow: Collection[str],
    reword: Collection[str],
    *,
    renumber: bool,
    away: bool,
    since: date | None,
) -> PlannedAmendment:
    """Return what `confirm_amendment` writes into the draft ``row`` that holds ``tree``; raises as that."""
    city = row.package.partition("/")[0]
    proposals, moved = _proposed(tree, city, decision)
    wanted = [p for p in proposals if _is_taken(p, chosen, renumber)]
    values = _chosen_values(proposals, keys)
    words = words_throughout(read_decision(decision))
    said = files_reworded(own_files(tree), city, words, reword)
    if not wanted and not values and not said:
        raise Invalid(Text("没有选中任何修改。请至少勾选一项。", "Nothing is ticked: tick at least one change."))
    texts = _taken_away(tree, wanted, away)
    work = grown(desk, row.package, tree, {**tree.files, **texts}) if texts else tree
    after = {name: content.decode() for name, content in texts.items()}
    after |= _register(work, city, proposals, wanted, moved, follow)
    if values:
        file = tree.package.parameters_file
        after[file] = _with_values(values, after.get(file) or text_of(tree, file), since)
    after |= {name: reworded(after[name], words) if name in after else text for name, text in said.items()}
    note = f"按修改决定修改条款{len(wanted)}处、参数{len(values)}个、文件{len(said)}个"
    return PlannedAmendment(changes_of(tree, after), note, len(wanted) + len(values) + len(said))


def _register(
    tree: DraftTree,
    city: str,
    proposals: Sequence[ProposedChange],
    wanted: Sequence[ProposedChange],
    moved: MovedArticles,
    follow: Collection[str],
) -> dict[str, str]:
    """Return the register with what is ``wanted`` of the changes, and the files that follow articles which got other numbers."""
    taken, path = [p.change for p in wanted], f"processes/{city}/law.yaml"
    moves = moves_articles(tree.package.law, [p.change for p in proposals], taken, moved)
    followed = following(tree, city, moved, frozenset(follow)) if moves else Followed({}, None)
    if not wanted:
        return dict(followed.texts)
    renumbered, title = moved if moves else None, tree.package.law.title
    return followed.texts | {path: register_amended(text_of(tree, path), taken, renumbered, title, followed.left)}


def _going(proposals: Iterable[ProposedChange]) -> Iterator[str]:
    """Yield the clauses that go."""
    for proposed in proposals:
        if proposed.change.act is ClauseAct.REMOVE and proposed.change.before is not None:
            yield proposed.change.before.id


def _taken_away(tree: DraftTree, wanted: Iterable[ProposedChange], away: bool) -> Mapping[str, bytes]:
    """Return the files in which nothing cites the clauses that go; raises ClauseInUse where something still would."""
    cited = {proposed.number: proposed for proposed in wanted if proposed.uses}
    going = list(_going(cited.values()))
    if not going:
        return {}
    if not away:
        first = next(p for p in cited.values() if p.change.act is ClauseAct.REMOVE)
        raise ClauseInUse(tree.package, going[0], first.uses)
    found = withdrawn(tree.files, tree.filled, tree.package, going)
    if found.left:
        raise ClauseInUse(tree.package, going[0], found.left)
    return found.files


def _proposed(tree: DraftTree, city: str, decision: str) -> tuple[tuple[ProposedChange, ...], MovedArticles]:
    points = read_decision(decision)
    if not points:
        raise Invalid(
            Text(
                "没有读出修改内容。修改决定的每一项应写成“将第十三条修改为：……”“删去第十条”“增加一条，作为第二十一条：……”。",
                "No change was found: points read “将第十三条修改为：…”, “删去第十条”, “增加一条，作为第二十一条：…”.",
            )
        )
    if len(points) > MOST_ORDERS:
        raise Invalid(
            Text(
                f"修改决定有 {len(points)} 处修改，一次最多读 {MOST_ORDERS} 处。请分成几次。",
                f"The decision orders {len(points)} changes, and {MOST_ORDERS} are read at once: bring it in parts.",
            )
        )
    changes = proposed_changes(tree.package.law, points)
    proposed = tuple(_with_uses(tree, city, number, change) for number, change in enumerate(changes, 1))
    return proposed, moved_articles(tree.package.law, points)


def _with_uses(tree: DraftTree, city: str, number: int, change: ClauseChange) -> ProposedChange:
    if change.before is None or change.act is ClauseAct.RENUMBER:
        return ProposedChange(number, change, ())
    parameters = tree.package.award.parameters
    values = tuple(ProposedValue(amended) for amended in amended_values(parameters, change))
    uses = uses_of_clause(tree.filled, city, change.before.id)
    return ProposedChange(number, change, uses, values, tuple(left_values(parameters, change)))


def _is_taken(proposed: ProposedChange, chosen: Collection[int], renumber: bool) -> bool:
    act = proposed.change.act
    return act is not ClauseAct.LOOK and (proposed.number in chosen or (renumber and act is ClauseAct.RENUMBER))


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


def _with_values(values: Iterable[AmendedValue], text: str, since: date | None) -> str:
    """Return parameters.yaml with new values, from a day on, and bounds; one key that says all three follows its value."""
    for one in values:
        ident = one.parameter.id
        if one.value:
            text = set_value(text, ident, one.new, since, amended=since is not None)
        if not is_exact(text, ident):
            text = change_parameter(text, ident, dict.fromkeys(one.bounds, one.new))
    return text
