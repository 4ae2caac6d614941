"""The proof sheet: for every clause the scenarios that fail without it, as published with a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.law.published_matrix import at_publication, trials_at_publication
from service.casework.queries.law.studied_packages import studied_package
from service.catalog import Package
from service.catalog.coverage.matrix import ClauseLine, ClauseStatus, Verdicts, as_played, as_tried, matrix
from service.catalog.law.clause_trials import ClauseTrial, TrialVerdict
from service.catalog.law.proof import Proof
from service.store import Transaction

_NOT_PROVED = (ClauseStatus.UNPROVED, ClauseStatus.PARTLY)


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """The clauses of a package in the order of the text, each with what carries it out and what proves it.

    The proofs of a clause begin with the shortest scenario that keeps within the law and was seen to fail without what
    cites the clause. One that is played under parameters beyond the law proves nothing, and a clause of which every
    change goes unnoticed is not proved, one of which some do only in part: all of them stand as open.

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
        return sum(
            line.status not in _NOT_PROVED and any(self.holds(proof) for proof in line.proofs) for line in self.lines
        )

    @property
    def beyond_law(self) -> int:
        """How many clauses are shown only by scenarios that are played under parameters beyond the law."""
        return sum(line.beyond_law for line in self.lines)

    @property
    def unnoticed(self) -> int:
        """How many clauses no scenario misses when what cites them is taken out or changed."""
        return sum(_is_unnoticed(line, self.trials) for line in self.lines)

    def holds(self, proof: Proof) -> bool:
        """Return whether an expectation proves its clause: it looks at it, and its scenario is not known to do otherwise."""
        return proof.looks and not proof.beyond and (self.played is None or self.played.get(proof.scenario) is True)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The files of the scenarios that prove something."""
        return tuple(sorted({proof.scenario for line in self.lines for proof in line.proofs}))


@guarded("law.study")
def view_proof_sheet(desk: Desk, actor: Actor, key: str) -> ProofSheet:
    """Return the proof sheet of the published package ``key``; raises NotFound."""
    with desk.store.read() as tx:
        return sheet_at_publication(tx, studied_package(desk, tx, actor, key))


def sheet_at_publication(tx: Transaction, package: Package) -> ProofSheet:
    """Return the proof sheet of a published package with what its scenarios and the trials came to then."""
    kept = at_publication(tx, package)
    scenarios = kept.get("scenarios")
    played = None if scenarios is None else {path: _KEPT[word] for path, word in scenarios.items()}
    return proof_sheet(package, played, trials_at_publication(kept))


def proof_sheet(
    package: Package, played: Verdicts | None = None, trials: Mapping[str, ClauseTrial] | None = None
) -> ProofSheet:
    """Return the proof sheet of ``package``, with what its scenarios and the trials came to where that is known."""
    found = matrix([package])
    trials = trials or {}
    found = as_tried(found if played is None else as_played(found, played), trials)
    lines = tuple(_as_shown(line, trials) for line in found.lines)
    counts = {status: sum(line.status is status for line in lines) for status in ClauseStatus}
    return ProofSheet(package, lines, counts, played, trials)


def _as_shown(line: ClauseLine, trials: Mapping[str, ClauseTrial]) -> ClauseLine:
    """Return the line with its best proof first."""
    if not line.proofs:
        return line
    trial = trials.get(line.clause.id)
    failing = {one.scenario for one in trial.changes if one.noticed} if trial else set()
    ordered = sorted(
        line.proofs,
        key=lambda proof: (
            not proof.looks, bool(proof.beyond), bool(failing) and proof.scenario not in failing, proof.steps, proof.line,
        ),
    )  # fmt: skip
    return replace(line, proofs=tuple(ordered))


def _is_unnoticed(line: ClauseLine, trials: Mapping[str, ClauseTrial]) -> bool:
    trial = trials.get(line.clause.id)
    return trial is not None and trial.verdict is TrialVerdict.UNNOTICED and not trial.left


_KEPT = {"met": True, "unmet": False, "unplayed": None}
