"""The proof sheet: for every clause the scenarios that fail without it, as published with a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.studied_packages import studied_package
from service.catalog import Package
from service.catalog.matrix import ClauseLine, ClauseStatus, matrix


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """The clauses of a package in the order of the text, each with what carries it out and what proves it."""

    package: Package
    lines: tuple[ClauseLine, ...]
    counts: Mapping[ClauseStatus, int]

    @property
    def proved(self) -> int:
        """How many clauses some scenario proves."""
        return sum(any(proof.looks for proof in line.proofs) for line in self.lines)

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The files of the scenarios that prove something."""
        return tuple(sorted({proof.scenario for line in self.lines for proof in line.proofs}))


@guarded("law.study")
def view_proof_sheet(desk: Desk, actor: Actor, key: str) -> ProofSheet:
    """Return the proof sheet of the published package ``key``; raises NotFound."""
    with desk.store.read() as tx:
        return proof_sheet(studied_package(desk, tx, actor, key))


def proof_sheet(package: Package) -> ProofSheet:
    """Return the proof sheet of ``package``."""
    found = matrix([package])
    counts = {status: sum(line.status is status for line in found.lines) for status in ClauseStatus}
    return ProofSheet(package, tuple(found.lines), counts)
