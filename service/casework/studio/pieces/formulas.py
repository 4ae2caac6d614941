"""A formula while it is typed: the words of its place, what is wrong and where, its value on the sample record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, holding, tree_of
from service.catalog import Package
from service.catalog.feel import compiled
from service.catalog.formula_help.form_place import form_of, form_values
from service.catalog.formula_help.judge import Fault, compile_text, faults_of, syntax_fault
from service.catalog.formula_help.sample import Sample, sample_of
from service.catalog.formula_help.trial import Trial
from service.catalog.formula_help.tried import Tried, tried
from service.catalog.formula_help.words import Words, words_at
from service.catalog.parameters.counting import counting_of
from service.catalog.rules.tables import judge_constant_column
from service.domain.calendar import CHINA
from service.domain.errors import Invalid, LaurelError
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text

_MOST_FACTS = 200


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """What a formula reads while it is tried: the record's title, its values, and the environment of time."""

    title: Text
    values: Mapping[str, Any]
    trial: Trial


def trial_record(desk: Desk, tree: DraftTree, facts: Mapping[str, str]) -> TrialRecord:
    """Return the sample of a draft with ``facts`` laid over it: FEEL by dotted path, which may read the record.

    Raises Invalid where a fact is no FEEL value.
    """
    sample = sample_of_draft(tree)
    trial = sample_time(desk, tree.package, sample)
    return TrialRecord(sample.title, _laid_over(sample.values, facts, trial), trial)


def sample_time(desk: Desk, package: Package, sample: Sample) -> Trial:
    """Return the environment of time in which the sample of a draft is read."""
    counting = counting_of(package.jurisdiction, package.award.time_settings, sample.values["param"])
    return Trial(datetime.combine(sample.day, time(9), CHINA), desk.calendar(package.jurisdiction.calendar), counting)


def sample_of_draft(tree: DraftTree) -> Sample:
    """Return the sample record of a draft at its revision, made once and let go with the package."""
    package = tree.package
    folder = f"processes/{package.key}/scenarios/"

    def made() -> Sample:
        return sample_of(package, {p: data for p, data in tree.filled.items() if p.startswith(folder)})

    return package.derived("sample record", made)


def _laid_over(values: Mapping[str, Any], facts: Mapping[str, str], trial: Trial) -> Mapping[str, Any]:
    if len(facts) > _MOST_FACTS:
        raise Invalid(
            Text(f"一次最多改 {_MOST_FACTS} 个事实。", f"At most {_MOST_FACTS} facts can be changed at once.")
        )
    if not facts:
        return values
    changed: dict[str, Any] = dict(values)
    for path, text in facts.items():
        parts = path.split(".")
        _put(changed, parts, _value(path, text, values, trial))
    return changed


def _put(values: dict[str, Any], parts: list[str], value: object) -> None:
    if len(parts) == 1:
        values[parts[0]] = value
        return
    inside = values.get(parts[0])
    values[parts[0]] = held = dict(inside) if isinstance(inside, Mapping) else {}
    _put(held, parts[1:], value)


def _value(path: str, text: str, values: Mapping[str, Any], trial: Trial) -> object:
    try:
        return compiled(text or "null").evaluate(values, trial)
    except LaurelError as mistake:
        raise Invalid(
            Text(
                f'“{path}”的值“{text[:60]}”写得不对：{mistake.message.zh}文字要加英文引号，例如 "yes"。',
                f'The value “{text[:60]}” of “{path}” is wrong: {mistake.message.en} Texts stand in quotes, such as "yes".',
            )
        ) from mistake


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
