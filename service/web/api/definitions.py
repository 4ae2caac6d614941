"""API routes of published packages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.queries.view_regulation import view_regulation
from service.catalog import Package
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas import DefinitionOut, DefinitionsOut
from service.web.frame.current import the_actor, the_desk
from service.web.frame.names import published


def register(api: Blueprint) -> None:
    """Add the routes."""
    one = "/definitions/<jurisdiction>/<award>"
    add_route(
        api,
        ApiOperation("GET", "/definitions", "definition.view", "List what is published", DefinitionsOut),
        definitions,
    )
    add_route(api, ApiOperation("GET", one, "definition.view", "Get a published package", DefinitionOut), definition)


def definitions() -> dict[str, Any]:
    """List."""
    return {"definitions": [_described(p) for p in published().packages]}


def definition(jurisdiction: str, award: str) -> dict[str, Any]:
    """Get one."""
    return _described(view_regulation(the_desk(), the_actor(), f"{jurisdiction}/{award}", None).package)


def _described(package: Package) -> dict[str, Any]:
    return {
        "key": package.key,
        "version": package.version,
        "jurisdiction": package.jurisdiction.text,
        "award": package.award.text,
        "processes": list(package.award.processes),
    }
