"""Clauses that ask for something to happen and are cited only where nothing can: a citation alone carries nothing out."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.catalog.bpmn.model import Element, Kind
from service.catalog.coverage.coverage import Citation, cited_in, coverage
from service.catalog.coverage.parameter_readers import unread
from service.catalog.forms.forms import fields_of_file
from service.catalog.law_text.numbers import numbers_in
from service.catalog.package import Package

_ACTING = ("time_limit", "quota", "vote", "prize", "sanction", "notice")
"""Kinds of clauses that ask for a day, a number, a vote, a payment or a bar."""
_NAMES = ("award", "process", "amendment")
"""Citations of the award, of a kind of case or of a diagram as a whole, and of what is said of running cases."""
_WORDS = ("document", "form")
_COUNTED = ("number", "datetime")
"""Fields whose values are numbers or days, which they may hold to a bound."""
_QUOTED, _NUMBER = re.compile(r'"[^"]*"'), re.compile(r"\d|\bparam\b")
_SILENT = (Kind.START, Kind.END, Kind.PARALLEL, Kind.EVENT_GATEWAY, Kind.SUBPROCESS)
"""Elements that pass a case on and do nothing with it, unless they wait for or throw something."""


def cited_only(package: Package) -> Mapping[str, tuple[Citation, ...]]:
    """Return the clauses whose every citation is one that cannot carry them out, with those citations.

    What an expectation of a scenario proves is carried out wherever it is cited; what is words only is said so. A clause
    whose number nothing reads is not carried out by the steps that cite it beside the number; neither is one whose words
    say a number that stands in no parameter, by a row, a field or a way that asks for no number at all.
    """
    found, idle, clauses = cited_in(package), idle_numbers(package), package.law.clauses
    said = {p for parameter in package.award.parameters.values() for p in parameter.clauses}

    def without_number(ident: str) -> bool:
        return ident not in said and bool(numbers_in(clauses[ident].text or clauses[ident].summary))

    bare = {
        ident: tuple(found[ident])
        for ident in (ident for ident, clause in clauses.items() if ident in found and not clause.words_only)
        if ident in idle
        or (
            clauses[ident].kind in _ACTING
            and all(
                _is_idle(package, citation) or (_reads_no_number(package, citation) and without_number(ident))
                for citation in found[ident]
            )
        )
    }
    unproved = frozenset(coverage(package).unproved) if bare else frozenset()
    return {ident: places for ident, places in bare.items() if ident in unproved}


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


def _reads_no_number(package: Package, citation: Citation) -> bool:
    """Tell whether a row, a field or a way that cites asks for no number: neither one written there nor a parameter."""
    if citation.kind == "table_row":
        rows = (row for t in package.tables.values() if t.file == citation.file for row in t.rows)
        row = next((row for row in rows if row.id == citation.element), None)
        return row is not None and not any(map(_has_number, (*row.inputs, *row.outputs)))
    if citation.kind == "form_field":
        found = fields_of_file(package.files[citation.file], citation.file)
        held = next((one for one in found if citation.element in (one.path, one.id)), None)
        return held is not None and held.type not in _COUNTED and not any(map(_has_number, held.conditions))
    diagram = package.diagrams.get(citation.file)
    flow = diagram.flows.get(citation.element) if diagram else None
    return flow is not None and not _has_number(flow.condition)


def _has_number(formula: str) -> bool:
    return bool(_NUMBER.search(_QUOTED.sub("", formula)))


def _does_nothing(element: Element, kind: str) -> bool:
    if element.kind in _SILENT:
        return element.trigger is None and not element.outcome
    return kind == "time_limit" and element.kind in (Kind.USER_TASK, Kind.MANUAL_TASK) and not element.due
