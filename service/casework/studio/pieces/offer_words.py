"""The words that a formula of a draft may use at its place, with what they hold on the sample."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import holding, tree_of
from service.casework.studio.pieces.trial_records import sample_of_draft
from service.catalog.formula_help.sample import Sample
from service.catalog.formula_help.words import Words, words_at


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
