"""The proof sheet: for every clause the scenarios that fail without it, as published with a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.studied_packages import studied_package
from service.catalog import Package
from service.catalog.clause_trials import ClauseTrial, trial_of
from service.catalog.matrix import ClauseLine, ClauseStatus, Verdicts, as_played, matrix
from service.catalog.proof import Proof
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """The clauses of a package in the order of the text, each with what carries it out and what proves it.

    ``played`` tells which scenarios passed with the package as it is; None where nobody knows (a deployed folder).
    ``trials`` are those of the clauses that were tried, by clause.
    """

    package: Package
    lines: tuple[ClauseLine, ...]
    counts: Mapping[ClauseStatus, int]
    played: Verdicts | None = None
    trials: Mapping[str, ClauseTrial] = field(default_factory=dict)

    @property
    def proved(self) -> int:
        """How many clauses a scenario proves that passed, as far as that is known."""
        return sum(any(self.holds(proof) for proof in line.proofs) for line in self.lines)

    def holds(self, proof: Proof) -> bool:
        """Return whether an expectation proves its clause: it looks at it, and its scenario is not known to do otherwise."""
        return proof.looks and (self.played is None or self.played.get(proof.scenario) is True)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The files of the scenarios that prove something."""
        return tuple(sorted({proof.scenario for line in self.lines for proof in line.proofs}))


@guarded("law.study")
def view_proof_sheet(desk: Desk, actor: Actor, key: str) -> ProofSheet:
    """Return the proof sheet of the published package ``key``; raises NotFound."""
    with desk.store.read() as tx:
        package = studied_package(desk, tx, actor, key)
        kept = _at_publication(tx, package)
        scenarios = kept.get("scenarios")
        played = None if scenarios is None else {path: _KEPT[word] for path, word in scenarios.items()}
        trials = {clause: trial_of(clause, found) for clause, found in kept.get("trials", {}).items()}
        return proof_sheet(package, played, trials)


def proof_sheet(
    package: Package, played: Verdicts | None = None, trials: Mapping[str, ClauseTrial] | None = None
) -> ProofSheet:
    """Return the proof sheet of ``package``, with what its scenarios and the trials came to where that is known."""
    found = matrix([package])
    found = found if played is None else as_played(found, played)
    counts = {status: sum(line.status is status for line in found.lines) for status in ClauseStatus}
    return ProofSheet(package, tuple(found.lines), counts, played, trials or {})


def _at_publication(tx: Transaction, package: Package) -> Mapping[str, Any]:
    """Return what is on record of the publication of the version; nothing where it was not published in the studio."""
    for row in reversed(tx.package_events.of_package(package.key)):
        if row.action == "published" and row.data.get("version") == package.version:
            found: Mapping[str, Any] = row.data
            return found
    return {}


_KEPT = {"met": True, "unmet": False, "unplayed": None}
