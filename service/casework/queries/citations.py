"""Clauses as people cite them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.catalog import Package


@dataclass(frozen=True, slots=True)
class Citation:
    """One clause: its article, what it says in our words, the regulation, and where to read on."""

    id: str
    article: str
    summary: str
    law: str
    href: str


def cite(package: Package, clauses: Iterable[str]) -> tuple[Citation, ...]:
    """Return the clauses of ``package``'s regulation; an id it does not know is shown as it is."""
    return tuple(_citation(package, ident) for ident in clauses)


def _citation(package: Package, ident: str) -> Citation:
    known = package.law.clauses.get(ident)
    href = f"/portal/{package.key}/regulation#{ident}"
    if known is None:
        return Citation(ident, ident, "", f"《{package.law.title}》", href)
    return Citation(ident, known.article, known.summary, f"《{package.law.title}》", href)
