"""API routes of published packages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.queries.public.view_regulation import public_diagram, view_regulation
from service.catalog import Package
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.common import DefinitionOut, DefinitionsOut
from service.web.api.schemas.regulation import PublishedDiagramOut
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
    diagram = f"{one}/diagrams/<process>"
    add_route(
        api,
        ApiOperation("GET", diagram, "definition.view", "Get a published diagram as BPMN", PublishedDiagramOut),
        published_diagram,
    )


def definitions() -> dict[str, Any]:
    """List."""
    return {"definitions": [_described(p) for p in published().packages]}


def definition(jurisdiction: str, award: str) -> dict[str, Any]:
    """Get one."""
    return _described(view_regulation(the_desk(), the_actor(), f"{jurisdiction}/{award}", None).package)


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
        "diagrams": list(package.processes),
    }
