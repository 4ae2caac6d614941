"""Clauses that ask for something to happen and are cited only where nothing can: a citation alone carries nothing out."""

from __future__ import annotations

from collections.abc import Mapping

from service.catalog.bpmn.model import Element, Kind
from service.catalog.coverage import Citation, coverage
from service.catalog.package import Package
from service.catalog.parameter_readers import unread

_ACTING = ("time_limit", "quota", "vote", "prize", "sanction", "notice")
"""Kinds of clauses that ask for a day, a number, a vote, a payment or a bar."""
_NAMES = ("award", "process", "amendment")
"""Citations of the award, of a kind of case or of a diagram as a whole, and of what is said of running cases."""
_WORDS = ("document", "form")
_SILENT = (Kind.START, Kind.END, Kind.PARALLEL, Kind.EVENT_GATEWAY, Kind.SUBPROCESS)
"""Elements that pass a case on and do nothing with it, unless they wait for or throw something."""


def cited_only(package: Package) -> Mapping[str, tuple[Citation, ...]]:
    """Return the clauses whose every citation is one that cannot carry them out, with those citations.

    What an expectation of a scenario proves is carried out wherever it is cited; what is words only is said so. A clause
    whose number nothing reads is not carried out by the steps that cite it beside the number.
    """
    found, idle = coverage(package), idle_numbers(package)
    return {
        ident: found.where[ident]
        for ident in found.unproved
        if ident in idle
        or (
            package.law.clauses[ident].kind in _ACTING
            and all(_is_idle(package, citation) for citation in found.where[ident])
        )
    }


def idle_numbers(package: Package) -> frozenset[str]:
    """Return the clauses whose number stands in a parameter that nothing reads, and in none that something reads."""
    idle = {parameter.id for parameter in unread(package)}
    told = {clause for parameter in unread(package) for clause in parameter.clauses}
    used = {c for p in package.award.parameters.values() if p.id not in idle for c in p.clauses}
    return frozenset(told - used)


def _is_idle(package: Package, citation: Citation) -> bool:
    """Tell whether what cites can do nothing of what the kind of the clause asks for."""
    kind = package.law.clauses[citation.clause].kind
    if citation.kind in _NAMES:
        return True
    if citation.kind in _WORDS or citation.kind == "tier":
        return kind == "time_limit" or (citation.kind in _WORDS and kind in ("quota", "vote", "prize"))
    diagram = package.diagrams.get(citation.file)
    element = diagram.elements.get(citation.element) if diagram else None
    if diagram is not None and element is None:
        flow = diagram.flows.get(citation.element)
        return flow is not None and not flow.condition
    return element is not None and _does_nothing(element, kind)


def _does_nothing(element: Element, kind: str) -> bool:
    if element.kind in _SILENT:
        return element.trigger is None and not element.outcome
    return kind == "time_limit" and element.kind in (Kind.USER_TASK, Kind.MANUAL_TASK) and not element.due
