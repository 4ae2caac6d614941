"""The clauses that the elements of a diagram carry out, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram
from service.catalog.package import Package


def clause_rows(package: Package, diagram: Diagram, language: str) -> Iterator[list[str]]:
    """Yield a row per element and clause: its name, who acts, the article, what the clause asks for."""
    slots = _bound(package, diagram)
    cited = [(e.name or e.id, package.role_of(e), e.clauses) for e in diagram.elements.values()]
    cited += [(flow.name or flow.id, "", flow.clauses) for flow in diagram.flows.values()]
    for name, role, clauses in cited:
        for ident in dict.fromkeys(one for clause in clauses for one in slots.get(clause, (clause,))):
            clause = package.law.clauses.get(ident)
            article, summary = (clause.article, clause.summary) if clause else (ident, "")
            yield [name, role_name(package, role, language), article, summary]


def articles_of_element(package: Package, diagram: Diagram, clauses: tuple[str, ...]) -> str:
    """Return the articles that ``clauses`` of an element stand in, slots bound by the callers."""
    slots = _bound(package, diagram)
    bound = dict.fromkeys(one for clause in clauses for one in slots.get(clause, (clause,)))
    known = (package.law.clauses.get(ident) for ident in bound)
    return "、".join(dict.fromkeys(clause.article for clause in known if clause))


def role_name(package: Package, role: str, language: str) -> str:
    """Return how a role is called, "" for none."""
    known = package.jurisdiction.roles.get(role)
    return known.text.pick(language) if known else ""


def _bound(package: Package, diagram: Diagram) -> dict[str, tuple[str, ...]]:
    """Return the clauses that the callers of a shared diagram put into its slots, by the word that cites the slot."""
    found: dict[str, tuple[str, ...]] = {}
    for other in package.diagrams.values():
        for call in other.calls:
            for slot, clauses in call.slots.items() if call.called == diagram.process_id else ():
                found[f"slot:{slot}"] = found.get(f"slot:{slot}", ()) + clauses
    return found
