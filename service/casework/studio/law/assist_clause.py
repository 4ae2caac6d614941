"""Assist with a clause: parameter, citation on an element, and an expectation that proves it, shown before it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import DraftTree, grown, tree_of
from service.casework.studio.drafts.save_files import FileChange, changes_of, save_files, text_of
from service.casework.studio.law.cited_element import cited_on
from service.casework.studio.law.drawn_pictures import DrawnPicture, drawn_pictures
from service.casework.studio.law.failing_proofs import OtherProofs, other_proofs
from service.casework.studio.law.former_proofs import scenario_for, title_of_proof
from service.casework.studio.law.kept_preview import kept_preview
from service.casework.studio.law.not_shown import not_shown
from service.casework.studio.law.prove_clause import demand_scenario, proving_rows, with_expectations
from service.casework.studio.law.text_proofs import ONLY_LAID
from service.casework.studio.law.touched_seasons import touched_seasons
from service.casework.studio.law.typed_assistance import (
    compared,
    drawn_share,
    idents_of,
    typed_parameters,
    unit_for,
    with_parameter,
    without_places,
)
from service.casework.studio.law.typed_bounds import demand_unit
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.law.typed_phases import typed_phases
from service.casework.studio.parameters.lawful_parameter import demand_lawful, demand_readable
from service.catalog.assistants.appeal_drawing import AWAITED as APPEAL_AWAITED
from service.catalog.assistants.carried_drawing import CARRIED_ON
from service.catalog.assistants.clause_drawing import draw_clause
from service.catalog.assistants.clause_names import season_name
from service.catalog.assistants.clause_questions import read_answers
from service.catalog.assistants.clause_wiring import counted_days
from service.catalog.assistants.drawn_answers import answers_over
from service.catalog.assistants.drawn_clause import Drawn, DrawnFor
from service.catalog.assistants.notice_drawing import AWAITED
from service.catalog.assistants.plays import laid_over
from service.catalog.assistants.suspension_drawing import HOW_SUSPENDED
from service.catalog.assistants.tie_drawing import AGE_AS_SCORE
from service.catalog.clause_kinds.clause_assistants import ASSISTANTS, AssistKind
from service.catalog.clause_kinds.phase_days import PhaseDays
from service.catalog.law_text.tie_said import TieOrder
from service.catalog.layout.kept_drawing import keep_drawing
from service.catalog.names.written_words import WrittenFile, written_words
from service.catalog.new_city.group_places import limited_by
from service.catalog.new_city.score_pieces import cut_by, weighed_by
from service.catalog.new_city.shortlist_pieces import cut_first_by
from service.catalog.patterns.pattern_uses import uses_of, without_pattern
from service.catalog.scenarios.expectation_words import row_texts
from service.domain.text import Text
from service.domain.values.whole_numbers import typed_whole_number

NOT_PLAYED = OtherProofs()
PARTS = 3
"""Of how many parts a preview is made."""
PROVING = Text(
    "走一遍所选的情景、碰到所画的情景和证明别的条款的情景",
    "playing the chosen scenario, those that what is drawn touches and those that prove other clauses",
)
_SHOWING = Text("走一遍所选的情景，找出能证明这一条的结果", "playing the chosen scenario for what proves the clause")
_DRAWING = Text("画出改动前后的流程图", "drawing the diagrams before and after")
_TOLD = {AssistKind.CARRIED: CARRIED_ON, AssistKind.SUSPENSION: HOW_SUSPENDED}
"""What is to be known of a kind whenever it is drawn."""
Tell = Callable[[int, int, Text], None]
"""Hears how many parts of a proposal are done, of how many, and what is done now; may end it by an exception."""


def told_nobody(done: int, total: int, doing: Text) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Assistance:
    """The files that would change, with their diagrams and in sentences.

    ``expected`` is what proves the clause, in words, or in ``remark`` why there is none. ``departing`` tells of what was
    typed otherwise than the text says: nothing of that is written as its word, and no answer of it is proved. ``others`` is
    what became of the chosen scenario and those that prove other clauses, where they were asked for. ``touched`` are the
    scenarios in which something waits longer from then on: they are to be played once it is written.
    """

    changes: tuple[FileChange, ...]
    expected: Text | None
    remark: Text | None
    pictures: tuple[DrawnPicture, ...] = ()
    written: tuple[WrittenFile, ...] = ()
    departing: Text | None = None
    others: OtherProofs = NOT_PLAYED
    touched: tuple[str, ...] = ()

    @property
    def expectation(self) -> str:
        """The expectation in Chinese, "" where there is none."""
        return self.expected.zh if self.expected else ""


@guarded("draft.edit")
def propose_assistance(
    desk: Desk, actor: Actor, draft: int, typed: TypedAssistance, others_s: float = 0.0
) -> Assistance:
    """Return what the assistant would write; raises Invalid, with the article, for what the law does not allow.

    With ``others_s`` the chosen scenario and those that prove other clauses are played under it, none begun after so many seconds. No
    season is played while the draft is read: a unit of work is not held as long as one lasts.
    """
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    return finished_assistance(desk, tree, begun_assistance(desk, row.package, tree, typed), others_s)


@guarded("draft.edit")
def write_assistance(desk: Desk, actor: Actor, draft: int, typed: TypedAssistance) -> Assistance:
    """Write what a preview of it showed, else what `propose_assistance` shows; returns that and raises as it does."""
    proposal = kept_preview(desk, draft, typed.asked, Assistance) or propose_assistance(desk, actor, draft, typed)
    with desk.store.read() as tx:
        article = tree_of(desk, tx, draft).package.law.article(typed.clause)
    note = f"{article}：{ASSISTANTS[typed.kind].title.zh}"
    save_files(desk, actor, draft, proposal.changes, note)
    return proposal


@dataclass(frozen=True, slots=True)
class BegunAssistance:
    """What is written for a clause before any season is played: files ``texts``, the draft ``changed`` by them, what is ``drawn``."""

    typed: TypedAssistance
    texts: Mapping[str, bytes]
    changed: DraftTree


def begun_assistance(desk: Desk, key: str, tree: DraftTree, typed: TypedAssistance) -> BegunAssistance:
    """Return what an assistant writes into the draft ``tree`` of package ``key``, without its proof; raises as `propose_assistance`."""
    typed = with_parameter(tree, compared(tree, typed))
    demand_unit(tree.package, typed)
    texts: dict[str, bytes] = {path: text.encode() for path, text in typed_parameters(tree, typed).items()}
    drawn = Drawn()
    if not typed.element:
        drawn = draw_clause({**tree.files, **texts}, tree.filled, tree.package, _wanted(tree, typed))
    texts |= {path: keep_drawing(tree.filled.get(path, b""), content, path) for path, content in drawn.files.items()}
    changed = grown(desk, key, tree, files_made_own(tree, {**tree.files, **texts}, texts))
    path = tree.package.parameters_file
    demand_readable(tree, changed.package, path)
    for ident in dict.fromkeys((*idents_of(typed), *typed_phases(tree, typed))):
        demand_lawful(
            changed.package, tree.package.award.parameters.get(ident), changed.package.award.parameters[ident]
        )
    for element in (typed.element,) if typed.element else drawn.citing:
        texts |= cited_on(changed, typed, element)
        changed = grown(desk, key, tree, files_made_own(tree, {**tree.files, **texts}, texts))
    if typed.scenario:
        demand_scenario(changed.filled, typed.scenario)
    return BegunAssistance(typed, texts, changed)


def finished_assistance(
    desk: Desk, tree: DraftTree, begun: BegunAssistance, others_s: float = 0.0, tell: Tell = told_nobody
) -> Assistance:
    """Return what was begun with its proof and, with ``others_s``, what becomes of other scenarios, as `propose_assistance`."""
    typed, changed, texts = begun.typed, begun.changed, dict(begun.texts)
    tell(0, PARTS, _SHOWING)
    proof = _proof(desk, tree, changed, typed) if typed.scenario and not typed.departures.answers else None
    texts |= {proof.path: proof.text.encode()} if proof and proof.words else {}
    after = {path: content.decode() for path, content in texts.items()}
    played, touched = {**changed.filled, **texts}, touched_seasons(tree, changed.package, typed)
    tell(1, PARTS, PROVING)
    others = other_proofs(
        desk,
        (tree.package, tree.filled),
        (changed.package, played),
        typed.clause,
        (typed.scenario, *touched),
        others_s,
        lambda: tell(1, PARTS, PROVING),
    )
    tell(2, PARTS, _DRAWING)
    return Assistance(
        changes_of(tree, after),
        proof.words if proof else None,
        _remark(tree, changed, typed, proof),
        tuple(drawn_pictures(tree.package, changed.package)),
        written_words(changed.package, tree.filled, played),
        typed.departures.remark,
        others,
        touched,
    )


def _remark(tree: DraftTree, changed: DraftTree, typed: TypedAssistance, proof: _Proof | None) -> Text | None:
    """Return why there is no proof, or what else is to be known of what is written."""
    if proof and not proof.words:
        return not_shown(changed.package, typed.element)
    if typed.kind is AssistKind.NOTICE and typed.answers.get("before") and not typed.element:
        return AWAITED
    if typed.kind is AssistKind.APPEAL and not typed.element:
        return APPEAL_AWAITED
    if typed.kind is AssistKind.TIE and typed.answers.get("order") == TieOrder.OLDER and not typed.element:
        return AGE_AS_SCORE
    if typed.kind in _TOLD and not typed.element:
        return _TOLD[typed.kind]
    return without_places(tree, typed)


def _wanted(tree: DraftTree, typed: TypedAssistance) -> DrawnFor:
    second = idents_of(typed)[1] if len(idents_of(typed)) > 1 else ""
    answers = read_answers(typed.kind, answers_over(tree.package, typed.kind, typed.parameter, typed.answers))
    answers |= {
        "value": typed.value,
        "share": drawn_share(tree, typed),
        "departing": typed.departures.answers | typed.departures.unsaid,
    }
    if typed.kind is AssistKind.OBJECTION_WINDOW and (days := typed_whole_number(typed.value)) is not None:
        answers["reply"] = PhaseDays(days, unit_for(tree, typed))
        answers["departing"] |= {"reply"} if "value" in {*typed.departures.fields, *typed.departures.unsaid} else set()
    if typed.kind is AssistKind.NOTICE:
        held = tree.package.award.parameters.get(typed.parameter)
        answers["name"] = held.name if held is not None else typed.name
    if typed.kind is AssistKind.CORRECTION:
        answers["due"] = counted_days(unit_for(tree, typed), typed.parameter)
    if typed.kind is AssistKind.CUT_OFF:
        unit, first = unit_for(tree, typed), answers["before"] == "second"
        answers["ranking"] = (
            cut_first_by(unit, typed.parameter, typed.tier, answers)
            if first
            else cut_by(tree.package, unit, typed.parameter, typed.tier)
        )
    if typed.kind is AssistKind.GROUP_PLACES:
        answers["ranking"] = limited_by(tree.package, str(answers["group"]), typed.parameter)
    if typed.kind is AssistKind.WEIGHTS:
        answers["ranking"] = weighed_by(typed.parameter, second, thrice=bool(answers["third"]))
    return DrawnFor(typed.kind, typed.clause, typed.parameter, second, typed.tier, answers, unit_for(tree, typed))


@dataclass(frozen=True, slots=True)
class _Proof:
    """A scenario with an expectation more; ``words`` None where none shows the clause."""

    path: str
    text: str
    words: Text | None


def _proof(desk: Desk, tree: DraftTree, changed: DraftTree, typed: TypedAssistance) -> _Proof:
    """Return the chosen scenario with an expectation that shows the clause, or a new one in which the clause shows."""
    title = season_name(changed.package, typed.clause, typed.parameter, typed.tier)
    season = text_of(changed, typed.scenario)
    laid = laid_over(season, typed.kind, changed.package, typed.parameter, title, typed.tier)
    fresh = scenario_for(desk, tree, changed, typed, title, laid)
    named = title_of_proof(tree, fresh, title)
    if laid and named != title:
        laid = laid_over(season, typed.kind, changed.package, typed.parameter, named, typed.tier)
    for path, text in [(fresh, laid)] * bool(laid) + [(typed.scenario, season)] * (typed.kind not in ONLY_LAID):
        files = {**changed.filled, path: str(text).encode()}
        found = proving_rows(desk, files, changed.package, typed.kind, typed.element, path, typed.parameter)
        if found.rows:
            said = list(map(row_texts(changed.package), found.rows))
            words = Text("；".join(one.zh for one in said), "; ".join(one.en for one in said))
            return _Proof(path, with_expectations(changed.package, str(text), found, typed.clause), words)
    return _Proof(typed.scenario, season, None)


def files_made_own(tree: DraftTree, files: Mapping[str, bytes], texts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the raw files where what was made of a pattern and is written now is one of the place's own."""
    made = dict(files)
    for path in texts:
        uses = without_pattern(made, path) if path in tree.filled else None
        if uses is not None:
            made[uses_of(path)] = uses
    return made
