"""A formula while it is typed: the words of its place, what is wrong and where; the sample record."""

from __future__ import annotations

from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, get_containing_package, tree_of
from service.catalog.formula_help.judge import Fault, compile_text, faults_of, syntax_fault
from service.catalog.formula_help.sample import Sample, sample_of
from service.catalog.formula_help.words import Words, words_at
from service.catalog.rules.tables import judge_constant_column
from service.domain.feel import FeelSyntaxError
from service.domain.feel.limits import MAX_TEXT
from service.domain.values.bounds import Example, Length, Named, OneOf


def sample_of_draft(tree: DraftTree) -> Sample:
    """Return the sample record of a draft at its revision, made once and let go with the package."""
    package = tree.package
    folder = f"processes/{package.key}/scenarios/"

    def build_sample() -> Sample:
        return sample_of(package, {p: data for p, data in tree.filled.items() if p.startswith(folder)})

    return package.derived("sample record", build_sample)


@guarded("draft.view")
def offer_words(desk: Desk, actor: Actor, draft: int, path: str, element: str = "", field: str = "") -> Words:
    """List what a formula may read and call at a place; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    return words_at(get_containing_package(tree, path), path, element, field)


@guarded("draft.view")
def judge_formula(
    desk: Desk,
    actor: Actor,
    draft: int,
    path: str,
    text: Annotated[str, Length(0, 4 * MAX_TEXT), Example("1 + 1")],
    element: str = "",
    field: str = "",
    kind: Annotated[str, OneOf(("expression", "tests"))] = "expression",
    input_text: Annotated[str, Length(0, MAX_TEXT), Named("input")] = "",
) -> tuple[Fault, ...]:
    """Judge a formula that is being typed; nothing is saved.

    ``kind`` is "tests" for the condition of a cell, ``input`` the expression of its column then. Raises NotFound where
    there is no such place.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    words = words_at(get_containing_package(tree, path), path, element, field)
    try:
        compiled = compile_text(text, tests=kind == "tests", functions=words.callable)
    except FeelSyntaxError as mistake:
        return (syntax_fault(text, mistake),)
    faults = faults_of(text, compiled, words)
    if kind == "tests" and (idle := judge_constant_column(input_text, text.strip())):
        return (Fault(0, len(text), *idle), *faults)
    return faults
