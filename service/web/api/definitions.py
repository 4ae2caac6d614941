"""API routes of published packages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from service.casework.queries.public.view_regulation import public_diagram, view_regulation
from service.catalog import Package
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.common import DefinitionOut, DefinitionsOut
from service.web.api.schemas.regulation import PublishedDiagramOut, RegulationOut
from service.web.frame.page.names import published
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/definitions/<jurisdiction>/<award>"
    add_route(
        api,
        ApiOperation("GET", "/definitions", "definition.view", "List what is published", DefinitionsOut),
        definitions,
    )
    add_route(api, ApiOperation("GET", one, "definition.view", "Get a published package", DefinitionOut), definition)
    steps = {"process": "of which diagram the steps are told; the first when left out"}
    for path, summary, out, query, work in (
        ("regulation", "Get a regulation with what carries its clauses out", RegulationOut, steps, regulation),
        ("diagrams/<process>", "Get a published diagram as BPMN", PublishedDiagramOut, None, published_diagram),
    ):
        add_route(api, ApiOperation("GET", f"{one}/{path}", "definition.view", summary, out, query=query), work)


def definitions() -> dict[str, Any]:
    """List."""
    return {"definitions": [_described(p) for p in published().packages]}


def definition(jurisdiction: str, award: str) -> dict[str, Any]:
    """Get one."""
    return _described(view_regulation(the_desk(), the_actor(), f"{jurisdiction}/{award}", None).package)


def regulation(jurisdiction: str, award: str) -> dict[str, Any]:
    """Get it."""
    view = view_regulation(the_desk(), the_actor(), f"{jurisdiction}/{award}", request.args.get("process"))
    clauses = [
        {"id": clause.id, "article": clause.article, "summary": clause.summary, "carried_out_by": names}
        for clause, names in view.clauses
    ]
    return {
        "law": view.package.law.title,
        "clauses": clauses,
        "diagrams": [{"id": ident, "title": title} for ident, title in view.diagrams],
        "process": view.process,
        "steps": [{"id": ident, "name": name, "clauses": cited} for ident, name, cited in view.steps],
    }


def published_diagram(jurisdiction: str, award: str, process: str) -> dict[str, Any]:
    """Get it."""
    xml = public_diagram(the_desk(), the_actor(), f"{jurisdiction}/{award}", process)
    return {"process": process, "bpmn": xml.decode()}


def _described(package: Package) -> dict[str, Any]:
    return {
        "key": package.key,
        "version": package.version,
        "jurisdiction": package.jurisdiction.text,
        "award": package.award.text,
        "processes": list(package.award.processes),
    }
