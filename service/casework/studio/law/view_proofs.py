"""The proof sheet of a draft, with what the newest run of each scenario came to."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.proof_sheet import ProofSheet, proof_sheet
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.law.try_clauses import trials_of
from service.casework.studio.scenarios.scenario_verdicts import verdicts_of


@guarded("draft.view")
def view_proofs(desk: Desk, actor: Actor, draft: int) -> ProofSheet:
    """Return the proof sheet of ``draft``: proved is what a scenario that passed on this revision proves.

    Of the trials of its clauses those stand on it that hold for the draft as it is.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        return proof_sheet(tree.package, verdicts_of(tx, draft, tree), trials_of(tx, draft, tree))
