"""Assist with a condition of applying: question, row with citation and finding, scenario line, shown before they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import count
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, grown, tree_of
from service.casework.studio.drafts.save_files import changes_of, save_files, text_of
from service.casework.studio.law.assist_clause import (
    PROVING,
    Assistance,
    Tell,
    files_made_own,
    told_nobody,
)
from service.casework.studio.law.failing_proofs import other_proofs
from service.casework.studio.law.kept_preview import CONDITION, kept_preview
from service.casework.studio.law.not_shown import not_shown
from service.casework.studio.law.prove_clause import demand_scenario, proving_rows, with_expectations
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog import Package
from service.catalog.assistants.asked_condition import (
    asked_by,
    condition_of,
    draw_condition,
    introduced_by,
    refused_season,
    rows_of_condition,
)
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.made_id import made_id
from service.catalog.names.written_words import written_words
from service.catalog.new_city.condition_clauses import AttestedCondition, items_of, row_name
from service.catalog.scenarios.expectation_words import row_texts
from service.catalog.tree import below, stem
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class TypedCondition:
    """What was typed: ``words`` of the condition, "" for those of the clause; ``bars``: they say what must not be, None as read.

    ``scenario`` is the season in which somebody is refused by it, "" for none.
    """

    clause: str
    words: str = ""
    bars: bool | None = None
    scenario: str = ""

    @property
    def asked(self) -> dict[str, Any]:
        """What a job keeps of it, to be asked again."""
        return {**asdict(self), "work": CONDITION}


@dataclass(frozen=True, slots=True)
class ConditionItem:
    """An item of a list of conditions; ``rows`` are those that cite it, by name.

    ``clause`` is its own, or the one in whose passage it stands with the others: then a row is of it that is called like it.
    """

    clause: str
    article: str
    words: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionView:
    """What a clause asks of applicants: itself, or the ``items`` that it introduces; ``scenarios`` as (path, title).

    ``answered``: the form asks it already and no scenario proves it: one can show what follows from No.
    """

    words: str
    bars: bool
    asked: str
    rows: tuple[tuple[str, str], ...]
    items: tuple[ConditionItem, ...]
    scenarios: tuple[tuple[str, str], ...]
    answered: bool = False


@guarded("draft.view")
def view_condition(desk: Desk, actor: Actor, draft: int, clause: str) -> ConditionView:
    """Return what clause ``clause`` of a draft asks of applicants, and which rows cite it already; raises NotFound."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    package = tree.package
    found = condition_of(package, clause)
    items = tuple(
        ConditionItem(
            one.id, one.article, one.text or one.summary, tuple(name for _, name in rows_of_condition(package, one.id))
        )
        for one in introduced_by(package, clause)
    ) or tuple(_items_within(package, clause))
    scenarios = tuple((file.path, file.title) for file in scenario_files(tree.filled, row.package))
    rows = tuple(rows_of_condition(package, clause))
    answered = not items and bool(_unproved(tree, row.package, clause))
    return ConditionView(found.words, found.bars, found.asked, rows, items, scenarios, answered)


def _items_within(package: Package, clause: str) -> Iterator[ConditionItem]:
    known = package.law.clause(clause)
    names = [name for _, name in rows_of_condition(package, clause)]
    for place, words in items_of(known):
        written = tuple(name for name in names if name == row_name(words))
        yield ConditionItem(clause, f"{known.article}{place}", words, written)


_ASKING = Text("在每个情景里加上对这一条的回答", "putting the answer into each scenario")
_READING = Text("读改过以后的草稿", "reading the draft as it would be")
_REFUSING = Text("走一遍不符合这一条的情景", "playing the season of a refusal")


@guarded("draft.edit")
def propose_condition(
    desk: Desk, actor: Actor, draft: int, typed: TypedCondition, others_s: float = 0.0, tell: Tell = told_nobody
) -> Assistance:
    """Return what would be written for a condition; raises Invalid where the clause only introduces others or has its row.

    Of a condition that the form asks already, only the scenario is written in which somebody answers No.
    With ``others_s`` the chosen scenario and those that prove other clauses are played under it, none begun after so many seconds.
    """
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    asked = _unproved(tree, row.package, typed.clause) if typed.scenario else ""
    _demand_open(tree, typed, asked)
    condition = condition_of(tree.package, typed.clause, typed.words, bars=typed.bars)
    condition = replace(condition, key=asked) if asked else condition
    seasons, season = _seasons(tree, row.package), count()
    total = seasons + 3
    texts = (
        {}
        if asked
        else draw_condition(tree.filled, tree.package, condition, lambda: tell(next(season), total, _ASKING))
    )
    tell(seasons, total, _READING)
    changed = grown(desk, row.package, tree, files_made_own(tree, {**tree.files, **texts}, texts))
    tell(seasons + 1, total, _REFUSING)
    proof = _proof(desk, changed, typed, condition) if typed.scenario else None
    texts |= {proof.path: proof.text.encode()} if proof else {}
    tell(seasons + 2, total, PROVING)
    played = {**changed.filled, **texts}
    return Assistance(
        changes_of(tree, {path: content.decode() for path, content in texts.items()}),
        proof.words if proof else None,
        not_shown(changed.package, "") if typed.scenario and not proof else None,
        (),
        written_words(changed.package, tree.filled, {**tree.filled, **_told_of(tree, texts)}),
        None,
        other_proofs(
            desk,
            (tree.package, tree.filled),
            (changed.package, played),
            typed.clause,
            typed.scenario,
            others_s,
            lambda: tell(seasons + 2, total, PROVING),
        ),
    )


def demand_proposable(tree: DraftTree, key: str, typed: TypedCondition) -> int:
    """Return of how many parts a proposal for the package ``key`` is made; raises as `propose_condition` where there is none."""
    _demand_open(tree, typed, _unproved(tree, key, typed.clause) if typed.scenario else "")
    return _seasons(tree, key) + 3


def _seasons(tree: DraftTree, key: str) -> int:
    return sum(1 for _ in below(tree.filled, f"processes/{key}/scenarios", ".yaml"))


@guarded("draft.edit")
def write_condition(desk: Desk, actor: Actor, draft: int, typed: TypedCondition) -> Assistance:
    """Write what a preview of it showed, else what `propose_condition` shows; returns that and raises as it does."""
    proposal = kept_preview(desk, draft, typed.asked, Assistance) or propose_condition(desk, actor, draft, typed)
    save_files(desk, actor, draft, proposal.changes, f"申报条件：{typed.clause}")
    return proposal


def _unproved(tree: DraftTree, key: str, clause: str) -> str:
    """Return the key of the question by which ``clause`` is asked already while no scenario proves it, "" otherwise."""
    if items_of(tree.package.law.clause(clause)):  # which of its questions is meant nobody said
        return ""
    seasons = (file.scenario for file in scenario_files(tree.filled, key) if file.scenario is not None)
    proved = any(clause in (row.get("proves") or ()) for season in seasons for row in season.expect)
    return "" if proved else asked_by(tree.package, clause)


def _told_of(tree: DraftTree, texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is told in sentences: seasons that only get an answer more stand among the lines, as many as a place has."""
    return {path: content for path, content in texts.items() if path not in tree.filled or "/scenarios/" not in path}


def _demand_open(tree: DraftTree, typed: TypedCondition, asked: str) -> None:
    clause = typed.clause
    items = items_of(tree.package.law.clause(clause))
    if items and not typed.words.strip():
        raise Invalid(
            Text(
                f"这一条一段里写了{len(items)}项，请逐项落实：点开一项，为它单独写一问和一行。",
                f"This clause has {len(items)} items in one passage: carry out each of them, with a question and a row of its own.",
            )
        )
    if introduced_by(tree.package, clause):
        raise Invalid(
            Text(
                "这一条只引出下面各项，请在各项上逐项落实：每一项的一行会同时引用它。",
                "This clause only introduces the items below it: carry out each of them; its row cites this one too.",
            )
        )
    rows = rows_of_condition(tree.package, clause)
    there = next((row for row in rows if not items or row[1] == row_name(typed.words.strip())), None)
    if there is not None and not asked:
        raise Conflict(
            Text(
                f"条件表里的“{there[1]}”一行已经引用这一条，没有再写。要另写的，先在那一行里去掉这一条。",
                f"The row “{there[1]}” of the conditions cites this clause already; nothing more is written. Take the clause out of "
                "that row first.",
            )
        )


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A scenario in which somebody is refused by the condition, with what it expects in words."""

    path: str
    text: str
    words: Text


def _proof(desk: Desk, changed: DraftTree, typed: TypedCondition, condition: AttestedCondition) -> _Refusal | None:
    demand_scenario(changed.filled, typed.scenario)
    title = f"不符合申报条件：{changed.package.law.article(typed.clause)}"
    text = refused_season(text_of(changed, typed.scenario), condition.key, title)
    if text is None:
        return None
    folder = typed.scenario.rpartition("/")[0]
    path = f"{folder}/{made_id(title, {stem(one) for one in below(changed.filled, folder, '.yaml')}, 'season')}.yaml"
    files = {**changed.filled, path: text.encode()}
    found = proving_rows(desk, files, changed.package, AssistKind.BAR, "", path, finding=condition.key)
    if not found.rows:
        return None
    said = list(map(row_texts(changed.package), found.rows))
    words = Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))
    return _Refusal(path, with_expectations(changed.package, text, found, typed.clause), words)
