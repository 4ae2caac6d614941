"""The proof sheet of a draft, with what the newest run of each scenario came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.proof_sheet import ProofSheet, proof_sheet
from service.casework.studio.run_scenarios import list_scenarios


@dataclass(frozen=True, slots=True)
class DraftProofs:
    """A proof sheet; ``passed`` tells of the scenarios that were run on the draft as it is whether they pass."""

    sheet: ProofSheet
    passed: Mapping[str, bool]


@guarded("draft.view")
def view_proofs(desk: Desk, actor: Actor, draft: int) -> DraftProofs:
    """Return the proof sheet of ``draft``."""
    found = list_scenarios(desk, actor, draft)
    passed = {line.file.path: line.passed for line in found.lines if line.passed is not None and not line.stale}
    return DraftProofs(proof_sheet(found.package), passed)
