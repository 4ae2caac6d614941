"""A formula while it is typed: the words it may use at its place, and what is wrong and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import holding, tree_of
from service.casework.studio.pieces.trial_records import sample_of_draft, trial_record
from service.catalog.formula_help.form_place import form_of, form_values
from service.catalog.formula_help.judge import Fault, compile_text, faults_of, syntax_fault
from service.catalog.formula_help.sample import Sample
from service.catalog.formula_help.tried import Tried, tried
from service.catalog.formula_help.words import Words, words_at
from service.catalog.rules.tables import judge_constant_column
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class OfferedWords:
    """Names and functions of a place, and the sample whose values are shown with them."""

    words: Words
    sample: Sample


@guarded("draft.view")
def offer_words(desk: Desk, actor: Actor, draft: int, path: str, element: str, field: str) -> OfferedWords:
    """Return what a formula in ``field`` of ``element`` of the file ``path`` may read and call; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    return OfferedWords(words_at(holding(tree, path), path, element, field), sample_of_draft(tree))


@dataclass(frozen=True, slots=True)
class TypedFormula:
    """A text that is being typed: ``tests`` for the condition of a cell, then ``input_text`` is its column's expression.

    ``facts`` are values (FEEL) by path over the sample.
    """

    text: str
    tests: bool = False
    input_text: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JudgedFormula:
    """What is wrong with a formula; its value where it can be computed, and the title of the record it was tried on."""

    faults: tuple[Fault, ...]
    value: Tried | None = None
    record: Text | None = None


@guarded("draft.view")
def judge_formula(
    desk: Desk, actor: Actor, draft: int, path: str, element: str, place: str, typed: TypedFormula
) -> JudgedFormula:
    """Judge what was typed in field ``place`` of ``element`` of the file ``path``; nothing is saved.

    Raises NotFound where there is no such place.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    package = holding(tree, path)
    words = words_at(package, path, element, place)
    try:
        found = compile_text(typed.text, tests=typed.tests, functions=words.callable)
    except FeelSyntaxError as mistake:
        return JudgedFormula((syntax_fault(typed.text, mistake),))
    record = trial_record(desk, tree, typed.facts)
    form = form_of(package, path)
    values = form_values(package, form, element, record.values) if form else record.values
    value = tried(found, values, record.trial, words.names, typed.input_text, in_form=form is not None)
    faults = faults_of(typed.text, found, words)
    if typed.tests and (idle := judge_constant_column(typed.input_text, typed.text.strip())):
        return JudgedFormula((Fault(0, len(typed.text), *idle), *faults), None, record.title)
    return JudgedFormula(faults, value, record.title)
