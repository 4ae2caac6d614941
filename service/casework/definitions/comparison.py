"""A comparison of two packages as JSON: one documented, stable shape for the command and the page."""

from __future__ import annotations

from typing import Any

from service.casework.desk.jsonable import jsonable
from service.catalog import Clause, Package, Problem, Severity, errors_of
from service.catalog.check import check_package
from service.catalog.compare import ComparedPart, Comparison, Pair, Value
from service.catalog.names.problem_places import placed
from service.catalog.source.freeze import thaw
from service.engine import refused


def as_dict(found: Comparison) -> dict[str, Any]:
    """Return ``{left, right, on, summary, tiers, processes, stages, parameters, clauses, files}``.

    ``left`` and ``right``: ``{package, version, jurisdiction, city, award, law}``. Each row of ``tiers``,
    ``processes`` and ``stages``: ``{id, left, right, same}`` with sides ``{id, name, articles}`` or null. Of
    ``parameters``: ``{id, subject, left, right, same}`` with sides ``{id, key, name, unit, source, value, words,
    clauses, articles, minimum, maximum, choices, values: [{from, value}]}`` or null. Of ``clauses``: ``{key, left,
    right, same}`` with lists ``{id, article, kind, summary}``; ``key`` is the id within one city, the kind between
    two, where ``same`` is null. Of ``files`` (versions of one city): ``{path, change}``: added, removed, changed.
    ``summary`` counts ``parameters``, ``parameters_different``, ``clauses_different``, ``files_different``.
    """
    return {
        "left": _package(found.left),
        "right": _package(found.right),
        "on": found.on.isoformat(),
        "summary": {
            "parameters": len(found.parameters),
            "parameters_different": sum(not p.same for p in found.parameters),
            "clauses_different": sum(not p.same for p in found.clauses) if found.one_city else None,
            "files_different": len(found.files),
        },
        "tiers": [_named(p) for p in found.tiers],
        "processes": [_named(p) for p in found.processes],
        "stages": [_named(p) for p in found.stages],
        "parameters": [
            {"id": p.key, "subject": p.subject, "left": _value(p.left), "right": _value(p.right), "same": p.same}
            for p in found.parameters
        ],
        "clauses": [
            {
                "key": p.key,
                "left": [_clause(c) for c in p.left or ()],
                "right": [_clause(c) for c in p.right or ()],
                "same": p.same if found.one_city else None,
            }
            for p in found.clauses
        ],
        "files": [{"path": p.key, "change": _change(p)} for p in found.files],
    }


def _package(package: Package) -> dict[str, str]:
    return {
        "package": package.key,
        "version": package.version,
        "jurisdiction": package.jurisdiction.id,
        "city": package.jurisdiction.name,
        "award": package.award.name,
        "law": package.law.title,
    }


def _named(pair: Pair[ComparedPart]) -> dict[str, Any]:
    sides = [s and {"id": s.id, "name": s.name, "articles": s.articles} for s in (pair.left, pair.right)]
    return {"id": pair.key, "left": sides[0], "right": sides[1], "same": pair.same}


def _value(side: Value | None) -> dict[str, Any] | None:
    if side is None:
        return None
    p = side.parameter
    return {
        "id": p.id,
        "key": p.key,
        "name": p.name,
        "unit": p.unit.value,
        "source": p.source.value,
        "value": jsonable(thaw(side.value)),
        "words": side.words.zh,
        "clauses": list(p.clauses),
        "articles": side.articles,
        "minimum": jsonable(p.minimum),
        "maximum": jsonable(p.maximum),
        "choices": jsonable(thaw(p.choices)),
        "values": [{"from": d.since.isoformat(), "value": jsonable(thaw(d.value))} for d in p.values],
    }


def _clause(clause: Clause) -> dict[str, str]:
    return {"id": clause.id, "article": clause.article, "kind": clause.kind, "summary": clause.summary}


def _change(pair: Pair[str]) -> str:
    return "added" if pair.left is None else ("removed" if pair.right is None else "changed")


def check_whole(package: Package, memory: dict[object, Any] | None = None) -> tuple[Problem, ...]:
    """Return every problem of ``package``, errors first; the library is asked for diagrams that keep every rule.

    ``memory`` holds what was found of this package before one of its files changed: the rest is not looked at again.
    """
    known = {} if memory is None else memory
    found = check_package(package, known)
    if not errors_of(found):
        for path, content in package.diagram_files.items():
            if (path, content) not in known:
                known[path, content] = tuple(placed(package, p) for p in refused({path: content}))
            found += known[path, content]
    return tuple(sorted(found, key=lambda p: (p.severity is not Severity.ERROR, p.file, p.element or "")))
