"""The matrix of published versions, with what testing their clauses came to when they were published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.catalog import Package
from service.catalog.coverage.matrix import Matrix, as_tried, matrix
from service.catalog.law.clause_trials import ClauseTrial, trial_of
from service.store import Transaction


def published_matrix(tx: Transaction, packages: Sequence[Package]) -> Matrix:
    """Return the matrix of the packages of a place: a clause of which something was missing unnoticed is proved in part."""
    found = matrix(packages)
    for package in packages:
        found = as_tried(found, trials_at_publication(at_publication(tx, package)))
    return found


def at_publication(tx: Transaction, package: Package) -> Mapping[str, Any]:
    """Return what is on record of the publication of the version; nothing where it was not published in the studio."""
    for row in reversed(tx.package_events.of_package(package.key)):
        if row.action == "published" and row.data.get("version") == package.version:
            found: Mapping[str, Any] = row.data
            return found
    return {}


def trials_at_publication(kept: Mapping[str, Any]) -> Mapping[str, ClauseTrial]:
    """Return what taking out what cites each clause had come to, of what is ``kept`` of a publication."""
    return {clause: trial_of(clause, found) for clause, found in kept.get("trials", {}).items()}
